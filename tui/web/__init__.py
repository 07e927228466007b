"""The page of `dropsmith serve`; who is let in to it is told by `sound.listening`, whose page shares that."""
