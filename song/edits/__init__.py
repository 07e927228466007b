"""Pure edits, from song to song, and the history of them.

Keys, screens and sampling are elsewhere: the app and the model call these functions and get a new song back.
"""
