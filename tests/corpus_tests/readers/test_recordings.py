"""The reader that a file's name asks for."""

from pathlib import Path

from corpus.readers.recordings import read_recording
from tests.corpus_tests.lmms_music import TUNE, project, track
from tests.corpus_tests.made_midi import lead, midi


def test_a_name_tells_the_reader():
    for name in ("a.mid", "A.KAR", "b.rmi"):
        assert len(read_recording(Path(name), midi(lead(1))).tracks[0].notes) == 4
    assert len(read_recording(Path("a.mmp"), project(track(TUNE))).tracks[0].notes) == 2
