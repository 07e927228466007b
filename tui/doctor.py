"""`dropsmith doctor`: what works on this machine, a line each, and what to do about what does not."""

import asyncio
import locale
import os
import platform
import shlex
import shutil
import sys
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs

from model.engine_client import LOCAL_ENGINE, EngineClient
from model.protocol import Ready
from song.errors import UserError
from song.terminal_text import say
from sound.playing.client import SoundClient
from sound.playing.protocol import Ready as SoundReady
from tui.files.kept import MOST_BYTES, MOST_DAYS, SAFE_DAYS, kept_songs
from tui.playing.session import sound_command
from tui.settings import Settings, load_settings, settings_path

_PATIENCE_SECONDS = 120
"""For an engine to greet: over a slow line it may have much to load."""
PACKAGES = ("textual", "music21", "jax", "flax", "symusic", "msgspec", "safetensors", "soundfile", "miniaudio")


def doctor() -> int:
    """Print what works; returns 0 where everything that composing needs does, else 2."""
    say(f"python    {platform.python_version()} on {platform.system()} {platform.machine()}")
    say(f"packages  {', '.join(f'{name} {_version(name)}' for name in PACKAGES)}")
    size = shutil.get_terminal_size()
    terminal = f"TERM={os.environ.get('TERM', '')}, {size.columns}x{size.lines}, {locale.getpreferredencoding(False)}"
    say(f"terminal  {terminal if sys.stdout.isatty() else 'none: dropsmith --plain, serve and compose work without'}")
    for name, folder in (("cache", platformdirs.user_cache_path), ("state", platformdirs.user_state_path)):
        say(f"{name:9} {_folder(folder('dropsmith'))}")
    say(f"kept      {_kept()}")
    say(f"settings  {_settings()}")
    say(f"sound     {asyncio.run(_try_sound())}")
    try:
        command = load_settings().engine
        own = f", by  {shlex.join(command)}" if command else ""
        say(f"engine    {asyncio.run(_try_engine(command or LOCAL_ENGINE))}{own}")
    except UserError as error:
        say(f"engine    does not work: {error}")
        return 2
    return 0


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _kept() -> str:
    try:
        kept = kept_songs()
    except OSError as error:
        return f"songs that nobody saved cannot be kept: {error.strerror or error}"
    over = f"the oldest go after {MOST_DAYS} days, or once all have {MOST_BYTES // 1_000_000} MB and {SAFE_DAYS} days"
    songs = f"{kept.songs} {'song' if kept.songs == 1 else 'songs'}"
    return f"{songs} that nobody saved, {kept.size / 1e6:.1f} MB in {kept.folder}: {over}"


def _settings() -> str:
    path = settings_path()
    try:
        settings = load_settings(path)
    except UserError as error:
        return str(error)
    return f"{path}{f', keys {settings.keys}' if path.exists() else ' is not there: all is as usual'}"


def _folder(path: Path) -> str:
    try:
        path.mkdir(parents=True, exist_ok=True)
        return f"{path}{'' if os.access(path, os.W_OK) else ' cannot be written: give yourself the right to'}"
    except OSError as error:
        return f"{path} cannot be made: {error.strerror}"


async def _try_sound() -> str:
    """Where songs are heard on this machine."""
    try:
        settings = load_settings()
    except UserError:
        settings = Settings()
    try:
        client = await SoundClient.start(sound_command(settings.sound, midi_out=settings.midi_out))
    except UserError as error:
        return str(error)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            async for answer in client.answers():
                if isinstance(answer, SoundReady):
                    page = f"the listening page: {answer.reason}" if answer.reason else "the listening page"
                    return answer.output or page
    except (UserError, TimeoutError) as error:
        return f"does not work: {error or 'it says nothing'}"
    finally:
        await client.close()
    return "does not work: it said nothing"


async def _try_engine(command: Sequence[str]) -> str:
    started = time.monotonic()
    client = await EngineClient.start(command)
    try:
        async for answer in client.answers(_PATIENCE_SECONDS):
            if isinstance(answer, Ready):
                seconds = time.monotonic() - started
                return f"ready in {seconds:.1f} s on {answer.device}, weights {answer.weights}"
    finally:
        await client.close()
    raise UserError("it said nothing: install Dropsmith again")
