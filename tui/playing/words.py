"""Words on playing, a line each."""

from song.sections import Song
from sound.playing.protocol import Page, Play, Scope
from tui.playing.session import SoundStatus

STARTING = "starting the sound"


def page_words(page: Page) -> str:
    """Where the listening page is, and how it is reached over SSH: both fit a line of 80 columns."""
    return f"{page.address}  ssh -L {page.port}:127.0.0.1:{page.port} host"


def playing_words(song: Song, play: Play) -> str:
    """Words on that which plays."""
    if play.section >= len(song.sections):
        return ""
    name = song.section_names()[play.section]
    what = {
        Scope.CELL: f"the {play.part} of {name}",
        Scope.SECTION: name,
        Scope.SONG: f"the song from bar {song.start_bars()[play.section] + play.bar + 1}",
    }[play.scope]
    return f"playing {what}{', looped' if play.loop else ''}: {{sound.stop}} stops"


def sound_words(song: Song, status: SoundStatus) -> str:
    """Words on the sound as it stands; empty where there is nothing."""
    if status.page is not None and not status.output and not status.page.listeners:
        return page_words(status.page)
    if status.playing is None:
        return ""
    if status.position is None or status.position.waiting:
        if not status.output and status.page is not None:
            return "click on the listening page to hear it"
        return STARTING if not status.output else f"rendering {status.share:.0%}" if status.share else "rendering"
    return playing_words(song, status.playing)
