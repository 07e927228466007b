"""Sounds of the synthesizer one by one, for the samplers of other programs."""
