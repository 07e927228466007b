"""Settings of a user for all songs: keys, colours, the engine, takes. Read from settings.toml at the start.

Every field is documented where it is declared; `dropsmith doctor` says where the file lies.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from platformdirs import user_config_dir

from song.errors import UserError
from song.export.formats import chosen_formats
from song.files import is_there, read_text, write_atomically
from song.limits import MAX_TAKES
from song.toml_text import MAX_TOML_BYTES, parse_toml
from sound.playing.protocol import OUTPUTS
from tui.keymaps import KEYMAPS, read_keymap


class Settings(msgspec.Struct, frozen=True):
    """All that may be set in settings.toml.

    Attributes:
        keys: the set of keys, "usual" or "vim".
        bindings: keys of your own, by the id of the action, as docs/KEYS.md lists them: "section.add" = "a,insert".
        theme: the colours to start with: "dropsmith", "dropsmith-light", "ansi-dark" (16 colours, as your terminal has
            them), "ansi-light", or another of Textual's.
        engine: what starts the engine, as a list: ["ssh", "gpubox", "dropsmith", "engine"]; empty for this machine's.
        takes: how many takes a fill writes of each cell, 1-64.
        export: what an export of the app writes, as `dropsmith export --only` has it: ["all"], ["midi"]; empty to be
            asked at the next.
        sound: where songs are heard: "auto" (the sound card, or the listening page over SSH or without a card), "card",
            "page", or "null" (nowhere, at the pace of a card).
        midi_out: words of the name of a MIDI port that notes, wobble and a clock go to while a song is heard; empty for
            none. It needs the extra `midi`.
    """

    keys: str = "usual"
    bindings: dict[str, str] = {}
    theme: str = ""
    engine: tuple[str, ...] = ()
    takes: int = 1
    export: tuple[str, ...] = ()
    sound: str = OUTPUTS[0]
    midi_out: str = ""

    def keymap(self) -> dict[str, str]:
        """The keys that differ from the usual ones, by the id of the action."""
        return read_keymap(KEYMAPS[self.keys], self.bindings)


def settings_path() -> Path:
    """The path of settings.toml, which need not be there."""
    return Path(user_config_dir("dropsmith", appauthor=False)) / "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; those of a file that is not there are the usual ones.

    Raises:
        UserError: naming the file, what is wrong and what is allowed.
    """
    path = path or settings_path()
    if not is_there(path) and not path.is_symlink():
        return Settings()
    text = read_text(path, MAX_TOML_BYTES)
    try:
        return _read(parse_toml(text))
    except UserError as error:
        raise UserError(f"{path}: {error}") from error


def remember(name: str, words: Sequence[str], path: Path | None = None) -> None:
    """Write one setting, a list of words, into settings.toml; every other line stays as it is.

    Args:
        name: of the setting.
        words: its value.
        path: the file; None for the user's own, which is made where it is missing.

    Raises:
        UserError: where it cannot be written, or what is there is no TOML; it stays as it was.
    """
    path = path or settings_path()
    text = read_text(path, MAX_TOML_BYTES) if is_there(path) else ""
    line = f"{name} = {msgspec.json.encode(list(words)).decode()}"
    # Settings stand above the first table; a list may go over several lines.
    head, table = re.match(r"(?s)(.*?)(^[ \t]*\[.*)?\Z", text, re.MULTILINE).groups("")  # type: ignore[union-attr]
    pattern = re.compile(rf"^[ \t]*{re.escape(name)}[ \t]*=[ \t]*\[[^\]]*\][^\n]*$", re.MULTILINE)
    if pattern.search(head):
        head = pattern.sub(lambda _: line, head, count=1)
    else:
        head = f"{head}{'' if not head or head.endswith(chr(10)) else chr(10)}{line}\n"
    try:
        _read(parse_toml(head + table))
    except UserError as error:
        raise UserError(f"{path}: {error}; write {line} into it yourself") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}") from error
    write_atomically(path, (head + table).encode())


def _read(table: dict[str, Any]) -> Settings:
    for name in table:
        if name not in Settings.__struct_fields__:
            raise UserError(f"{name}: unknown setting: use {', '.join(Settings.__struct_fields__)}")
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise UserError(str(error)) from error
    if settings.keys not in KEYMAPS:
        raise UserError(f'keys: "{settings.keys}" is not known: use one of {", ".join(KEYMAPS)}')
    if settings.sound not in OUTPUTS:
        raise UserError(f'sound: "{settings.sound}" is not known: use one of {", ".join(OUTPUTS)}')
    if not 1 <= settings.takes <= MAX_TAKES:
        raise UserError(f"takes: {settings.takes} is outside 1-{MAX_TAKES}")
    try:
        chosen_formats(settings.export)
    except UserError as error:
        raise UserError(f"export: {error}") from error
    if "\0" in settings.midi_out:
        raise UserError("midi_out: no name of a port has a NUL in it")
    if any("\0" in word for word in settings.engine):
        raise UserError("engine: no word of a command has a NUL in it")
    settings.keymap()
    return settings
