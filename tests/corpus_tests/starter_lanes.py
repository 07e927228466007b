"""Phrases of the starter notation, out of a few lanes."""

from corpus.starter.phrases import parse_phrases

HEAD = "kinds = drop\nstyles = dubstep\nenergy = 0.5\ntempo = 140\n"


def only(text):
    phrases, mistakes = parse_phrases(text)
    assert mistakes == []
    return phrases[0]


def drums(*lanes, settings=""):
    return only(f"[drums d]\n{HEAD}{settings}" + "\n".join(lanes)).phrase


def bass(*lanes, settings=""):
    return only(f"[bass b]\n{HEAD}{settings}" + "\n".join(lanes)).phrase
