"""The kinds of files that are hard to open, each made here, with what has to come out: `docs/READING.md` shows them.

`python -m tests.corpus_tests.reading_kinds` writes that page anew; a test holds it against what is opened.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import mido

from corpus.track_accounts import account_lines
from song.errors import UserError
from song.parts import PARTS
from tests.corpus_tests.made_midi import (
    BAR,
    Events,
    bass,
    drums,
    lead,
    marker,
    meter,
    midi,
    played,
    raw_midi,
    tempo,
)
from tests.places import ROOT
from tui.midi_import import ImportedSong, import_song

PAGE = ROOT / "docs" / "READING.md"


class Kind(NamedTuple):
    """A kind of file.

    Attributes:
        name: what is hard about it.
        held: what is in it, in words.
        data: its bytes.
        out: what opening gives, as `outcome` words it.
        suffix: how its name ends.
    """

    name: str
    held: str
    data: Callable[[], bytes]
    out: str
    suffix: str = ".mid"


def outcome(path: Path) -> str:
    """The form, key, tempo, notes and lines that opening a file gives, in a line."""
    try:
        imported = import_song(path)
    except UserError as error:
        return str(error).removeprefix(f"cannot open {path.name}: ")
    return "; ".join([_form(imported), _parts(imported), *_told(imported)])


def _form(imported: ImportedSong) -> str:
    song = imported.song
    form = ", ".join(f"{name} {one.bars}" for name, one in zip(song.section_names(), song.sections, strict=True))
    tempi = dict.fromkeys(f"{start:g}" if start == end else f"{start:g}-{end:g}"
                          for start, end in (one.constraints.tempo_bpm for one in song.sections))  # fmt: skip
    return f"{form}; {song.key}, {' '.join(tempi)} BPM"


def _parts(imported: ImportedSong) -> str:
    found = []
    for part in PARTS:
        takes = [section.cell(part).takes for section in imported.song.sections]
        first = sum(len(one[0].phrase.notes) for one in takes if one)
        spare = sum(len(take.phrase.notes) for one in takes for take in one[1:])
        if first or spare:
            found.append(f"{part.value} {first}{f' + {spare} spare' if spare else ''}")
    return ", ".join(found)


def _told(imported: ImportedSong) -> list[str]:
    tracks = [
        f"{track.name}: {', '.join([*(f'{loss.notes} {loss.why}' for loss in track.losses), *track.told])}"
        for track in imported.account.tracks
        if track.losses or track.told
    ]
    return [*tracks, *imported.account.told]


def _band(bars: int, start: int = 0) -> list[Events]:
    return [drums(bars, start), bass(bars, start), lead(bars, start)]


def _one(name: str, pitch: int, bars: int = 8, every: int = 96, channel: int = 0) -> Events:
    return played([(tick, 24, pitch) for tick in range(0, bars * BAR, every)], channel, None, name)


def _joined(*parts: list[Events]) -> list[Events]:
    return [[event for events in same for event in events] for same in zip(*parts, strict=True)]


def _control(number: int, value: int, tick: int = 0, channel: int = 0) -> tuple[int, mido.Message]:
    return tick, mido.Message("control_change", channel=channel, control=number, value=value)


def _sysex(*data: int) -> tuple[int, mido.Message]:
    return 0, mido.Message("sysex", data=data)


def _tracks(count: int) -> list[Events]:
    """Leads that play at once."""
    return [
        lead(4, channel=2 + index, name=f"Lead {index + 1}", pitches=(69 + index, 72 + index)) for index in range(count)
    ]


def _project(song: str, head: str = '<bpm id="78" value="140"/>', meter: str = 'timesig_numerator="4"') -> bytes:
    return (
        '<?xml version="1.0"?><lmms-project version="30" type="song">'
        f'<head {meter} timesig_denominator="4">{head}</head>'
        f"<song><trackcontainer>{song}</trackcontainer></song></lmms-project>"
    ).encode()


def _synth(clips: str, name: str = "Lead", more: str = "") -> str:
    return (
        f'<track type="0" name="{name}" muted="0"><instrumenttrack basenote="69" usemasterpitch="1">'
        f'<instrument name="tripleoscillator"><tripleoscillator/></instrument>{more}</instrumenttrack>{clips}</track>'
    )


def _notes(count: int, every: int = 48) -> str:
    return "".join(f'<note pos="{index * every}" len="24" key="{60 + index % 8}" vol="100"/>' for index in range(count))


_CLIP = f'<midiclip pos="0" len="768">{_notes(16)}</midiclip>'
_TEMPO_CLIP = (
    '<track type="5"><automationclip pos="0" len="768" mute="{}">'
    '<time pos="0" value="174"/><object id="78"/></automationclip></track>'
)
_PATTERN = (
    '<track type="1" name="Pattern"><patterntrack><trackcontainer><track type="0" name="Kick">'
    '<instrumenttrack basenote="69"><instrument name="kicker"><kicker/></instrument></instrumenttrack>'
    '<midiclip type="0" pos="0" len="192" steps="16"><note pos="0" len="-192" key="69" vol="100"/></midiclip>'
    '</track></trackcontainer></patterntrack><patternclip pos="0" len="768" off="-96"/></track>'
)
_ODD_BAR = [meter(0, 4), meter(8 * BAR, 2), meter(8 * BAR + 192, 4)]
_TWO_NOTES = b"\0\x90\x40\x40\x60\x80\x40\0\0\x90\x43\x40\x60\x80\x43\0\0\xff\x2f\0"
_ARPEGGIO = '<arpeggiator arp-enabled="1"/>'

KINDS: tuple[Kind, ...] = (
    Kind(
        "one bar of 2/4 between 4/4",
        "8 bars of 4/4, one of 2/4, 8 of 4/4; markers Intro, Drop",
        lambda: midi(
            [*_ODD_BAR, marker(0, "Intro"), marker(8 * BAR + 192, "Drop")],
            *_joined(_band(8), _band(8, 8 * BAR + 192)),
        ),
        "INTRO 8, DROP 8; A minor, 120 BPM; drums 192, bass 128, lead 64; "
        "only its bars of 4/4 were taken, not the bars in 2/4: bar 9 in 2/4",
    ),
    Kind(
        "notes in such a bar",
        "the same with 2 lead notes in the bar of 2/4",
        lambda: midi(
            _ODD_BAR,
            lead(8) + played([(8 * BAR, 80, 70), (8 * BAR + 96, 80, 71)], 2) + lead(8, 8 * BAR + 192),
        ),
        "BREAK 16; A minor, 120 BPM; lead 64; Lead: 2 in bars that are not 4/4; "
        "only its bars of 4/4 were taken, not the bars in 2/4: bar 9 in 2/4",
    ),
    Kind(
        "2/4 throughout",
        "16 bars of 2/4",
        lambda: midi([meter(0, 2)], *_band(8)),
        ("BREAK 8; A minor, 120 BPM; drums 96, bass 64, lead 32; its bars in 2/4 are written as 4/4"),
    ),
    Kind(
        "8/4 throughout",
        "4 bars of 8/4",
        lambda: midi([meter(0, 8)], *_band(8)),
        ("BREAK 8; A minor, 120 BPM; drums 96, bass 64, lead 32; its bars in 8/4 are written as 4/4"),
    ),
    Kind(
        "a pickup of 1/4",
        "a bar of 1/4 with a note, then 4 bars of 4/4",
        lambda: midi([meter(0, 1), meter(96, 4)], played([(0, 80, 71)], 2, 81, "Lead") + lead(4, 96)),
        "BREAK 5; A minor, 120 BPM; lead 17; a pickup of 1 quarters (1/4) ends its first bar",
    ),
    Kind(
        "3/4",
        "8 bars of 3/4",
        lambda: midi([meter(0, 3)], lead(6)),
        "it is in 3/4: only 4/4 music is taken in, and bars 1-8 in 3/4 are its larger part",
    ),
    Kind(
        "3/4 in the smaller part",
        "8 bars of 4/4, 2 of 3/4",
        lambda: midi(
            [meter(0, 4), meter(8 * BAR, 3)], lead(8) + played([(8 * BAR, 80, 60), (8 * BAR + 288, 80, 60)], 2)
        ),
        (
            "BREAK 8; A minor, 120 BPM; lead 32; Lead: 2 in bars that are not 4/4; only its bars "
            "of 4/4 were taken, not the bars in 3/4: bars 9-10 in 3/4"
        ),
    ),
    Kind(
        "a channel a drum, as FL Studio exports",
        "Kick, Snare, Clap, Closed Hat, all on C5 (60); a bass, a lead",
        lambda: midi(
            [meter(0, 4)],
            _one("Kick", 60),
            _one("Snare", 60, every=192),
            _one("Clap", 60, every=384),
            _one("Closed Hat", 60, every=48),
            bass(8),
            lead(8),
        ),
        (
            "BREAK 8; A minor, 120 BPM; drums 120, bass 64, lead 32; Kick: written as kick (36), "
            "from 60; Snare: written as snare (38), from 60; Clap: written as clap (39), from "
            "60; Closed Hat: written as hat (42), from 60"
        ),
    ),
    Kind(
        "named drums on General MIDI pitches",
        "Kick on 36, Snare on 38, Hi-Hat on 42, no channel 10",
        lambda: midi(
            [meter(0, 4)], _one("Kick", 36), _one("Snare", 38, every=192), _one("Hi-Hat", 42, every=48), lead(8)
        ),
        "BREAK 8; A minor, 120 BPM; drums 112, lead 32",
    ),
    Kind(
        "an unnamed clip of drums",
        "36, 38, 42 and 46 on channel 1, without a name",
        lambda: midi(
            [meter(0, 4)], drums(8, channel=0, name="") + played([(bar * BAR + 336, 24, 46) for bar in range(8)])
        ),
        "BREAK 8; F minor, 120 BPM; drums 104",
    ),
    Kind(
        "unnamed drums, a track each",
        "36, 38 and 42 on tracks of their own, without names",
        lambda: midi([meter(0, 4)], _one("", 36), _one("", 38, every=192), _one("", 42, every=48)),
        "BREAK 8; F minor, 120 BPM; drums 112",
    ),
    Kind(
        "an XG kit",
        "bank 127 on channel 11",
        lambda: midi([_control(0, 127, channel=10)], drums(8, channel=10, name="ch11"), bass(8)),
        "BREAK 8; A minor, 120 BPM; drums 96, bass 64",
    ),
    Kind(
        "a GM2 kit",
        "bank 120 on channel 4",
        lambda: midi([_control(0, 120, channel=3)], drums(8, channel=3, name="x"), bass(8)),
        "BREAK 8; A minor, 120 BPM; drums 96, bass 64",
    ),
    Kind(
        "a GS kit",
        "“use for rhythm part” for channel 12",
        lambda: midi(
            [_sysex(0x41, 0x10, 0x42, 0x12, 0x40, 0x1B, 0x15, 0x02, 0x0E)],
            played([(t, 24, p) for t in range(0, 8 * BAR, 96) for p in (36, 49)], 11, None, "x"),
            bass(8),
        ),
        "BREAK 8; A minor, 120 BPM; drums 64, bass 64",
    ),
    Kind(
        "programs that change",
        "a lead of two programs in turn",
        lambda: midi(
            [meter(0, 4)],
            [*lead(8, name="Lead"), (2 * BAR, mido.Message("program_change", channel=2, program=29))],
            drums(8),
        ),
        "BREAK 8; A minor, 120 BPM; drums 96, lead 32; Lead: 2 programs, one track",
    ),
    Kind(
        "a lead of one pitch",
        "32 notes of 72 named Lead, drums, bass",
        lambda: midi([meter(0, 4)], drums(8), bass(8), lead(8, pitches=(72,))),
        "BREAK 8; A minor, 120 BPM; drums 96, bass 64, lead 32",
    ),
    Kind(
        "more tracks than parts",
        "three leads that play at once",
        lambda: midi([meter(0, 4)], *_tracks(3)),
        "BREAK 4; A minor, 120 BPM; lead 16 + 32 spare",
    ),
    Kind(
        "tracks that take turns",
        "a lead of bars 1-4, another of bars 5-8",
        lambda: midi([meter(0, 4)], lead(4), lead(4, 4 * BAR, channel=3, name="Lead 2")),
        "BREAK 8; A minor, 120 BPM; lead 32",
    ),
    Kind(
        "a marker too early",
        "Drop 3 ticks before bar 9, Outro 10 before bar 17",
        lambda: midi([marker(0, "Intro"), marker(8 * BAR - 3, "Drop"), marker(16 * BAR - 10, "Outro")], *_band(20)),
        "INTRO 8, DROP 8, OUTRO 4; A minor, 120 BPM; drums 240, bass 160, lead 80",
    ),
    Kind(
        "several markers in a bar",
        "“loud” and “Drop” at bar 9",
        lambda: midi([marker(0, "Intro"), marker(8 * BAR, "loud"), marker(8 * BAR, "Drop")], *_band(16)),
        (
            "INTRO 8, DROP 8; A minor, 120 BPM; drums 192, bass 128, lead 64; markers that name "
            'no section are left out: "loud"'
        ),
    ),
    Kind(
        "cue points",
        "Intro and Drop as cue points",
        lambda: midi([marker(0, "Intro", "cue_marker"), marker(8 * BAR, "Drop", "cue_marker")], *_band(16)),
        "INTRO 8, DROP 8; A minor, 120 BPM; drums 192, bass 128, lead 64",
    ),
    Kind(
        "a credit",
        "one marker at bar 1, drums from bar 9 on",
        lambda: midi([marker(0, "Converted by nobody")], drums(8, 8 * BAR), bass(16), lead(16)),
        (
            "BREAK 16; A minor, 120 BPM; drums 96, bass 128, lead 64; markers that name no "
            'section are left out: "Converted by nobody"'
        ),
    ),
    Kind(
        "markers that end in NUL",
        "“Intro\\0”, “Drop\\0”",
        lambda: midi([marker(0, "Intro\0"), marker(4 * BAR, "Drop\0")], *_band(8)),
        "INTRO 4, DROP 4; A minor, 120 BPM; drums 96, bass 64, lead 32",
    ),
    Kind(
        "long chords",
        "four chords of four bars",
        lambda: midi(
            [], played([(bar * BAR, 4 * BAR, pitch) for bar in (0, 4, 8, 12) for pitch in (57, 60, 64)], 1, 90, "Pad")
        ),
        "BREAK 16; A minor, 120 BPM; chords 12",
    ),
    Kind(
        "a track that ends late",
        "4 bars of lead, all tracks end with bar 8",
        lambda: midi([], lead(4), end=8 * BAR),
        "BREAK 8; A minor, 120 BPM; lead 16",
    ),
    Kind(
        "a key signature",
        "F minor, over C, F and Bb",
        lambda: midi(
            [(0, mido.MetaMessage("key_signature", key="Fm"))],
            played([(i * 96, 80, p) for i, p in enumerate((36, 41, 46, 41) * 8)], 0, 38, "Bass"),
        ),
        "BREAK 8; F minor, 120 BPM; bass 32",
    ),
    Kind(
        "tempo 0",
        "140 BPM, then a tempo event of 0",
        lambda: midi([tempo(0, 140), (BAR, mido.MetaMessage("set_tempo", tempo=0))], lead(4)),
        ("BREAK 4; A minor, 140 BPM; lead 16; 1 tempo events of 0 or without a value are left out"),
    ),
    Kind(
        "an empty tempo event",
        "FF 51 00",
        lambda: raw_midi(b"\0\xff\x51\0" + _TWO_NOTES),
        "BREAK 1; E minor, 120 BPM; lead 2; 1 tempo events of 0 or without a value are left out",
    ),
    Kind(
        "3.58 BPM",
        "the slowest that MIDI has",
        lambda: midi([(0, mido.MetaMessage("set_tempo", tempo=0xFFFFFF))], lead(4)),
        ("BREAK 4; A minor, 40 BPM; lead 16; its tempo of 3.58 BPM is outside 40-300: 40 is written"),
    ),
    Kind(
        "1,000 BPM",
        "",
        lambda: midi([tempo(0, 1000)], lead(4)),
        ("BREAK 4; A minor, 300 BPM; lead 16; its tempo of 1000 BPM is outside 40-300: 300 is written"),
    ),
    Kind(
        "a header of 8 bytes",
        "two bytes more than the standard has",
        lambda: raw_midi(_TWO_NOTES, header=b"\0\0"),
        "BREAK 1; E minor, 120 BPM; lead 2",
    ),
    Kind("karaoke", "a .kar file", lambda: midi([], lead(4)), "BREAK 4; A minor, 120 BPM; lead 16", ".kar"),
    Kind(
        "RIFF", "MIDI wrapped as .rmi", lambda: _riff(midi([], lead(4))), "BREAK 4; A minor, 120 BPM; lead 16", ".rmi"
    ),
    Kind(
        "notes of no length",
        "16 notes, 2 more of no ticks",
        lambda: midi(
            [],
            [
                *lead(4),
                (0, mido.Message("note_on", channel=2, note=80, velocity=9)),
                (0, mido.Message("note_on", channel=2, note=80, velocity=0)),
                (96, mido.Message("note_on", channel=2, note=81, velocity=9)),
                (96, mido.Message("note_on", channel=2, note=81, velocity=0)),
            ],
        ),
        "BREAK 4; A minor, 120 BPM; lead 18; Lead: 2 of no length, a tick long now",
    ),
    Kind(
        "a sustain pedal",
        "CC 64 down at bar 1",
        lambda: midi([], [*lead(4), _control(64, 127, 0, 2), _control(64, 0, BAR, 2)]),
        ("BREAK 4; A minor, 120 BPM; lead 16; Lead: the sustain pedal (CC 64) lengthens nothing: pressed 1 times"),
    ),
    Kind(
        "another resolution",
        "480 ticks a quarter, each note 7 ticks late",
        lambda: midi(
            [], [(tick * 5 + 7 * (message.type != "track_name"), message) for tick, message in lead(4)], division=480
        ),
        (
            "BREAK 4; A minor, 120 BPM; lead 16; 16 of 16 notes begin between two ticks of 96 a "
            "quarter: moved to the nearest"
        ),
    ),
    Kind(
        "LMMS 1.3: a clip that shows a part",
        "16 notes, off -384, autoresize 0, 2 bars seen",
        lambda: _project(_synth(f'<midiclip pos="0" len="384" off="-384" autoresize="0">{_notes(16)}</midiclip>')),
        "BREAK 2; C major, 140 BPM; lead 8",
        ".mmp",
    ),
    Kind(
        "LMMS 1.3: a pattern clip that is moved",
        "a kick on 1, off -96 (two beats)",
        lambda: _project(_PATTERN),
        "BREAK 4; F minor, 140 BPM; drums 4",
        ".mmp",
    ),
    Kind(
        "LMMS: muted tempo automation",
        "140, muted automation to 174",
        lambda: _project(_synth(_CLIP) + _TEMPO_CLIP.format(1)),
        "BREAK 4; C major, 140 BPM; lead 16",
        ".mmp",
    ),
    Kind(
        "LMMS: tempo automation",
        "140, automation to 174",
        lambda: _project(_synth(_CLIP) + _TEMPO_CLIP.format(0)),
        "BREAK 4; C major, 174 BPM; lead 16",
        ".mmp",
    ),
    Kind(
        "LMMS: an automated meter",
        "4/4, automation to 3",
        lambda: _project(
            _synth(_CLIP) + _TEMPO_CLIP.format(0).replace("174", "3").replace("78", "9"),
            '<timesig_numerator id="9" value="4"/>',
            "",
        ),
        "it goes to 3/4, by automation: only 4/4 music is taken in",
        ".mmp",
    ),
    Kind(
        "LMMS: only arpeggiators",
        "16 notes under an arpeggiator",
        lambda: _project(_synth(_CLIP, "arp", _ARPEGGIO)),
        "tracks left out, because an arpeggiator or chord stacker plays them: arp",
        ".mmp",
    ),
    Kind(
        "LMMS: an arpeggiator beside a lead",
        "the same, and a lead",
        lambda: _project(_synth(_CLIP) + _synth(_CLIP, "arp", _ARPEGGIO)),
        (
            "BREAK 4; C major, 140 BPM; lead 16; arp: 16 played by an arpeggiator or chord "
            "stacker: freeze it into notes first; tracks left out, because an arpeggiator or "
            "chord stacker plays them: arp"
        ),
        ".mmp",
    ),
)


def _riff(data: bytes) -> bytes:
    body = b"RMID" + b"data" + len(data).to_bytes(4, "little") + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def page() -> str:
    """The page: a row for each kind, with what opening it gives now."""
    lines = [
        "# What comes in",
        "",
        (
            "Kinds of files that are hard to open, and what opening each gives: sections with "
            "their bars, key, tempo, the"
        ),
        (
            "notes of each part, and what is told. Written by `python -m "
            "tests.corpus_tests.reading_kinds`, on files that it"
        ),
        "makes itself; a test holds the page against what is opened.",
        "",
        (
            "A track that plays beside another of its part and does not fit into it comes as a "
            "spare take of the same cell."
        ),
        "",
        "| kind | in it | out of it |",
        "|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            path = Path(folder, f"song{kind.suffix}")
            path.write_bytes(kind.data())
            lines.append(f"| {kind.name} | {kind.held} | {outcome(path).replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def account_of(path: Path) -> list[str]:
    """The lines of the account of an opened file."""
    return account_lines(import_song(path).account)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
