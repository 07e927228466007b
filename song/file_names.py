"""Names of files that every system takes, made of titles and names that hold anything.

Source: Microsoft's "Naming Files, Paths, and Namespaces" (reserved characters and device names; no dot or blank at the
end); Apple's file system guidelines (no slash, no colon).
"""

import re

LONGEST_STEM_BYTES = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL)


def file_stem(title: str, most_bytes: int = LONGEST_STEM_BYTES) -> str:
    """A title as a file name without suffix that every system takes, "song" where nothing is left of it.

    Args:
        title: any text.
        most_bytes: the longest it may be in UTF-8, 8 or more.
    """
    inert = "".join(letter if letter.isprintable() else " " for letter in title)
    stem = _UNSAFE.sub(" ", inert).strip(" .").encode("utf-8", "ignore")[:most_bytes]
    name = stem.decode("utf-8", "ignore").strip(" .") or "song"
    return f"{name}_"[-most_bytes:] if _DEVICES.fullmatch(name) else name


def word_stem(name: str, most_bytes: int) -> str:
    """A name as part of a file name, without blanks: "DROP 1" as "DROP_1".

    Args:
        name: any text.
        most_bytes: the longest it may be in UTF-8, 8 or more.
    """
    return "_".join(file_stem(name, most_bytes).split())
