"""Writes `client/sync/<area>.py` from `client/facade/<area>.py`, and `client/results.pyi` from `client/results.py`.

Run `make client` after a change to what they are made from.

The synchronous class is source code, and not made while a program runs, so that editors, type checkers, `help()` and
`inspect.signature` see methods like any other. What is written follows from the source of the asynchronous method
alone: see `owui_sync.client.facade.base` for the three sorts there are.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

CLIENT = Path(__file__).parent
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def areas() -> list[Path]:
    """Return the files of `client/facade` that hold a part of the class: a subclass of `Base`."""
    return [path for path in sorted((CLIENT / "facade").glob("*.py")) if _area(ast.parse(path.read_text("utf-8")))]


def derived(path: Path) -> str:
    """Return the source of the synchronous counterpart of an area."""
    tree = ast.parse(path.read_text("utf-8"))
    source = _area(tree)
    assert source is not None
    methods = [_method(node) for node in source.body if isinstance(node, _Function) and not node.name.startswith("_")]
    doc = ast.Expr(ast.Constant(ast.get_docstring(source, clean=False)))
    area = ast.ClassDef(**{**dict(ast.iter_fields(source)), "body": [doc, *methods]})
    lines = [
        f'"""Made from `client/facade/{path.name}` by `make client`; do not edit."""',
        "from __future__ import annotations",
        *_imports(tree, {node.id for method in methods for node in _names(method)}, path.stem),
        "from owui_sync.client.sync.base import Base",
        ast.unparse(ast.fix_missing_locations(area)),
    ]
    return _formatted("\n".join(lines) + "\n")


def write() -> None:
    """Write the file of each area, and remove those whose area is gone."""
    made = {path.name: derived(path) for path in areas()}
    for name, text in made.items():
        (CLIENT / "sync" / name).write_text(text, encoding="utf-8")
    (CLIENT / "results.pyi").write_text(results(), encoding="utf-8")
    for path in (CLIENT / "sync").glob("*.py"):
        if path.name not in (*made, "__init__.py", "base.py", "loop.py", "session.py"):
            path.unlink()


def results() -> str:
    """Return what type checkers see of the results of methods: dictionaries whose keys have types.

    A `TypedDict` itself will not do for programs that have a `Dict[str, Any]` for a result, add keys to it or read one
    whose name is in a variable, although each result is an ordinary dictionary.
    """
    tree = ast.parse((CLIENT / "results.py").read_text("utf-8"))
    keys: dict[str, dict[str, str]] = {}
    lines = ['"""Made from `client/results.py` by `make client`; do not edit."""', *_STUB_IMPORTS]
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
            mine = {ast.unparse(field.target): ast.unparse(field.annotation) for field in fields}
            for base in reversed(node.bases):
                mine = keys.get(ast.unparse(base), {}) | mine
            keys[node.name] = mine
            lines += _dictionary(node, mine)
    return _formatted("\n".join(lines) + "\n", ".pyi")


_STUB_IMPORTS = (
    "from typing import Any, Literal, overload",
    "from _typeshed import SupportsKeysAndGetItem",
    "from owui_sync.client.shapes import Row",
    # Without its second base, mypy would not see what keys `{**result}` has.
    "class _Dictionary(dict[str, Any], SupportsKeysAndGetItem[str, Any]): ...",
)


def _dictionary(node: ast.ClassDef, keys: Mapping[str, str]) -> Iterator[str]:
    bases = ", ".join(map(ast.unparse, node.bases)).replace("TypedDict", "_Dictionary")
    yield f"class {node.name}({bases}):"
    yield f"    def __init__(self, *, {', '.join(map(_parameter, keys, keys.values()))}) -> None: ..."
    sorts = [_without_mark(hint) for hint in keys.values()]
    mark = "" if bases == "_Dictionary" else "  # type: ignore[override]  # mypy wants the keys of each base in a row."
    for sort in dict.fromkeys(sorts):
        names = ", ".join(f'"{name}"' for name, its in zip(keys, sorts, strict=True) if its == sort)
        yield f"    @overload{mark}"
        mark = ""
        yield f"    def __getitem__(self, key: Literal[{names}], /) -> {sort}: ..."
    yield "    @overload"
    yield "    def __getitem__(self, key: str, /) -> Any: ..."


def _parameter(name: str, hint: str) -> str:
    return f"{name}: {_without_mark(hint)}{'' if _without_mark(hint) == hint else ' = ...'}"


def _without_mark(hint: str) -> str:
    return hint.removeprefix("NotRequired[").removesuffix("]") if hint.startswith("NotRequired[") else hint


def _area(tree: ast.Module) -> ast.ClassDef | None:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == "Base" for base in node.bases
        ):
            return node
    return None


def _method(node: _Function) -> ast.stmt:
    call = f"self._async.{node.name}({', '.join(_passed_on(node.args))})"
    returns, how = node.returns, f"return {call}"
    if isinstance(node, ast.AsyncFunctionDef):
        how = f"return self._run({call})"
    elif isinstance(returns, ast.Subscript) and ast.unparse(returns.value) == "Stream":
        how = f"return (yield from self._stream({call}))"
        assert isinstance(returns.slice, ast.Tuple)
        piece, result = map(ast.unparse, returns.slice.elts)
        returns = ast.parse(f"Generator[{piece}, None, {result}]", mode="eval").body
    doc = ast.Expr(ast.Constant(ast.get_docstring(node, clean=False)))
    changed = {"decorator_list": [], "returns": returns, "body": [doc, *ast.parse(how).body]}
    return ast.FunctionDef(**{**dict(ast.iter_fields(node)), **changed})


def _passed_on(args: ast.arguments) -> Iterator[str]:
    yield from (arg.arg for arg in [*args.posonlyargs, *args.args][1:])
    yield from (f"{arg.arg}={arg.arg}" for arg in args.kwonlyargs)


def _names(method: ast.stmt) -> Iterator[ast.Name]:
    """Yield the names in the annotations and defaults of a method."""
    assert isinstance(method, ast.FunctionDef)
    for part in (method.args, method.returns):
        yield from (node for node in ast.walk(part or ast.Pass()) if isinstance(node, ast.Name))


def _imports(tree: ast.Module, names: set[str], area: str) -> Iterator[str]:
    """Yield the imports of `names`: as the area has them, and from the area itself those that it defines."""
    if "Generator" in names:
        yield "from collections.abc import Generator"
    for node in tree.body:
        match node:
            case ast.ImportFrom(module=str(module)):
                found = [ast.unparse(alias) for alias in node.names if (alias.asname or alias.name) in names]
                yield from [f"from {module} import {', '.join(found)}"] if found else []
            case (
                ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
                | ast.ClassDef(name=name)
            ):
                yield from [f"from owui_sync.client.facade.{area} import {name}"] if name in names else []


def _formatted(text: str, ending: str = ".py") -> str:
    ruff, name = [sys.executable, "-m", "ruff"], ["--stdin-filename", str(CLIENT / "sync" / f"x{ending}"), "-"]
    for words in (["check", "--select", "I", "--fix", "--quiet"], ["format"]):
        text = subprocess.run([*ruff, *words, *name], input=text, text=True, check=True, stdout=subprocess.PIPE).stdout
    return text


if __name__ == "__main__":
    write()
