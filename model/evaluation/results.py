"""Results of a measurement, in one form for all of them: tables on disk as JSON, and as Markdown in the report.

Whatever measures something makes `Results` of it and saves them as `docs/evaluation/NAME.json`;
`model.evaluation.report` makes `docs/EVALUATION.md` of all that lie there.
"""

from pathlib import Path

import msgspec

from song.errors import UserError
from song.files import write_atomically

Value = str | int | float | None
"""A value in a table; None is shown as a dash."""


class Table(msgspec.Struct, frozen=True):
    """One table.

    Attributes:
        title: what its figures are, with their unit.
        columns: headings; the first column names the rows.
        rows: as many values each as there are columns.
        note: a line below it, or empty.
        digits: digits after the point of its fractions.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    digits: int = 3


class Results(msgspec.Struct, frozen=True):
    """One chapter of the report.

    Attributes:
        command: the command that measured it, as it was typed.
        weights: digest of the weights that were judged, empty where there were none.
        text: paragraphs that say how it was measured.
        tables: what was found.
        machine: the machine that measured it, as `model.nn.devices.describe_machine` has it; empty in older results.
    """

    command: str
    weights: str
    text: tuple[str, ...]
    tables: tuple[Table, ...]
    machine: str = ""


def save_results(path: Path, results: Results) -> None:
    """Write results as JSON, fractions rounded to what is shown and one digit more; with the machine, which is this one
    where they name none.

    Raises:
        UserError: where the file cannot be written.
    """
    # Here and not at the top: it imports JAX, which making the page needs not.
    from model.nn.devices import describe_machine

    tables, machine = tuple(_rounded(table) for table in results.tables), results.machine or describe_machine()
    whole = msgspec.structs.replace(results, tables=tables, machine=machine)
    write_atomically(path, msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n")


def load_results(path: Path) -> Results:
    """Read results.

    Raises:
        UserError: where the file is missing or holds something else.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Results)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path}: {error}; measure it anew") from error


def table_markdown(table: Table) -> list[str]:
    """A table as lines of Markdown: its title, itself, its note."""
    lines = [f"**{table.title}**", ""]
    lines.append("| " + " | ".join(table.columns) + " |")
    numeric = [any(isinstance(row[n], int | float) for row in table.rows) for n in range(len(table.columns))]
    lines.append("|" + "".join(" ---: |" if right else " --- |" for right in numeric))
    lines += ["| " + " | ".join(shown(value, table.digits) for value in row) + " |" for row in table.rows]
    return [*lines, "", *([table.note, ""] if table.note else [])]


def shown(value: Value, digits: int) -> str:
    """A value as a table shows it."""
    if value is None or value != value:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.{digits}f}"


def _rounded(table: Table) -> Table:
    def short(value: Value) -> Value:
        return round(value, table.digits + 1) if isinstance(value, float) and value == value else value

    rows = tuple(tuple(short(value) for value in row) for row in table.rows)
    return msgspec.structs.replace(table, rows=rows)
