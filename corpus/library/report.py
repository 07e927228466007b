"""`docs/CORPUS.md` as Markdown: the music to learn from and the files refused, from `corpus.library.tally`."""

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console

from corpus.analysis.repeats import LABELS, RepeatShares
from corpus.library.accounts import UNNAMED_KIND
from corpus.library.tally import UNKNOWN_STYLE, Tally
from song.parts import PARTS, Part
from song.sections import SectionKind
from song.styles import STYLES
from song.terminal_text import inert

_WIDTH = 110
_FEWEST_BARS = 150


def report(tally: Tally, repeats: Sequence[RepeatShares], phrases: int, variety: str) -> str:
    """The account of a library and the starter set as a Markdown page, without any path of the machine.

    Args:
        tally: counts over both.
        repeats: how bars repeat in what is learned from.
        phrases: how many the starter set has.
        variety: the starter set's variety report, as plain text.
    """
    refused = [(source, name, why) for source, name, became, why in tally.reasons if became != "partly taken"]
    partly = [(source, name, why) for source, name, became, why in tally.reasons if became == "partly taken"]
    lines = [
        "# What the model learns from",
        "",
        "Written by `dropsmith corpus report`: the library on the machine that wrote it, and the starter set.",
        "`dropsmith corpus doctor` tells the same of each file. Bars of a part are those in which it starts a note.",
        "",
        "## By collection",
        "",
        *_by_source(tally),
        "",
        "A file may give several pieces: further voices, or a slow groove written again in half-time.",
        f"{tally.renotated} pieces are such half-time copies; {tally.unknown_velocity} pieces do not know their "
        f"velocities, {tally.guessed_styles} have a guessed style, {tally.guessed_kinds} guessed section kinds.",
        f"{tally.wobble_bars} bars of bass have a wobble.",
        "",
        "## By split",
        "",
        *_table(("split", "pieces", "bars"), [
            (split, str(tally.splits[split]["pieces"]), str(tally.splits[split]["bars"]))
            for split in ("train", "validation", "test")
        ]),
        "",
        "## By part",
        "",
        *_table(("part", "pieces", "bars", "notes", "notes a bar"), [
            (part.value, str(tally.part_pieces[part]), str(tally.part_bars[part]), str(tally.part_notes[part]),
             f"{tally.part_notes[part] / max(tally.part_bars[part], 1):.1f}")
            for part in PARTS
        ]),
        "",
        "## Bars by style",
        "",
        *_by_part("style", tally.style_bars, dict.fromkeys((*STYLES, *sorted(tally.style_bars), UNKNOWN_STYLE))),
        "",
        "## Bars by section kind",
        "",
        *_by_part("section kind", tally.kind_bars, (*(kind.value for kind in SectionKind), UNNAMED_KIND)),
        "",
        "## How bars repeat",
        "",
        "Of the bars to learn from that have a note: what each has in common with the bars one, two, four and eight",
        f"before it, in percent, where there are at least {_FEWEST_BARS} of a part, a style and a section kind.",
        "",
        *_repeats(repeats),
        "",
        "## What was refused, and why",
        "",
        *_reasons(refused),
        "",
        "## What was partly used, and why",
        "",
        *_reasons(partly),
        "",
        "## How varied the starter set is",
        "",
        f"{phrases} phrases; with the tracks that play them they make {tally.collections['starter'].pieces} pieces.",
        "",
        "```",
        *variety.rstrip().splitlines(),
        "```",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def starter_variety() -> tuple[int, str]:
    """The number of phrases in the starter set, and its variety report as plain text."""
    from corpus.starter.notation import load_starter
    from corpus.starter.variety import spreads, variety
    from corpus.starter.variety_report import spread_table, variety_table

    phrases, _ = load_starter()
    page = io.StringIO()
    console = Console(file=page, width=_WIDTH, color_system=None, force_terminal=False)
    console.print(variety_table(variety(phrases)))
    console.print(spread_table(spreads(phrases, "kinds"), "section kind"))
    console.print(spread_table(spreads(phrases, "styles"), "style"))
    return len(phrases), "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def _by_source(tally: Tally) -> list[str]:
    rows = []
    for source, one in sorted(tally.collections.items()):
        files = one.files
        counts = (files.total(), files["taken"], files["partly taken"], files["refused"] + files["unreadable"])
        told = [str(count) if files else "" for count in (*counts, files["duplicate"])]
        figures = (str(one.pieces), str(one.bars), str(one.held_out_bars))
        rows.append((source or "damaged records", *told, *figures))
    heading = ("collection", "files", "taken", "partly", "refused", "the same again", "pieces", "bars", "held out")
    return _table(heading, rows)


def _by_part(heading: str, bars: Mapping[str, Mapping[Part, float]], names: Iterable[str]) -> list[str]:
    known = [name for name in names if name in bars]
    rows = [(name, *(f"{bars[name].get(part, 0):.0f}" for part in PARTS)) for name in known]
    return _table((heading, *(part.value for part in PARTS)), rows)


def _repeats(repeats: Sequence[RepeatShares]) -> list[str]:
    rows = [
        (one.part.value, one.style or UNKNOWN_STYLE, one.kind.value if one.kind else UNNAMED_KIND, f"{one.bars:.0f}",
         *(f"{100 * one.shares.get(label, 0):.0f}" for label in LABELS[1:]))
        for one in repeats
        if one.bars >= _FEWEST_BARS
    ]  # fmt: skip
    return _table(("part", "style", "section kind", "bars", *LABELS[1:]), rows)


def _reasons(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    if not rows:
        return ["Nothing."]
    # What stands behind a colon is what to do about it, or which tracks it was.
    kinds = Counter(why.partition(":")[0] for _, _, why in rows)
    common = [(str(count), kind) for kind, count in kinds.most_common() if count > 1]
    ordered = sorted(rows, key=lambda row: (-kinds[row[2].partition(":")[0]], row[2].partition(":")[0], row))
    listed = _table(("file", "why"), [(f"{source}/{name}", why) for source, name, why in ordered])
    return [*_table(("files", "why"), common), "", *listed] if common else listed


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heading, ["---"] * len(heading), *rows]
    return [f"| {' | '.join(inert(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in lines]
