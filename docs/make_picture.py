"""Draws docs/app.svg: the app on a song composed with seed 7. Run as `make picture`."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from song.layout import draw_layout
from tui.app import DropsmithApp
from tui.compose import compose
from tui.workspace import Workspace

SIZE = (110, 34)


async def draw(path: Path) -> None:
    """Write the picture."""
    song = await asyncio.to_thread(lambda: compose(replace(draw_layout("dubstep", 7), title="Night Bus"), 1).song)
    app = DropsmithApp(Workspace(song))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("right", "right", "down", "w")
        while app.main.session.status.device == "":
            await pilot.pause(0.1)
        await pilot.pause()
        path.write_text(app.export_screenshot(title="Dropsmith"), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(draw(Path(__file__).with_name("app.svg")))
