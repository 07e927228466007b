"""Exports opened by software that others wrote, and what came of it as a table: `python -m tests.clients [--write]`.

With --write the table goes into docs/FL_STUDIO.md. Software that is not installed is left out, with the reason; what
npm has is fetched into a folder that is removed again. Ends with 1 where one of them sees something else.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from song.export.arrangement import Arrangement
from song.export.bundle import write_bundle
from song.export.formats import chosen_formats
from song.text_width import tabulate
from tests.clients.node import midi_file, tonejs_midi, ts_flp
from tests.clients.programs import MissingError, Outcome, fluidsynth, lmms, midicsv, musescore, timidity
from tests.places import ROOT
from tests.song_tests.export.made_songs import made_songs

PAGE = ROOT / "docs" / "FL_STUDIO.md"
FIRST, LAST = "<!-- clients -->", "<!-- /clients -->"
SONGS = ("plain", "odd bars", "ramps", "one bar", "300 BPM", "without sub", "emoji", "999 bars")
CLIENTS: tuple[Callable[[Path, dict[str, Arrangement]], Outcome], ...] = (
    midicsv, timidity, fluidsynth, lmms, musescore, tonejs_midi, midi_file, ts_flp,
)  # fmt: skip
HEADING = ("software", "opens", "asked for", "outcome")


def main() -> int:
    """Export, ask each, and print the table."""
    laid_out = {name: Arrangement(made_songs()[name]) for name in SONGS}
    rows, wrong = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for name, arrangement in laid_out.items():
            parent = Path(folder) / name.replace(" ", "-")
            written = write_bundle(arrangement.song, parent, chosen_formats(("midi", "flp")))
            for suffix in (".mid", ".flp"):
                (written.folder / f"{written.folder.name}{suffix}").rename(parent.with_suffix(suffix))
        for client in CLIENTS:
            try:
                outcome = client(Path(folder), laid_out)
            except MissingError as error:
                outcome = Outcome(str(client.__name__), "", "", f"not tried: {error}")
            rows.append((outcome.software, outcome.opens, outcome.asked, outcome.told))
            wrong += outcome.wrong
            print(f"{outcome.software}: {outcome.told}", flush=True)
    print()
    print("\n".join(tabulate(HEADING, rows)))
    if "--write" in sys.argv[1:]:
        _write(rows)
    return int(wrong > 0)


def _write(rows: list[tuple[str, str, str, str]]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(FIRST)
    _, _, after = rest.partition(LAST)
    lines = [f"| {' | '.join(HEADING)} |", "| --- | --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows)]
    PAGE.write_text(f"{before}{FIRST}\n{chr(10).join(lines)}\n{LAST}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
