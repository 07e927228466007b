"""Everything the user meets. May import song, corpus, sound, and of model only protocol and engine_client."""
