"""The order in which the cells of a fill are written, and the bars of each that stay: a variation's, or a quotation's.

Imports neither NumPy nor JAX.
"""

from collections.abc import Collection, Mapping

from model.protocol import CellRef, KeptBars
from song.letters import keep_letters
from song.notes import Phrase, silenced
from song.parts import PARTS
from song.sections import Song
from song.theme import Quote, quote_of, quoted
from song.time import TICKS_PER_QUARTER
from song.variation import borrow


def quotations(song: Song, cells: Collection[CellRef], kept_of: Mapping[CellRef, KeptBars]) -> dict[CellRef, Quote]:
    """The cells that quote the song's theme: none of which bars are kept otherwise."""
    found = ((cell, quote_of(song, cell.section, cell.part)) for cell in cells if cell not in kept_of)
    return {cell: quote for cell, quote in found if quote is not None}


def stages(
    cells: Collection[CellRef], kept_of: Mapping[CellRef, KeptBars], quotes: Mapping[CellRef, Quote]
) -> list[list[CellRef]]:
    """The cells in the order in which they are written, those of one list together.

    A part follows another as `PARTS` has them; a variation follows the cell that it varies, a quotation the one that
    it quotes. The order in which cells are named makes no difference.
    """
    found = []
    for part in PARTS:
        left = sorted({cell for cell in cells if cell.part is part}, key=lambda cell: cell.section)
        while left:
            waiting = {cell.section for cell in left}

            def has_to_wait(cell: CellRef, waiting: Collection[int] = waiting) -> bool:
                source = kept_of[cell].source if cell in kept_of else None
                if cell in quotes:
                    source = quotes[cell].section
                return source in waiting and source != cell.section

            # Two that vary each other have no order: the first goes first.
            ready = [cell for cell in left if not has_to_wait(cell)] or left[:1]
            found.append(ready)
            left = [cell for cell in left if cell not in ready]
    return found


def kept_music(
    cell: CellRef,
    kept_of: Mapping[CellRef, KeptBars],
    quotes: Mapping[CellRef, Quote],
    before: Song,
    now: Song,
    cells: Collection[CellRef],
) -> tuple[Phrase | None, frozenset[int]]:
    """The phrase that a cell's kept bars come from, and which these are; (None, none) where all is written anew."""
    if cell in quotes:
        quote = quotes[cell]
        theirs = CellRef(quote.section, quote.part)
        hook = (now if theirs in cells else before).sections[quote.section].cell(quote.part).phrase
        phrase, places = quoted(before, cell.section, cell.part, quote, hook) if hook else (None, frozenset())
        return (phrase, places) if places else (None, frozenset())
    if cell not in kept_of:
        return None, frozenset()
    wanted = kept_of[cell]
    source = cell.section if wanted.source is None else wanted.source
    is_new = source != cell.section and CellRef(source, cell.part) in cells
    phrase = (now if is_new else before).sections[source].cell(cell.part).phrase
    if phrase is None:
        return None, frozenset()
    section = before.sections[cell.section]
    if source == cell.section:
        return keep_letters(phrase, wanted.bars, section, cell.part)
    phrase, kept = borrow(
        phrase, wanted.bars, section, cell.part, before.key_of(cell.section), before.style_of(cell.section)
    )
    # What is kept of another section knows nothing of the silence before the drop after this one.
    silence = before.gap_after(cell.section) * TICKS_PER_QUARTER
    return silenced(phrase, section.length_ticks - silence), kept
