"""Values of a project."""

from song.export.flp.parts import AUTOMATION, SAMPLER, FlChannel, FlPoint


def test_a_channel_with_points_is_an_automation_clip() -> None:
    assert FlChannel("Kick").kind == SAMPLER
    assert FlChannel("Tempo", points=(FlPoint(0, 0.5),)).kind == AUTOMATION
    assert FlChannel("Tempo", points=()).kind == AUTOMATION
