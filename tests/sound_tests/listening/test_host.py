"""A page that is up: its port, its tunnel, its folder."""

import socket
from pathlib import Path

import pytest

from song.errors import UserError
from sound.listening.gate import Gate
from sound.listening.host import PageHost, own_socket, tunnel
from sound.staging.stage import Stage


def test_a_port_that_is_taken_gives_way_to_one_that_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with own_socket(ports=(port, 0)) as other:
            assert other.getsockname()[1] != port
        with pytest.raises(UserError, match="cannot serve"):
            own_socket(ports=(port,))


async def test_the_address_and_the_tunnel_fit_a_line_of_a_terminal(tmp_path: Path) -> None:
    stage = Stage(lambda line: None, lambda: None)
    host = PageHost(stage, own_socket(ports=(0,)), Gate("127.0.0.1", always_token=True), tell=print, folder=tmp_path)
    await host.start()
    (address,) = host.addresses
    assert address == f"http://127.0.0.1:{host.port}/{host.gate.token}/"
    assert len(address.replace(str(host.port), "8765")) + 2 + len(tunnel(8765)) <= 76
    assert list(tmp_path.iterdir())
    await host.close()
    assert not list(tmp_path.iterdir())


async def test_no_room_for_files_is_one_line(tmp_path: Path) -> None:
    gate = Gate("127.0.0.1", always_token=True)
    with pytest.raises(UserError, match=r"the listening page has no room: .*; free some space"):
        PageHost(Stage(print, print), own_socket(ports=(0,)), gate, tell=print, folder=tmp_path / "gone")
