"""Export from the command line and from the app: what is chosen, whose music is credited, and how it is told."""
