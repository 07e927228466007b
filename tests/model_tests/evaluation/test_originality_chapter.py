"""The chapter on originality: every figure in its row, in the unit of its heading."""

from model.evaluation.originality import STRETCH_BARS, Diversity, Originality, Sharing
from model.evaluation.originality_chapter import originality_results
from model.evaluation.results import Results
from model.originality.copy_index import DRUMS, GRAM_NOTES, PITCHED


def chapter() -> Results:
    found = Originality(
        pieces=1234,
        grams={PITCHED: 56_789, DRUMS: 1_000},
        false_grams={PITCHED: 0.00012, DRUMS: 0.0},
        held_out=(Sharing("folk", "lead", 30, 6.0, 12.5, 40, 0.1, 0.05),),
        generated=(Sharing("generated", "lead", 20, 4.0, 9.0, 22, 0.2, 0.15),),
        diversity=(Diversity("generated", "lead", 100, 0.9, 0.8),),
        held_out_diversity=(Diversity("folk", "lead", 25, 1.0, 0.95),),
    )
    return originality_results(found, "dropsmith evaluate", "fedcba9876543210")


def test_real_music_comes_first_in_one_table_and_takes_in_the_other() -> None:
    shared, differing = chapter().tables
    assert shared.rows == (
        ("lead", "folk", 30, 6.0, 12.5, 40, 10.0, 5.0),
        ("lead", "generated", 20, 4.0, 9.0, 22, 20.0, 15.0),
    )
    assert differing.rows == (("lead", "generated", 100, 0.9, 0.8), ("lead", "folk", 25, 1.0, 0.95))


def test_every_row_fits_its_headings() -> None:
    for table in chapter().tables:
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_the_text_says_how_much_is_indexed_and_how_short_a_run_is_seen() -> None:
    made = chapter()
    assert "1,234 pieces" in made.text[0]
    assert f"56,789 distinct grams of {PITCHED} parts" in made.text[0]
    assert f"0.0120% ({PITCHED})" in made.text[0]
    assert all(f"{notes} notes ({group})" in made.text[0] for group, notes in GRAM_NOTES.items())
    assert f"{STRETCH_BARS} bars" in made.text[1]
    assert (made.command, made.weights) == ("dropsmith evaluate", "fedcba9876543210")
