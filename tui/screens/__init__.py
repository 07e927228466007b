"""The app's screens, one module and one stylesheet each; the main screen's actions are in groups of their own."""
