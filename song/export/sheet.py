"""The arrangement as a sheet to read beside another program: sections, parts, steps of import, what came out otherwise.

Only what is said; `song.export.sheet_pages` makes a page and a text of it.
"""

from collections.abc import Iterator

import msgspec

from song.checks import check_phrase
from song.errors import UserError
from song.export.arrangement import Arrangement, Stretch
from song.export.flp.events import FL_VERSION
from song.export.looks import KIND_COLOURS, PRESETS, TRACK_COLOURS
from song.harmony import parse_progression
from song.parts import PARTS
from song.scales import parse_key
from song.time import TICKS_PER_BAR, seconds

_LOUD_HITS = 12


class SectionRow(msgspec.Struct, frozen=True):
    """A section: its first bar from 1, its bars, second, name, colour (red highest), tempo, key and chords in words."""

    bar: int
    bars: int
    second: float
    name: str
    colour: int
    tempo: str
    key: str
    chords: str


class TrackRow(msgspec.Struct, frozen=True):
    """A track.

    Attributes:
        name: its name.
        channel: from 1, as other programs count.
        program: General MIDI program, from 1.
        preset: words on the sound that belongs there.
        colour: red in the highest byte.
        notes: how many it has.
        fullness: for each bar of the song how full it is, 0-1; 0 is silent.
    """

    name: str
    channel: int
    program: int
    preset: str
    colour: int
    notes: int
    fullness: tuple[float, ...]


class Sheet(msgspec.Struct, frozen=True):
    """All that the sheet says; steps, report and credits are headings with lines."""

    title: str
    facts: tuple[str, ...]
    sections: tuple[SectionRow, ...]
    tracks: tuple[TrackRow, ...]
    steps: tuple[tuple[str, tuple[str, ...]], ...]
    report: tuple[str, ...]
    credits: tuple[str, ...]


def sheet_of(arrangement: Arrangement, stem: str = "TITLE") -> Sheet:
    """The sheet of a song.

    Args:
        arrangement: the song.
        stem: the name of the files that its steps speak of.
    """
    song = arrangement.song
    length = seconds(arrangement.tempi, song.length_ticks)
    style = ", ".join(f"{name} {share:.0%}" if share < 1 else name for name, share in song.style.items())
    return Sheet(
        title=song.title,
        facts=(f"{song.bars} bars, {clock(length)}", f"key {song.key}", f"style {style}", f"seed {song.seed}"),
        sections=tuple(_section(arrangement, stretch) for stretch in arrangement.stretches),
        tracks=tuple(_track(arrangement, index) for index in range(len(arrangement.tracks))),
        steps=tuple((heading, tuple(line.replace("TITLE", stem) for line in lines)) for heading, lines in _STEPS),
        report=tuple(_report(arrangement)) or ("Everything came out as it was asked for, and no run was copied.",),
        credits=arrangement.credits,
    )


def clock(second: float) -> str:
    """Seconds as minutes and seconds: "1:05"."""
    minutes, rest = divmod(int(second), 60)
    return f"{minutes}:{rest:02}"


def _section(arrangement: Arrangement, stretch: Stretch) -> SectionRow:
    constraints = stretch.section.constraints
    first, last = constraints.tempo_bpm
    return SectionRow(
        bar=stretch.start_bar + 1,
        bars=stretch.section.bars,
        second=seconds(arrangement.tempi, stretch.start_tick),
        name=stretch.name,
        colour=KIND_COLOURS[stretch.section.kind],
        tempo=f"{first:g}" if first == last else f"{first:g} to {last:g}",
        key=stretch.key,
        chords=_chords(constraints.chords, stretch.key),
    )


def _chords(numerals: str | None, key: str) -> str:
    if numerals is None:
        return "free"
    try:
        return " ".join(chord.name for chord in parse_progression(numerals, parse_key(key)))
    except UserError:
        return numerals


def _track(arrangement: Arrangement, index: int) -> TrackRow:
    track = arrangement.tracks[index]
    onsets = [0] * arrangement.song.bars
    for note in track.notes:
        onsets[note.onset_tick // TICKS_PER_BAR] += 1
    full = tuple(min(1.0, 0.25 + 0.75 * count / _LOUD_HITS) if count else 0.0 for count in onsets)
    return TrackRow(
        name=track.name,
        channel=track.channel + 1,
        program=track.program + 1,
        preset=PRESETS[track.name],
        colour=TRACK_COLOURS[track.name],
        notes=len(track.notes),
        fullness=full,
    )


def _report(arrangement: Arrangement) -> Iterator[str]:
    """Constraints that are not met, then runs that are in the training set too."""
    song = arrangement.song
    for index, stretch in enumerate(arrangement.stretches):
        for part in PARTS:
            phrase = stretch.section.cell(part).phrase
            if phrase is None:
                yield f"{stretch.name}, {part}: empty"
                continue
            gap, style = song.gap_after(index), song.style_of(index)
            for finding in check_phrase(stretch.section, part, phrase, stretch.key, gap, style):
                if not finding.met:
                    yield f"{stretch.name}, {part}: {finding.name} asked {finding.asked}, got {finding.got}"
    for stretch in arrangement.stretches:
        for part in PARTS:
            take = stretch.section.cell(part).take
            if take is not None and take.copied_notes:
                yield (
                    f"{stretch.name}, {part}: its longest run that is in the training set too has {take.copied_notes} "
                    f"notes, from {take.copied_from}"
                )


_STEPS = (
    (
        "FL Studio: open the project",
        (
            f"File > Open TITLE.flp. It says it is from FL Studio {FL_VERSION}, and was not tried in FL Studio itself.",
            "Every part is a sampler, named for what belongs there, with its sound from samples/ where that folder is "
            "beside the project: drag your own sample or a plugin onto each.",
            "Drums have a channel each and their notes on C5, so that a sample sounds as it is.",
            "The wobble is mod X of each bass note and an automation clip linked to mod X of the bass channel.",
            "The kick's mixer track is routed to those of the other parts without a level: put a compressor or Fruity "
            "Limiter there and choose it as the side-chain input.",
        ),
    ),
    (
        "FL Studio: import the MIDI file instead",
        (
            "File > Import > MIDI file, TITLE.mid. Untick Realign events: it strips the silence before a part begins.",
            "Tick Create one channel per track, Start new project and Import time signatures.",
            "Tempo changes may not arrive: Tempo.csv has each with its bar; right-click the tempo > Create automation.",
            "For single patterns, drop files of clips/ on a channel, or open files of scores/ in its piano roll.",
            "dropsmith.pyscript goes to Documents/Image-Line/FL Studio/Settings/Piano roll scripts.",
        ),
    ),
    (
        "FL Studio: automation from a file",
        (
            "Right-click the knob > Edit events, then its menu > Import MIDI file: automation/ has one a controller.",
            "CC 74 is the cutoff of the bass (127 open), CC 1 the depth of its wobble.",
        ),
    ),
    (
        "Bitwig Studio, Studio One, Cubase, REAPER, others",
        (
            "Open TITLE.dawproject in Bitwig Studio 5.0.9, Studio One 6.5 or Cubase 14 or later, TITLE.rpp in REAPER.",
            "Anything else imports TITLE.mid: a track and a channel a part, markers, tempo, CC 74 and CC 1.",
            "SIDECHAIN.mid has the kick's hits alone, for a ghost kick.",
        ),
    ),
    (
        "Back into Dropsmith",
        ("dropsmith open takes TITLE.mid, TITLE.flp, TITLE.dawproject; TITLE.drop is the song with all its takes.",),
    ),
)
