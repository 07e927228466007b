"""Widgets of the main screen, which draw a `tui.view.View`; and the lines, pictures and layouts that they draw."""
