"""Automation of tempo and meter: what rules, and what is muted."""

import pytest

from corpus.readers.lmms_projects import read_lmms
from song.errors import UserError
from tests.corpus_tests.lmms_music import clip, project, track

LONG = track(clip(*((at, 24, 60, 100) for at in range(0, 768, 48))))


def automated(points, target=7, more="", muted=0):
    times = "".join(f'<time pos="{pos}" value="{value}"/>' for pos, value in points)
    inside = f'<automationclip pos="0" {more}>{times}<object id="{target}"/></automationclip>'
    return f'<track type="5" muted="{muted}">{inside}</track>'


def head(bpm='<bpm id="7" value="140"/>', meter='timesig_numerator="4" timesig_denominator="4"'):
    return f"<head {meter}>{bpm}</head>"


def tempi(automation):
    return read_lmms(project(LONG + automation, head=head())).tempi


def test_values_hold_from_where_they_stand():
    assert tempi(automated([(0, 150), (192, 170)])) == ((0, 150), (384, 170))
    assert tempi(automated([(192, 170)])) == ((0, 140), (384, 170))


@pytest.mark.parametrize(
    "automation",
    [automated([(0, 174)], more='mute="1"'), automated([(0, 174)], muted=1), automated([(0, 174)], target=8)],
)
def test_what_is_muted_or_of_something_else_rules_nothing(automation):
    assert tempi(automation) == ((0, 140),)


def test_a_tempo_that_glides_goes_a_step_a_quarter():
    assert tempi(automated([(0, 100), (192, 140)], more='prog="1"')) == (
        (0, 100),
        (96, 110),
        (192, 120),
        (288, 130),
        (384, 140),
    )


def test_a_meter_that_automation_sets_is_refused_like_another():
    other = head(bpm='<timesig_numerator id="9" value="4"/>', meter='bpm="140" timesig_denominator="4"')
    with pytest.raises(UserError, match="it goes to 7/4, by automation"):
        read_lmms(project(LONG + automated([(0, 4), (192, 7)], target=9), head=other))
    assert read_lmms(project(LONG + automated([(0, 4)], target=9), head=other)).bars == 4
