"""The chapter on the critic: every figure in its row, in the unit of its heading."""

from model.critic.judge import CriticCard, CriticConfig
from model.evaluation.critic import (
    CRITIC,
    RANDOM,
    WRITTEN_WHOLE,
    ClassAccuracy,
    CriticMeasurements,
    Pick,
    RealAccuracy,
)
from model.evaluation.critic_chapter import critic_results
from model.evaluation.results import Results, table_markdown
from song.parts import Part

CARD = CriticCard(CriticConfig(), weights="0123456789abcdef", real=1234, generated=5678)


def chapter() -> Results:
    found = CriticMeasurements(
        songs=40,
        told=(
            RealAccuracy(WRITTEN_WHOLE, None, 90, 80, 0.9, 0.75, 0.8, 0.7),
            RealAccuracy(WRITTEN_WHOLE, Part.BASS, 50, 40, 0.5, 0.25, 0.4, 0.2),
        ),
        named=(ClassAccuracy("section kind", 60, 5, 0.5), ClassAccuracy("style", 0, 0, 0.0)),
        picks=(
            Pick(Part.DRUMS, CRITIC, 30, 0.95, 0.1, 0.5, 0.6),
            Pick(Part.DRUMS, RANDOM, 30, 0.9, 0.2, 0.65, 0.7, spread=0.01),
        ),
    )
    return critic_results(found, CARD, "dropsmith evaluate --critic", "fedcba9876543210")


def test_shares_become_percent_and_areas_stay_as_they_are() -> None:
    told, _, picks = chapter().tables
    assert told.rows[0] == (WRITTEN_WHOLE, "all", 90, 80, 0.9, 75.0, 0.8, 70.0)
    assert told.rows[1][1] == "bass"
    assert told.rows[1][5] == 25.0
    assert picks.rows[0] == ("drums", CRITIC, 30, 0.95, 0.1, 50.0, 0.6, None)
    assert picks.rows[1][-1] == 0.01


def test_chance_is_what_guessing_gives_and_is_unknown_where_nothing_is_named() -> None:
    _, named, _ = chapter().tables
    assert named.rows == (("section kind", 60, 5, 50.0, 20.0), ("style", 0, 0, 0.0, None))


def test_every_row_fits_its_headings() -> None:
    for table in chapter().tables:
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert len(table_markdown(table)) == len(table.rows) + 5


def test_the_text_says_what_was_learned_from_and_what_was_judged() -> None:
    made = chapter()
    assert "1,234 cells" in made.text[0]
    assert "5,678 takes" in made.text[0]
    assert "`0123456789abcdef`" in made.text[0]
    assert "40 songs" in made.text[0]
    assert (made.command, made.weights) == ("dropsmith evaluate --critic", "fedcba9876543210")
