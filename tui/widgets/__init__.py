"""What the screens are made of: widgets that are given a `tui.view.View` and draw it."""
