"""A song made ready to be heard while it is worked on: section by section, rendered ahead, and kept."""
