"""The page of `dropsmith serve`, who is let in to it, and how much of the machine a tab may take."""
