"""Messages that give way to newer ones, and those that do not."""

from song.parts import Part
from song.sections import CellKey
from tui.messages import CellWritten, FillEnded, WritingChanged
from tui.view import Outstanding


def test_only_news_of_the_writing_gives_way_to_newer_news() -> None:
    news, newer = WritingChanged(Outstanding()), WritingChanged(Outstanding())
    key = CellKey(1, Part.DRUMS)
    written, ended = CellWritten(1, key, ()), FillEnded(1)
    assert news.can_replace(newer)
    assert not news.can_replace(written)
    assert not written.can_replace(CellWritten(1, key, ()))
    assert not ended.can_replace(FillEnded(2))
