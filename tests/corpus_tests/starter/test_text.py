"""Lines, words and bars of the notation, each with its place."""

import pytest

from corpus.starter.text import (
    Bar,
    Mistake,
    NotationError,
    Word,
    content_lines,
    is_empty,
    setting_of,
    split_bars,
    words_of,
)


def texts(bars):
    return [[word.text for word in bar.words] for bar in bars]


def mistake_of(call, *arguments):
    with pytest.raises(NotationError) as caught:
        call(*arguments)
    return caught.value.mistake


def test_words_stand_where_they_begin():
    assert words_of("  1:8  ~:4", 7, 3) == (Word("1:8", 7, 5), Word("~:4", 7, 10))
    assert words_of("   ", 1, 1) == ()


def test_a_word_and_a_bar_point_at_their_places():
    assert Word("1:8", 7, 5).error("no").mistake == Mistake(7, 5, "no")
    assert Bar((), 7, 12).error("no").mistake == Mistake(7, 12, "no")


def test_a_line_is_split_into_bars_that_stand_where_their_first_word_does():
    bars = split_bars("| 1:16 | r:8 2:8 |", 4, 8, None)
    assert texts(bars) == [["1:16"], ["r:8", "2:8"]]
    assert [(bar.line, bar.column) for bar in bars] == [(4, 10), (4, 17)]
    assert [word.column for word in bars[1].words] == [17, 21]


def test_a_percent_stands_for_the_bar_before_it_on_the_line_or_the_one_before():
    first = split_bars("| 1:16 |", 1, 1, None)[0]
    bars = split_bars("| % | 2:16 | % |", 2, 1, first)
    assert texts(bars) == [["1:16"], ["2:16"], ["2:16"]]
    # A word that is repeated stays where it was written; the bar stands where its sign does.
    assert (bars[0].words[0].line, bars[0].line, bars[0].column) == (1, 2, 3)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("| 1:16 ", Mistake(3, 15, "the last bar is not closed: end the line with |")),
        ("| 1:16 | |", Mistake(3, 17, "nothing between two | signs: write . for an empty bar")),
        ("| % |", Mistake(3, 11, "% repeats the bar before, and there is none")),
    ],
)
def test_bars_that_cannot_be_read_are_told_with_their_place(text, mistake):
    assert mistake_of(split_bars, text, 3, 9, None) == mistake


def test_only_a_single_dot_is_an_empty_bar():
    bars = split_bars("| . | .... | . . | r:16 |", 1, 1, None)
    assert [is_empty(bar) for bar in bars] == [True, False, False, False]


def test_lines_with_something_in_them_keep_their_numbers():
    text = "# a remark\n\nkinds = drop\n   # another\n  \n[drums d]"
    assert list(content_lines(text)) == [(3, "kinds = drop"), (6, "[drums d]")]


def test_a_setting_is_a_name_and_a_value_with_their_places():
    assert setting_of("  tempo =  138-150 ", 5) == (Word("tempo", 5, 3), Word("138-150", 5, 12))
    assert setting_of("style=a=b", 1)[1] == Word("a=b", 1, 7)


@pytest.mark.parametrize("line", ["tempo", "  tempo = ", "= 140"])
def test_a_line_without_a_name_or_a_value_is_no_setting(line):
    found = mistake_of(setting_of, line, 5)
    assert found.column == len(line) - len(line.lstrip()) + 1
    assert found.message == f'"{line.strip()}" cannot be read: write name = value'
