"""Results kept for as long as what they were made from is the same object."""

from tui.widgets.memo import Memo


def counted() -> tuple[Memo[int], list[int]]:
    """A memo, and a list that grows by one with each result that is made."""
    return Memo(), []


def ask(memo: Memo[int], made: list[int], key: object, *inputs: object) -> int:
    """A result under a key: how many there have been before."""

    def make() -> int:
        made.append(len(made))
        return made[-1]

    return memo.of(key, inputs, make)


def test_a_result_is_kept_while_its_inputs_are_the_same_objects() -> None:
    memo, made = counted()
    section = ["a section"]
    assert [ask(memo, made, 1, section), ask(memo, made, 1, section)] == [0, 0]
    assert made == [0]


def test_an_equal_input_that_is_another_object_makes_it_anew() -> None:
    memo, made = counted()
    assert [ask(memo, made, 1, ["a section"]), ask(memo, made, 1, ["a section"])] == [0, 1]


def test_numbers_and_texts_are_told_by_their_value() -> None:
    memo, made = counted()
    for width in (int("1000"), int("1000")):
        assert ask(memo, made, 1, width, "".join(["F", " minor"])) == 0
    assert ask(memo, made, 1, 1001, "F minor") == 1


def test_each_key_has_a_result_of_its_own_and_the_last_one_alone() -> None:
    memo, made = counted()
    old, new = ["old"], ["new"]
    assert [ask(memo, made, "bass", old), ask(memo, made, "lead", old)] == [0, 1]
    assert ask(memo, made, "bass", new) == 2
    assert [ask(memo, made, "bass", old), ask(memo, made, "lead", old)] == [3, 1]
