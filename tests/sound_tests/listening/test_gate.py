"""Who is let in: by our names alone, and from our own page."""

import pytest

from song.errors import UserError
from sound.listening.gate import Gate, MalformedNameError, is_any, is_local


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
     ("192.168.1.5", False), ("example.org", False), ("", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, expected: bool) -> None:
    assert is_local(host) is expected


@pytest.mark.parametrize(("host", "expected"), [("0.0.0.0", True), ("::", True), ("", True), ("127.0.0.1", False)])
def test_what_every_address_is(host: str, expected: bool) -> None:
    assert is_any(host) is expected


@pytest.mark.parametrize(
    ("host", "names", "asked", "origin", "expected"),
    [
        ("127.0.0.1", (), "127.0.0.1:8000", None, True),
        ("127.0.0.1", (), "localhost:8000", "http://localhost:8000", True),
        ("127.0.0.1", (), "localhost:8000", "http://localhost:9000", False),
        ("127.0.0.1", (), "evil.example:8000", "http://evil.example:8000", False),
        ("0.0.0.0", ("studio.local",), "studio.local:8000", "http://studio.local:8000", True),
        ("0.0.0.0", ("studio.local",), "STUDIO.local:8000", "http://studio.local:8000", True),
        ("0.0.0.0", ("studio.local",), "evil.example:8000", "http://evil.example:8000", False),
        ("0.0.0.0", ("studio.local",), "localhost:8000", None, False),
        ("0.0.0.0", ("studio.local",), "studio.local:8000", "http://evil.example", False),
        ("::", ("fd00::1", "studio"), "[fd00::1]:8000", "http://[fd00::1]:8000", True),
        ("192.168.1.5", (), "192.168.1.5:8000", None, True),
    ],
)
def test_names_and_pages_that_are_let_in(
    host: str, names: tuple[str, ...], asked: str, origin: str | None, expected: bool
) -> None:
    assert Gate(host, names).lets_in(asked, origin) is expected


@pytest.mark.parametrize("asked", ["", "[", "[::1", "a b", "localhost:port", "localhost:99999", "x@localhost", "a/b"])
def test_what_is_no_name_is_said_to_be_none(asked: str) -> None:
    with pytest.raises(MalformedNameError):
        Gate("127.0.0.1").lets_in(asked, None)
    with pytest.raises(MalformedNameError):
        Gate("127.0.0.1").lets_in("localhost", f"http://{asked}")


def test_only_what_others_reach_has_a_token_and_never_the_same() -> None:
    assert Gate("::1").root == ""
    tokens = {Gate("0.0.0.0", ["studio.local"]).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) >= 24 for token in tokens)


@pytest.mark.parametrize(("host", "names"), [("0.0.0.0", ()), ("::", ()), ("", ()), ("0.0.0.0", ("a/b",))])
def test_who_listens_everywhere_says_under_which_name(host: str, names: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match=r"--name studio.local|give one without port"):
        Gate(host, names)


def test_this_machine_alone_has_a_token_where_it_is_asked_for() -> None:
    gate, other = (Gate("127.0.0.1", always_token=True) for _ in range(2))
    assert len(gate.token) == 16
    assert gate.token != other.token
    assert gate.root == f"/{gate.token}"
    assert Gate("127.0.0.1").token == ""


@pytest.mark.parametrize("change", ["", "x", "\udce9", "é"])
def test_the_token_alone_is_known(change: str) -> None:
    gate = Gate("127.0.0.1", always_token=True)
    assert gate.knows(gate.token)
    assert not gate.knows(gate.token[:-1] + change)
    assert not gate.knows(gate.token.swapcase())
