"""Playing a song as it is worked on: a process of its own, what it renders ahead, and the card."""
