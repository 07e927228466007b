"""Which drum a track plays by its name or the name of its sample."""

import re

from corpus.drum_map import DRUM_LANES, canonical_drum

_WORDS: tuple[tuple[str, str], ...] = (
    (r"\b(?:snare|snr) ?2", "snare2"),
    (r"clap", "clap"),
    (r"\brim|\bsticks?\b|wood ?block|\bwood ?2?\b", "rim"),
    (r"snare|\bsnr\b|\bsd\b|\bsn\b", "snare"),
    (r"\b(?:pedal|half) (?:hi ?)?hat|hat (?:pedal|half)|\bpedal\b", "pedal"),
    (r"\bride", "ride"),
    (r"\bsplash", "splash"),
    (r"\bchina", "china"),
    (r"\bcrash|cymbal|\bcym\b", "crash"),
    (r"\b(?:hi ?)?hats? ?(?:o|open|opened)\b|\b(?:o|open|opened) ?(?:hi ?)?hat|\bohat|\bhh ?o\b|\boh\b", "open"),
    (r"\b(?:hi ?|c)?hats?\b|\bhh\b|\bch\b", "hat"),
    (r"\b(?:hi|high) ?tom|\btom (?:high|hi)\b", "high-tom"),
    (r"\b(?:floor|lo|low) ?tom|\btom (?:low|lo)\b", "floor-tom"),
    (r"\btoms?\b", "mid-tom"),
    (r"\btamb", "tamb"),
    (r"\bcow ?bell", "cowbell"),
    (r"\bshaker|\bmaraca|\bcabasa", "shaker"),
    (r"\bconga|\bbongo|\bdjembe|\btabla", "conga"),
    (r"\bclave\b", "clave"),
    (r"\bbass ?drum|kick|\bkik\b|\bbd\b", "kick"),
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
