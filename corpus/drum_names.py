"""Which drum a track plays by its name or the name of its sample."""

import re

from corpus.drum_map import DRUM_LANES, canonical_drum

_WORDS: tuple[tuple[str, str], ...] = (
    (r"snare ?2|snr ?2", "snare2"),
    (r"clap", "clap"),
    (r"rim|stick|block", "rim"),
    (r"snare|snr|\bsd\b|\bsn\b", "snare"),
    (r"pedal|half", "pedal"),
    (r"ride", "ride"),
    (r"splash", "splash"),
    (r"china", "china"),
    (r"crash|cymbal|\bcym\b", "crash"),
    (r"(?:hat|hh|hihat).*(?:open|\bo\b|\boh|acc)|open.*hat|\boh\b|ohat|openhat", "open"),
    (r"hat|\bhh\b|\bch\b", "hat"),
    (r"(?:hi|high) ?tom|tom.*(?:high|\bhi\b)", "high-tom"),
    (r"floor|(?:lo|low) ?tom|tom.*low", "floor-tom"),
    (r"\btom|tom\b|toms\b", "mid-tom"),
    (r"tamb", "tamb"),
    (r"cow ?bell", "cowbell"),
    (r"shak|maraca|cabasa", "shaker"),
    (r"conga|bongo|djembe|tabla", "conga"),
    (r"clave", "clave"),
    (r"bass ?drum|kick|\bkik\b|\bbd\b", "kick"),
)
"""Words in the order they are looked for: a rim of a snare is a rim, an open hat is no closed one."""

_PATTERNS = [(re.compile(words), lane) for words, lane in _WORDS]
_NUMBERED = re.compile(r"(\d\d)[ _-]?[a-z]")


def drum_of_name(name: str) -> int | None:
    """The drum of `CANONICAL_DRUMS` that a name such as "Snr_snap", "hihat_closed01" or "46hat_open" means.

    A General MIDI drum number in front is believed first. None where the name means no drum.
    """
    text = name.lower()
    numbered = _NUMBERED.match(text)
    if numbered and 35 <= int(numbered[1]) <= 82:
        return canonical_drum(int(numbered[1]))
    words = " ".join(re.sub(r"[^a-z2]+", " ", text).split())
    return next((DRUM_LANES[lane] for pattern, lane in _PATTERNS if pattern.search(words)), None)
