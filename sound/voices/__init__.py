"""Instruments: notes under a patch become sounding events."""
