"""Every cell of a song as plain data for the report of `compose`: what was asked beside what its take does."""

from typing import Any

from song.notes import Phrase, Wobble
from song.parts import Part
from song.sections import Song


def describe_sections(song: Song) -> list[dict[str, Any]]:
    """The sections in order: name, kind, start_bar (from 0), bars, tempo as [start, end] in BPM, key, chords.

    Chords are numerals as in a plan, null where harmony is free; chord_beats is the length of each.
    """
    return [
        {
            "name": name,
            "kind": section.kind.value,
            "start_bar": start,
            "bars": section.bars,
            "tempo": list(section.constraints.tempo_bpm),
            "key": song.key_of(index),
            "chords": section.constraints.chords,
            "chord_beats": section.constraints.chord_beats,
        }
        for index, (name, start, section) in enumerate(
            zip(song.section_names(), song.start_bars(), song.sections, strict=True)
        )
    ]


def describe_cells(song: Song) -> list[dict[str, Any]]:
    """Every cell, silent ones too: onsets a bar requested and achieved, wobble rates allowed and used, and the depth.

    A wobble over silence is not heard and not counted. The depth is the deepest, or 0.0 where there is none. A take
    says what it was sampled with, how surprising the model found it, what the critic made of it, and what it shared
    with the training set.
    """
    starts = song.start_bars()
    cells = []
    for index, part in song.cell_refs():
        section = song.sections[index]
        take = section.cell(part).take
        phrase = take.phrase if take is not None else None
        wobbles = _heard_wobbles(phrase) if phrase is not None and part is Part.BASS else ()
        cells.append(
            {
                "section": index,
                "kind": section.kind.value,
                "part": part.value,
                "start_bar": starts[index],
                "bars": section.bars,
                "onsets_per_bar": {
                    "requested": section.constraints.requested_onsets(part),
                    "achieved": phrase.onset_count() / section.bars if phrase is not None else 0.0,
                },
                "wobble": {
                    "allowed": list(section.constraints.wobble.rates) if part is Part.BASS else [],
                    "used": sorted({wobble.rate for wobble in wobbles}),
                    "depth": max((wobble.depth for wobble in wobbles), default=0.0),
                },
                "take": {
                    "seed": take.seed,
                    "nats_per_note": take.nats_per_note,
                    "critic": take.critic,
                    "copied_notes": take.copied_notes,
                    "copied_from": take.copied_from,
                }
                if take is not None
                else None,
            }
        )
    return cells


def _heard_wobbles(phrase: Phrase) -> list[Wobble]:
    return [
        wobble
        for wobble in phrase.wobbles
        if any(note.onset_tick < wobble.end_tick and wobble.onset_tick < note.end_tick for note in phrase.notes)
    ]
