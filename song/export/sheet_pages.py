"""The sheet of an arrangement as a page that needs nothing else, and as plain text."""

from collections.abc import Iterator, Sequence
from html import escape

from song.export.arrangement import Arrangement
from song.export.bundle_files import BundleFile
from song.export.looks import hex_colour
from song.export.sheet import Sheet, TrackRow, clock, sheet_of
from song.terminal_text import inert
from song.text_width import tabulate

_PAGE_WIDTH, _NAME_WIDTH, _ROW_HEIGHT = 1000, 70, 26
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1060px; margin: 2em auto; padding: 0 1em; color: #23272f;
       background: #fbfaf7 }
h1 { margin-bottom: 0 } h2 { margin-top: 2em; font-size: 1.1em } .facts { color: #666 }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .25em .8em .25em 0;
       border-bottom: 1px solid #e2dfd7; vertical-align: top } td.number { font-variant-numeric: tabular-nums }
td:first-child { white-space: nowrap }
.dot { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .5em }
svg { width: 100%; height: auto } li { margin: .2em 0 }
@media print { body { background: none; margin: 0 } h2 { break-after: avoid } }
"""


def sheet_files(arrangement: Arrangement, stem: str) -> Iterator[BundleFile]:
    """ARRANGEMENT.html and ARRANGEMENT.txt of a bundle whose files bear a name."""
    sheet = sheet_of(arrangement, stem)
    yield BundleFile("ARRANGEMENT.html", _encoded("\n".join(_page(sheet))))
    yield BundleFile("ARRANGEMENT.txt", _encoded("\n".join(_text(sheet)) + "\n"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _page(sheet: Sheet) -> Iterator[str]:
    title = _shown(sheet.title)
    yield f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>"
    yield f'<p class="facts">{_shown(" · ".join(sheet.facts))}</p>'
    yield from _drawing(sheet)
    yield "<h2>Sections</h2>"
    yield from _table(
        ("Bar", "Bars", "Time", "Section", "BPM", "Key", "Chords"),
        (
            (str(row.bar), str(row.bars), clock(row.second), _dot(row.colour) + _shown(row.name), row.tempo,
             _shown(row.key), _shown(row.chords))
            for row in sheet.sections
        ),
    )  # fmt: skip
    yield "<h2>Parts</h2>"
    yield from _table(
        ("Part", "Channel", "Program", "Notes", "Sound that belongs there"),
        (
            (_dot(row.colour) + row.name, str(row.channel), str(row.program), str(row.notes), row.preset)
            for row in sheet.tracks
        ),
    )
    for heading, lines in _chapters(sheet):
        yield f"<h2>{_shown(heading)}</h2>\n<ul>"
        yield from (f"<li>{_shown(line)}</li>" for line in lines)
        yield "</ul>"
    yield "</body>\n</html>\n"


def _chapters(sheet: Sheet) -> Iterator[tuple[str, Sequence[str]]]:
    yield from sheet.steps
    yield "What came out otherwise than asked", sheet.report
    if sheet.credits:
        yield "Whose music the weights learned from", sheet.credits


def _drawing(sheet: Sheet) -> Iterator[str]:
    bars = sum(row.bars for row in sheet.sections)
    if not bars:
        return
    height = _ROW_HEIGHT * (len(sheet.tracks) + 1)
    unit = (_PAGE_WIDTH - _NAME_WIDTH) / bars
    yield f'<svg viewBox="0 0 {_PAGE_WIDTH} {height}" role="img" aria-label="The arrangement" font-size="11">'
    for row in sheet.sections:
        x, width = _NAME_WIDTH + (row.bar - 1) * unit, row.bars * unit
        fill = hex_colour(row.colour)
        yield f'<rect x="{x:.1f}" y="0" width="{width - 1:.1f}" height="{_ROW_HEIGHT - 4}" fill="{fill}"/>'
        shown = row.name[: max(int(width / 7), 0)]
        yield f'<text x="{x + 3:.1f}" y="15">{_shown(shown)}</text>'
    for number, track in enumerate(sheet.tracks, 1):
        y = number * _ROW_HEIGHT
        yield f'<text x="0" y="{y + 15}">{track.name}</text>'
        yield from _bars(track, y, unit)
    yield "</svg>"


def _bars(track: TrackRow, y: int, unit: float) -> Iterator[str]:
    """Bars with notes, neighbours that are as full in one piece."""
    colour, start = hex_colour(track.colour), 0
    for bar in range(1, len(track.fullness) + 1):
        if bar == len(track.fullness) or track.fullness[bar] != track.fullness[start]:
            if track.fullness[start]:
                x, width = _NAME_WIDTH + start * unit, (bar - start) * unit
                yield (
                    f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_ROW_HEIGHT - 4}" fill="{colour}"'
                    f' fill-opacity="{track.fullness[start]:.2f}"/>'
                )
            start = bar


def _table(heads: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield f"<table>\n<tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>"
    yield from (f"<tr>{''.join(f'<td class=number>{cell}</td>' for cell in row)}</tr>" for row in rows)
    yield "</table>"


def _dot(colour: int) -> str:
    return f'<span class="dot" style="background: {hex_colour(colour)}"></span>'


def _shown(words: str) -> str:
    return escape(inert(words))


_SHADES = " .:=#"


def _text(sheet: Sheet) -> Iterator[str]:
    yield inert(sheet.title)
    yield inert(" | ".join(sheet.facts))
    yield ""
    yield from _text_drawing(sheet)
    yield from tabulate(
        ("bar", "bars", "time", "section", "BPM", "key", "chords"),
        [
            (str(row.bar), str(row.bars), clock(row.second), row.name, row.tempo, row.key, row.chords)
            for row in sheet.sections
        ],
    )
    yield ""
    yield from tabulate(
        ("part", "channel", "program", "notes", "sound that belongs there"),
        [(row.name, str(row.channel), str(row.program), str(row.notes), row.preset) for row in sheet.tracks],
    )
    for heading, lines in _chapters(sheet):
        yield ""
        yield heading
        yield from (f"- {inert(line)}" for line in lines)


def _text_drawing(sheet: Sheet) -> Iterator[str]:
    """A line a track and a letter a bar, or so many bars that it is no wider than a screen."""
    bars = sum(row.bars for row in sheet.sections)
    each = max(1, -(-bars // 72))
    heads = [" "] * -(-bars // each)
    for row in sheet.sections:
        place = (row.bar - 1) // each
        name = inert(row.name) if inert(row.name).isascii() else row.tempo
        for at, letter in enumerate(name[: max(1, row.bars // each - 1)]):
            if place + at < len(heads):
                heads[place + at] = letter
    yield f"{'':8}{''.join(heads)}".rstrip()
    for track in sheet.tracks:
        cells = [max(track.fullness[at : at + each]) for at in range(0, bars, each)]
        shades = "".join(_SHADES[round(cell * (len(_SHADES) - 1))] for cell in cells)
        yield f"{track.name:8}{shades}".rstrip()
    yield f"{'':8}a letter is {each} bar{'s' if each > 1 else ''}; . : = # are how full it is"
    yield ""
