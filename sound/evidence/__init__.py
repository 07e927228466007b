"""Measurements of the sound, its pictures, and docs/SOUND.md."""
