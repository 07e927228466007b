"""The oscillator on a filter's cutoff: rates that are synced, custom or near enough."""

import pytest

from corpus.readers.lmms_projects import read_lmms
from corpus.readers.sources import read_paths
from corpus.tracks import LowPass
from song.notes import Wobble
from song.parts import Part
from tests.corpus_tests.lmms_music import TUNE, clip, instrument, packed, project, track


def test_a_synced_filter_becomes_a_wobble_of_the_bass(tmp_path):
    cutoff = '<eldata fwet="1"><elcut lamt="0.8" lspd_syncmode="5" lshp="3"/></eldata>'
    bass = track(clip((0, 96, 24, 100), (96, 96, 27, 60)), name="bass", played=instrument(extra=cutoff))
    assert read_lmms(project(bass)).tracks[0].wobble == LowPass("1/8", 0.8, "square")
    (tmp_path / "wob.mmpz").write_bytes(packed(project(bass)))
    piece = read_paths([tmp_path])[0][0]
    assert piece.wobble_known
    assert piece.parts[Part.BASS].wobbles == (Wobble(0, 384, "1/8", 0.8, "square"),)
    dry = cutoff.replace('fwet="1"', 'fwet="0"')
    assert read_lmms(project(bass.replace(cutoff, dry))).tracks[0].wobble is None


@pytest.mark.parametrize(
    ("speed", "rate"),
    [
        ('syncmode="4"', "1/4"),
        ('lspd_syncmode="1"', None),
        ('lspd_syncmode="8" lspd_numerator="3" lspd_denominator="16"', "1/8."),
        ('lspd_syncmode="8" lspd_numerator="5" lspd_denominator="16"', None),
        # 60 / 140 / 2 seconds are an eighth at 140, and a whole oscillation at full speed takes 20.
        ('lspd_syncmode="0" lspd="0.010714"', "1/8"),
        ('lspd_syncmode="0" lspd="1.0714" x100="1"', "1/8"),
        ('lspd_syncmode="0" lspd="0.0125"', None),
        ('lspd_syncmode="5" lshp="5"', None),
    ],
)
def test_the_rate_of_an_oscillator_is_synced_custom_or_near_enough(speed, rate):
    cutoff = f'<eldata fwet="1"><elcut lamt="0.5" {speed}/></eldata>'
    wobble = read_lmms(project(track(TUNE, played=instrument(extra=cutoff)))).tracks[0].wobble
    assert wobble == (LowPass(rate, 0.5, "sine") if rate else None)
