"""The characters that the app draws with: one set for terminals with Unicode, one of ASCII alone.

Meaning is carried by a glyph first and by colour second, so that both sets, `NO_COLOR` and 16 colours say the same.
"""

import locale
import os

import msgspec

from song.sections import SectionKind


class Glyphs(msgspec.Struct, frozen=True):
    """A set of characters, each one column wide.

    Attributes:
        name: what the set is called.
        kinds: one for each section kind.
        levels: eight heights, the lowest first.
        left_edge, right_edge: around what is selected.
        pointer: before the selected row.
        playhead: above the bar where one stands; `playline` is the line below it.
        heard: above what is heard.
        left_lock, right_lock: around a locked cell.
        empty, queued, unwritten, silent: what fills a cell that has no music, waits for its turn, is being written
            from there on, or holds a take without a note.
        failed: in front of a cell whose last fill came to nothing.
        unlike: beside what is not as it was asked for.
        sounding: after the take that sounds.
        rule, divider, joint: lines between the panels.
        bar, beat: the phrase's grid.
        hits: a drum hit or a note's onset, soft, medium and loud.
        tail: a note that goes on.
        halves: upper half, lower half, both: two pitches in one row.
        waves: one cycle of a wobble in a column, and two.
        slider, slider_rest: a value and what is left to 1.
        ramp_up, ramp_down: a tempo that rises or falls.
        before, after: more sections to that side.
        states: the engine starting, warming, ready, restarting, dead.
        pen: what is being written.
        tempo: before a tempo.
        unsaved: there are unsaved changes.
        dot, dash, ellipsis: in running text.
    """

    name: str
    kinds: dict[SectionKind, str]
    levels: str
    left_edge: str
    right_edge: str
    pointer: str
    playhead: str
    playline: str
    heard: str
    left_lock: str
    right_lock: str
    empty: str
    queued: str
    unwritten: str
    silent: str
    failed: str
    unlike: str
    sounding: str
    rule: str
    divider: str
    joint: str
    bar: str
    beat: str
    hits: str
    tail: str
    halves: str
    waves: str
    slider: str
    slider_rest: str
    ramp_up: str
    ramp_down: str
    before: str
    after: str
    states: str
    pen: str
    tempo: str
    unsaved: str
    dot: str
    dash: str
    ellipsis: str


_KINDS = (SectionKind.INTRO, SectionKind.BUILD, SectionKind.DROP, SectionKind.BREAK, SectionKind.OUTRO)

UNICODE = Glyphs(
    name="unicode",
    kinds=dict(zip(_KINDS, "▷◢◆○◁", strict=True)),
    levels="▁▂▃▄▅▆▇█",
    left_edge="▐",
    right_edge="▌",
    pointer="▸",
    playhead="▼",
    playline="┃",
    heard="▾",
    left_lock="[",
    right_lock="]",
    empty="·",
    queued="┄",
    unwritten="░",
    silent="─",
    failed="✗",
    unlike="≠",
    sounding="●",
    rule="─",
    divider="│",
    joint="┬",
    bar="│",
    beat="·",
    hits="▫▪■",
    tail="━",
    halves="▀▄█",
    waves="∧M",
    slider="━",
    slider_rest="─",
    ramp_up="↗",
    ramp_down="↘",
    before="‹",
    after="›",
    states="◌◔●↻✗",
    pen="✎",
    tempo="♩",
    unsaved="●",
    dot="·",
    dash="–",
    ellipsis="…",
)

ASCII = Glyphs(
    name="ascii",
    kinds=dict(zip(_KINDS, ">/#o<", strict=True)),
    levels="_:;=+*%#",
    left_edge="<",
    right_edge=">",
    pointer=">",
    playhead="v",
    playline="|",
    heard="^",
    left_lock="[",
    right_lock="]",
    empty=".",
    queued="~",
    unwritten="/",
    silent="-",
    failed="!",
    unlike="?",
    sounding="*",
    rule="-",
    divider="|",
    joint="+",
    bar="|",
    beat=".",
    hits="oO@",
    tail="=",
    halves='"_#',
    waves="^M",
    slider="=",
    slider_rest="-",
    ramp_up="/",
    ramp_down="\\",
    before="<",
    after=">",
    states=".:*rx",
    pen="+",
    tempo="=",
    unsaved="*",
    dot="-",
    dash="-",
    ellipsis=".",
)


def terminal_glyphs() -> Glyphs:
    """The set that this terminal can show: ASCII where the locale is not UTF-8, or on the Linux console.

    Source: the Linux console's fonts hold at most 512 glyphs and lack the eighth blocks (console_codes(4), setfont(8)).
    """
    unicode = locale.getencoding().lower().replace("-", "") == "utf8" and os.environ.get("TERM") != "linux"
    return UNICODE if unicode else ASCII
