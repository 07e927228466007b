"""Accounts in words a producer understands: lines of plain text on what came of a file."""

from collections.abc import Mapping

from corpus.library.accounts import Origin, PieceAccount
from corpus.library.store import Entry
from corpus.track_accounts import account_lines
from song.parts import PARTS, Part
from song.scales import TONIC_NAMES
from song.sections import SectionKind
from song.terminal_text import inert

_USES = {"train": "to learn from", "validation": "held out to judge by", "test": "held out to judge by"}


def verdict(entry: Entry) -> str:
    """The outcome for a file, in one or two words: "taken", "partly taken", "refused", "duplicate" or "unreadable"."""
    if entry.unread:
        return "unreadable"
    if entry.same_as:
        return "duplicate"
    if not entry.account.pieces:
        return "refused"
    return "partly taken" if entry.account.reason else "taken"


def describe(entry: Entry) -> list[str]:
    """Some lines on a file: what became of it, why, and what is in each of its pieces."""
    account = entry.account
    head = f"{account.origin.full_name}: {verdict(entry)}"
    splits = {split for _, split in entry.settled}
    if splits:
        head += f", {' and '.join(sorted({_USES[split] for split in splits}))}"
    lines = [head]
    why = entry.unread or account.reason
    if entry.same_as:
        why = f"it is the same file as {entry.same_as}, which is taken: nothing to do"
    if why:
        lines.append(f"  why: {why}")
    if not entry.same_as:
        lines.extend(f"  {_piece_line(piece, account.origin)}" for piece in account.pieces)
        lines.extend(f"  {line}" for line in account_lines(account.opened))
    return [inert(line) for line in lines]


def _piece_line(piece: PieceAccount, origin: Origin) -> str:
    facts = [f"{piece.bars} bars", key_name(piece), f"{piece.tempo_bpm:g} BPM", style_name(piece)]
    parts = [", ".join(fact for fact in facts if fact), f"notes: {notes_by_part(piece.notes)}"]
    if piece.kinds:
        guessed = " (guessed)" if piece.kinds_estimated else ""
        kinds = [f"{kind.value} {piece.kinds[kind.value]}" for kind in SectionKind if kind.value in piece.kinds]
        parts.append(f"bars of {', '.join(kinds)}{guessed}")
    if piece.wobble_bars:
        parts.append(f"wobble in {piece.wobble_bars} bars")
    if not piece.velocity_known:
        parts.append("velocity unknown")
    which = piece.name.removeprefix(f"{origin.source}/").removeprefix(origin.name).strip()
    return f"{which + ': ' if which else ''}{'; '.join(parts)}"


def key_name(piece: PieceAccount) -> str:
    """The key by name, such as "F minor"; empty where nothing is pitched."""
    return (
        "" if piece.tonic_class is None else f"{TONIC_NAMES[piece.tonic_class]} {'minor' if piece.minor else 'major'}"
    )


def style_name(piece: PieceAccount) -> str:
    """The style by name, such as "house", "rock and dubstep" or "style unknown"."""
    if not piece.style:
        return "style unknown"
    named = sorted(piece.style, key=lambda name: (-piece.style[name], name))
    return f"{' and '.join(named)}{' (guessed)' if piece.style_estimated else ''}"


def notes_by_part(counts: Mapping[Part, int]) -> str:
    """The notes of each part that has any, such as "drums 800, bass 120"."""
    return ", ".join(f"{part.value} {counts[part]}" for part in PARTS if counts.get(part))
