"""Title, tempo, key and style of the song by one key each, and music moved up or down."""

from song.parts import Part
from tests.tui_tests.driving import Driver, filled_song, running, short_song


async def answer(app: Driver, text: str) -> None:
    """Write a line in place of what stands there, and take it."""
    await app.press("end", *["backspace"] * 40)
    await app.type(*text)
    await app.press("enter")


def bass(app: Driver) -> list[int]:
    phrase = app.song.sections[1].cell(Part.BASS).phrase
    assert phrase is not None
    return [note.pitch for note in phrase.notes]


async def test_capital_n_names_the_song_and_undo_takes_it_back() -> None:
    async with running("--silent", song=short_song()) as app:
        before = app.song.title
        await app.press("N")
        await answer(app, "Night Bus")
        assert app.song.title == "Night Bus"
        assert "title: Night Bus" in app.text("status")
        await app.press("u")
        assert app.song.title == before


async def test_capital_b_is_one_edit_for_every_section() -> None:
    async with running("--silent", song=short_song()) as app:
        before = app.song
        await app.press("B")
        await answer(app, "150")
        assert {section.constraints.tempo_bpm for section in app.song.sections} == {(150.0, 150.0)}
        await app.press("u")
        assert app.song == before


async def test_what_will_not_do_is_said_and_the_line_stays_open() -> None:
    async with running("--silent", song=short_song()) as app:
        before = app.song
        for key, typed in (("B", "900"), ("B", "fast"), ("J", "H minor"), ("E", "polka"), ("N", ""), ("X", "far")):
            await app.press(key)
            await answer(app, typed)
            assert app.app.screen is not app.app.main, f"{key} took {typed!r}"
            await app.press("escape")
        assert app.song == before


async def test_another_key_offers_to_move_what_is_written() -> None:
    async with running("--silent", song=filled_song()) as app:
        before, was = bass(app), app.song.key
        await app.press("J")
        await answer(app, "G minor")
        assert (was, app.song.key) == ("F minor", "G minor")
        assert bass(app) == before
        assert "X and enter moves its notes by +2 semitones" in app.text("status")
        await app.press("X", "enter")
        assert bass(app) == [pitch + 2 for pitch in before]
        assert "moved the song by +2 semitones" in app.text("status")
        await app.press("u", "u")
        assert (bass(app), app.song.key) == (before, was)


async def test_an_empty_song_has_nothing_to_move() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("J")
        await answer(app, "G minor")
        assert "the song is in G minor" in app.text("status")
        assert "moves" not in app.text("status")


async def test_capital_x_moves_a_cell_within_the_scale() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", "down")
        before = bass(app)
        await app.press("X")
        await answer(app, "-1 step")
        assert bass(app) != before
        assert "moved bass of DROP by -1 step" in app.text("status")


async def test_the_style_of_the_song_may_be_a_mixture() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("E")
        await answer(app, "dubstep 3 + trap 1")
        assert app.song.style == {"dubstep": 0.75, "trap": 0.25}
