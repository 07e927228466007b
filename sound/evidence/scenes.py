"""Songs of a few notes that measurements are made on."""

from song.edits.takes import add_takes
from song.notes import RATE_TICKS, Note, Phrase, Wobble
from song.parts import Part
from song.sections import Constraints, Section, SectionKind, Song, Take, number_sections
from song.time import TICKS_PER_BAR

F2 = 41
"""The pitch of the bass note that wobbles are measured on, 87.3 Hz."""
F2_HZ = 440 * 2 ** ((F2 - 69) / 12)


def held_note(
    rate: str | None,
    shape: str = "triangle",
    depth: float = 0.9,
    tempo_bpm: tuple[float, float] = (140.0, 140.0),
    pitch: int = F2,
) -> Song:
    """A drop of one bass note, held under one wobble for four of its cycles and two bars at least; it has no sub.

    Args:
        rate: one of `song.notes.RATES`; None for no wobble.
        shape: one of `song.notes.SHAPES`.
        depth: 0-1.
        tempo_bpm: at its start and its end.
        pitch: MIDI note number, 0-127.
    """
    bars = max(2, -(-4 * RATE_TICKS[rate] // TICKS_PER_BAR)) if rate else 2
    ticks = bars * TICKS_PER_BAR
    wobbles = (Wobble(0, ticks, rate, depth, shape),) if rate else ()
    phrase = Phrase(bars, (Note(0, pitch, ticks, 120),), wobbles)
    song = Song(title="Held", sub=False, sections=(Section(SectionKind.DROP, bars, Constraints(tempo_bpm=tempo_bpm)),))
    return add_takes(song, 0, Part.BASS, (Take(phrase),))


def short_track(tempo_bpm: float = 140.0, style: str = "dubstep") -> Song:
    """A break, a build and a drop of four bars each, every part in them; half-time drums, a riff that wobbles.

    Args:
        tempo_bpm: 40-300.
        style: one of `song.styles.STYLES`.
    """
    kinds = (SectionKind.BREAK, SectionKind.BUILD, SectionKind.DROP)
    asked = Constraints(tempo_bpm=(tempo_bpm, tempo_bpm))
    song = number_sections(
        Song(title="Short", style={style: 1.0}, sections=tuple(Section(kind, _BARS, asked) for kind in kinds))
    )
    for index, kind in enumerate(kinds):
        for part, notes in _music(kind).items():
            wobbles: tuple[Wobble, ...] = ()
            if part is Part.BASS and kind is SectionKind.DROP:
                rates = ("1/8", "1/4", "1/8T", "1/16")
                wobbles = tuple(Wobble(bar * TICKS_PER_BAR, 240, rate, 0.9) for bar, rate in enumerate(rates))
            song = add_takes(song, index, part, (Take(Phrase(_BARS, tuple(sorted(notes)), wobbles)),))
    return song


_BARS = 4
_KICK, _SNARE, _HAT, _CRASH = 36, 38, 42, 49


def _music(kind: SectionKind) -> dict[Part, list[Note]]:
    """Notes of a section by part; the last beat before the drop is silent."""
    bars = range(_BARS)
    chords = [
        Note(bar * TICKS_PER_BAR, pitch, 360, 80) for bar in bars for pitch in ((53, 56, 60), (49, 53, 56))[bar % 2]
    ]
    lead = [
        Note(bar * TICKS_PER_BAR + at, pitch, 40, 90) for bar in bars for at, pitch in ((0, 77), (96, 75), (240, 72))
    ]
    if kind is SectionKind.BREAK:
        bass = [Note(bar * TICKS_PER_BAR, 41, 300, 70) for bar in bars]
        return {Part.DRUMS: [Note(0, _HAT, 24, 60)], Part.BASS: bass, Part.CHORDS: chords, Part.LEAD: lead[:6]}
    if kind is SectionKind.BUILD:
        end = _BARS * TICKS_PER_BAR - 96
        roll = [Note(tick, _SNARE, 24, 50 + tick * 70 // end) for tick in range(0, end, 48)]
        kept = [note for note in (*chords, *lead) if note.end_tick <= end]
        return {
            Part.DRUMS: roll,
            Part.CHORDS: [note for note in kept if note in chords],
            Part.LEAD: [note for note in kept if note in lead],
        }
    drums = [Note(bar * TICKS_PER_BAR + at, _KICK, 24, 120) for bar in bars for at in (0, 240)]
    drums += [Note(bar * TICKS_PER_BAR + 192, _SNARE, 24, 124) for bar in bars]
    drums += [Note(tick, _HAT, 24, 80 if tick % 96 else 100) for tick in range(48, _BARS * TICKS_PER_BAR, 48)]
    drums.append(Note(0, _CRASH, 24, 110))
    bass = [
        Note(bar * TICKS_PER_BAR + at, 41 - bar % 2, length, 115)
        for bar in bars
        for at, length in ((0, 240), (264, 72))
    ]
    return {Part.DRUMS: drums, Part.BASS: bass, Part.CHORDS: chords, Part.LEAD: lead}
