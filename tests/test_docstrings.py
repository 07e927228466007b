"""Docstrings that open with a noun phrase or an imperative, and the shapes of arrays that public functions handle."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = [
    path.relative_to(ROOT).as_posix()
    for package in ("song", "corpus", "model", "sound", "tui")
    for path in sorted((ROOT / package).rglob("*.py"))
]
REST = [
    path.relative_to(ROOT).as_posix()
    for folder in ("tests", "docs", "findings")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
_OPENINGS = re.compile(r"(?:What|Which|How|Whether|That)\b")
_SHAPE = re.compile(r"\([^()\s]+,\)|\([^()]+,[^()]+\)|\bscalar\b|0-d\b", re.S)
"""A shape: (N,), (bars, 4), (B, ...); a single number is a scalar."""
_SHAPED_NAME = re.compile(r"_(?:[A-Z]\w*|\dx\w+)$")
"""A name that carries its shape, as logits_BxV does."""
_ARRAY = re.compile(r"\bndarray\b|\bNDArray\b|\bjax\.Array\b|\bArrayLike\b")


def docstrings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every docstring below a tree with its line: of modules, classes and functions, and under constants."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else []:
            value = statement.value if isinstance(statement, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield statement.lineno, value.value


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a module, and the methods of its classes, whose names have no underscore in front."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        for one in inside:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and not one.name.startswith("_"):
                yield one


def shapeless(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The arrays of a function whose shape stands neither in their name nor in its docstring; "return" for its own."""
    text = ast.get_docstring(function) or ""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    for argument in arguments:
        if argument.annotation is None or not _ARRAY.search(ast.unparse(argument.annotation)):
            continue
        # An entry of "Args:" goes on until a line that is indented no further than it.
        entry = re.search(rf"^( *)[^\n:]*\b{argument.arg}\b[^\n:]*:(.*(?:\n\1 +.*)*)", text, re.M)
        if not _SHAPED_NAME.search(argument.arg) and not (entry and _SHAPE.search(entry[2])):
            yield argument.arg
    if function.returns is not None and _ARRAY.search(ast.unparse(function.returns)):
        summary, _, returned = text.partition("Returns:")
        if not _SHAPED_NAME.search(function.name) and not _SHAPE.search(returned or summary.partition("Args:")[0]):
            yield "return"


def test_docstrings_open_with_a_noun_phrase_or_an_imperative() -> None:
    opened = [
        f"{name}:{line}: {text.strip()[:60]}"
        for name in [*MODULES, *REST]
        for line, text in docstrings(ast.parse((ROOT / name).read_text()))
        if _OPENINGS.match(text.strip())
    ]
    assert opened == []


def test_public_functions_say_the_shapes_of_their_arrays() -> None:
    missing = [
        f"{name}:{one.lineno}: {one.name}: {array}"
        for name in MODULES
        for one in public_functions(ast.parse((ROOT / name).read_text()))
        for array in shapeless(one)
    ]
    assert missing == []
