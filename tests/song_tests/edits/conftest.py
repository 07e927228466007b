"""The song that most edits are tried on."""

import pytest

from song.sections import SectionKind, Song
from song.templates import song_from_form


@pytest.fixture
def song() -> Song:
    return song_from_form([(SectionKind.INTRO, 4), (SectionKind.DROP, 8)])
