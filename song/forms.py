"""Forms that the user gives: the bars that letters hold to the same music, and those that are free for a turn."""

TURN_EVERY = 8
"""A turn stands in the last of so many bars, counted from the section's start, and in its last bar."""


def turn_bars(bars: int) -> frozenset[int]:
    """The bars of a section that no form holds: the last of every eight, and the last of all.

    There a fill or a pick-up leads on to what comes next, which is why music under one letter differs in them.

    Args:
        bars: bars of the section, 1 or more.
    """
    return frozenset(bar for bar in range(bars) if bar % TURN_EVERY == TURN_EVERY - 1 or bar == bars - 1)


def letter_bars(form: str, unit: int, bars: int) -> dict[str, tuple[int, ...]]:
    """The bars that each letter of a form holds, in ascending order, the letters in the order in which they come.

    Args:
        form: letters, repeated to fill the section.
        unit: bars under one letter.
        bars: bars of the section, 1 or more.
    """
    turns = turn_bars(bars)
    found: dict[str, list[int]] = {}
    for bar in range(bars):
        held = found.setdefault(form[bar // unit % len(form)], [])
        if bar not in turns:
            held.append(bar)
    return {letter: tuple(held) for letter, held in found.items()}


def model_bars(form: str, unit: int, bars: int) -> tuple[int, ...]:
    """For each bar the first whose music its letter asks of it, which is no turn where there is another; or itself.

    A turn has such a bar too, though it is not held to it.
    """
    places = [(form[bar // unit % len(form)], bar % unit) for bar in range(bars)]
    turns = turn_bars(bars)
    first: dict[tuple[str, int], int] = {}
    for bar, place in enumerate(places):
        if bar not in turns:
            first.setdefault(place, bar)
    return tuple(first.get(place, bar) for bar, place in enumerate(places))
