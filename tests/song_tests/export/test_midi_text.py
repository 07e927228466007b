"""Text of MIDI files."""

from song.export.midi_text import midi_text


def test_what_is_no_text_on_one_line_becomes_a_blank() -> None:
    assert midi_text("a\nb\x00c\u2028d\ud800e") == b"a b c d e"
    assert midi_text("夜 🚌").decode() == "夜 🚌"
