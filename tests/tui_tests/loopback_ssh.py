"""A sshd of the test's own on the loopback: its keys, its port, its settings. Nobody else gets in, nothing stays."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.places import ROOT
from tests.tui_tests.driving import engine_command

_SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_PRIVILEGES = Path("/run/sshd")
_PATIENCE_SECONDS = 30


def missing() -> str:
    """Why there can be no sshd here, empty where there can."""
    absent = [name for name in ("sshd", "ssh", "ssh-keygen") if shutil.which(name, path=_SBIN) is None]
    if absent:
        return f"not installed here: {', '.join(absent)}"
    if os.geteuid() == 0 and not _PRIVILEGES.is_dir() and not os.access(_PRIVILEGES.parent, os.W_OK):
        return f"sshd needs {_PRIVILEGES}"
    return ""


class LoopbackSsh(msgspec.Struct, frozen=True):
    """A running sshd.

    Attributes:
        folder: where its keys lie.
        port: where it listens, on 127.0.0.1.
        pid: its process.
    """

    folder: Path
    port: int
    pid: int

    def client(self, *options: str, key: str = "user_key") -> list[str]:
        """The command that logs in there; what is to be run there is added behind it."""
        return [
            "ssh", "-F", "none", "-p", str(self.port), "-i", str(self.folder / key),
            "-o", f"UserKnownHostsFile={self.folder / 'known_hosts'}", "-o", "StrictHostKeyChecking=yes",
            "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes", *options,
            f"{getpass.getuser()}@127.0.0.1",
        ]  # fmt: skip

    def sessions(self) -> list[int]:
        """The processes that serve a login each: children of the sshd."""
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.pid)], capture_output=True, text=True)
        return [int(pid) for pid in listed.stdout.split()]


@contextlib.contextmanager
def loopback_ssh(folder: Path, **environment: str) -> Iterator[LoopbackSsh]:
    """Run a sshd that lets this user in by a key in the folder.

    Args:
        folder: empty; settings of the app there are in `config`, its state in `state`.
        environment: what a login finds beside that.
    """
    for name in ("host_key", "user_key", "stranger_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
    made = os.geteuid() == 0 and not _PRIVILEGES.is_dir()
    if made:
        _PRIVILEGES.mkdir(mode=0o755)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    host_key = (folder / "host_key.pub").read_text().rsplit(" ", 1)[0]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}\n")
    there = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_STATE_HOME": str(folder / "state"),
        **environment,
    }
    (folder / "sshd_config").write_text(
        f"""\
ListenAddress 127.0.0.1:{port}
HostKey {folder / "host_key"}
AuthorizedKeysFile {folder / "authorized_keys"}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
PrintLastLog no
SetEnv {" ".join(f'"{name}={value}"' for name, value in there.items())}
"""
    )
    sshd = shutil.which("sshd", path=_SBIN)
    assert sshd is not None
    with (folder / "sshd_log").open("wb") as log:
        server = subprocess.Popen([sshd, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=log)
    running = LoopbackSsh(folder, port, server.pid)
    try:
        _await_port(running)
        yield running
    finally:
        for pid in running.sessions():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        server.kill()
        server.wait()
        if made:
            _PRIVILEGES.rmdir()


def use_fake_engine(ssh: LoopbackSsh, *flags: str) -> None:
    """Let the app that is started there use the fake engine."""
    settings = ssh.folder / "config" / "dropsmith" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"engine = {msgspec.json.encode(engine_command(*flags)).decode()}\n")


def _await_port(ssh: LoopbackSsh) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", ssh.port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, (ssh.folder / "sshd_log").read_text()
            time.sleep(0.02)
        else:
            return
