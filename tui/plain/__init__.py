"""The app without a screen: typed lines in, told changes out."""
