"""LMMS projects written here as XML."""

import zlib

DOCTYPE = '<?xml version="1.0"?>\n<!DOCTYPE lmms-project>\n'
HEAD = '<head bpm="140" timesig_numerator="4" timesig_denominator="4" masterpitch="0"/>'


def project(tracks, head=HEAD, version="1.0", outside=""):
    container = f"<song><trackcontainer>{tracks}</trackcontainer>{outside}</song>"
    return f'{DOCTYPE}<lmms-project version="{version}" type="song">{head}{container}</lmms-project>'.encode()


def packed(text):
    return len(text).to_bytes(4, "big") + zlib.compress(text)


def instrument(name="tripleoscillator", settings="", base=57, extra=""):
    inside = f'<instrument name="{name}"><{name} {settings}/></instrument>'
    return f'<instrumenttrack basenote="{base}" usemasterpitch="1">{inside}{extra}</instrumenttrack>'


def track(clips, name="synth", played=None, muted=0, more=""):
    return f'<track type="0" name="{name}" muted="{muted}" {more}>{played or instrument()}{clips}</track>'


def clip(*notes, pos=0, tag="pattern", more='muted="0" type="1"'):
    rows = "".join(f'<note pos="{at}" len="{length}" key="{key}" vol="{vol}"/>' for at, length, key, vol in notes)
    return f'<{tag} pos="{pos}" {more}>{rows}</{tag}>'


TUNE = clip((0, 48, 57, 100), (48, 24, 60, 70))
