"""What a Python source tells without being run: its first error, the names it makes, its front matter, its valves."""

from __future__ import annotations

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_FRONT_MATTER = re.compile(r"^\s*([a-z_]+):\s*(.*)\s*$", re.IGNORECASE)
_QUOTES = '"""'
_WRITES_NAMES = frozenset({"exec", "globals", "vars", "setattr", "__dict__", "__getattr__", "__getattribute__"})
"""Names in a source that may make others in a way that cannot be seen."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class SourceError:
    """Why a source cannot be run; line and column count from 1."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Valves:
    """The valves that a class has.

    Args:
        exist: whether there are any; true also where that cannot be seen.
        secret: name -> whether the author marked it as a password.
        complete: whether there can be no other names.
        types: name -> its annotation, where nothing else decides what it takes.
    """

    exist: bool
    secret: Mapping[str, bool] = field(default_factory=dict)
    complete: bool = False
    types: Mapping[str, ast.expr] = field(default_factory=dict, compare=False)

    def may_have(self, name: str) -> bool:
        """Return whether there is such a valve, as far as can be seen."""
        return self.exist and (not self.complete or name in self.secret)


_UNSEEN = Valves(exist=True)


@dataclass(frozen=True, slots=True)
class Outline:
    """What can be seen of a source.

    Args:
        error: the first thing that is wrong with it, if anything is.
        names: what the module defines; None where that cannot be told.
        docstring: of the module.
        classes: the classes that the module surely defines, by name.
    """

    error: SourceError | None = None
    names: frozenset[str] | None = None
    docstring: str = ""
    classes: Mapping[str, ast.ClassDef] = field(default_factory=dict)

    def defines(self, name: str) -> bool:
        """Return whether the module has this name, or may have it."""
        return self.names is None or name in self.names

    def valves(self, name: str) -> Valves:
        """Return the valves of one of the classes."""
        main = self.classes.get(name)
        if main is None or main.decorator_list or main.keywords or not all(map(_is_object, main.bases)):
            return _UNSEEN
        found = next((node for node in main.body if isinstance(node, ast.ClassDef) and node.name == "Valves"), None)
        if found is None:
            shared = self.classes.get(_alias(main) or "")
            mentioned = any(isinstance(node, ast.Attribute) and _is_stored(node) for node in ast.walk(main))
            bound = "Valves" in _bound(main.body) or self.names is None
            return self._fields(shared) if shared else _UNSEEN if mentioned or bound else Valves(exist=False)
        return self._fields(found)

    def _fields(self, node: ast.ClassDef, depth: int = 0) -> Valves:
        """Return the fields of a class of valves, and of the classes of this module that it is made from."""
        secret: dict[str, bool] = {}
        types: dict[str, ast.expr] = {}
        complete = not node.decorator_list and not _is_open(node)
        for base in node.bases:
            named = base.id if isinstance(base, ast.Name) else ""
            if named in self.classes and depth < len(self.classes):
                inherited = self._fields(self.classes[named], depth + 1)
                secret.update(inherited.secret)
                types.update(inherited.types)
                complete = complete and inherited.complete
            elif not (named == "BaseModel" or (isinstance(base, ast.Attribute) and base.attr == "BaseModel")):
                complete = False
        for each in (inner for inner in _statements(node.body) if isinstance(inner, ast.AnnAssign)):
            if isinstance(each.target, ast.Name) and not each.target.id.startswith("_"):
                secret[each.target.id] = any(_is_password(part) for part in ast.walk(each))
                types[each.target.id] = each.annotation
        return Valves(True, secret, complete, {} if _converts(node) else self._plain(types))

    def _plain(self, types: Mapping[str, ast.expr]) -> dict[str, ast.expr]:
        """Return the annotations whose names the module cannot have given another meaning."""
        if self.names is None:
            return {}
        return {name: node for name, node in types.items() if self.classes.keys().isdisjoint(_named(node))}


@lru_cache(maxsize=1024)
def outline(source: str) -> Outline:
    """Return what can be seen of a source. It is compiled, and not run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            compile(tree, "<source>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return Outline(SourceError(error.msg, error.lineno or 1, max(error.offset or 1, 1)))
    except (ValueError, RecursionError, MemoryError) as error:
        return Outline(SourceError(str(error) or "nested too deeply", 1, 1))
    bound = Counter(_bound(tree.body))
    return Outline(
        names=None if "*" in bound or _writes_names(tree) else frozenset(bound),
        docstring=ast.get_docstring(tree, clean=False) or "",
        classes={node.name: node for node in tree.body if isinstance(node, ast.ClassDef) and bound[node.name] == 1},
    )


def front_matter(source: str) -> dict[str, str]:
    """Return what the server takes from the head of a source: `key: value` lines below a first line of three quotes.

    Nothing may stand before or beside these quotes (utils/plugin.py, 0.6.43 to 0.12.4).
    """
    lines = source.splitlines()
    found: dict[str, str] = {}
    if not lines or lines[0].strip() != _QUOTES:
        return found
    for line in lines[1:]:
        if _QUOTES in line:
            break
        if match := _FRONT_MATTER.match(line):
            found[match[1]] = match[2].strip()
    return found


def lines_of_front_matter(text: str) -> set[str]:
    """Return the keys of the lines of a text that are written like front matter."""
    return {match[1].lower() for line in text.splitlines() if (match := _FRONT_MATTER.match(line))}


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield every statement that runs with the body, not those inside functions and classes."""
    pending: list[ast.AST] = [*body]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            inner = ast.iter_child_nodes(node)
            pending += [each for each in inner if isinstance(each, ast.stmt | ast.ExceptHandler | ast.match_case)]


def _bound(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names that a body defines; `*` stands for names that cannot be seen."""
    for node in _statements(body):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
        else:
            names = (part for part in _own_parts(node) if isinstance(part, ast.Name))
            yield from (name.id for name in names if isinstance(name.ctx, ast.Store))


def _own_parts(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield the parts of a statement without the statements in it."""
    pending = [part for part in ast.iter_child_nodes(node) if not isinstance(part, ast.stmt)]
    while pending:
        part = pending.pop()
        yield part
        pending += [inner for inner in ast.iter_child_nodes(part) if not isinstance(inner, ast.stmt)]


def _writes_names(tree: ast.Module) -> bool:
    """Return whether anything in a source may define names in a way that cannot be seen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            return True
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in _WRITES_NAMES or (isinstance(node, _FUNCTIONS) and node.name in _WRITES_NAMES):
            return True
    return False


def _is_object(base: ast.expr) -> bool:
    return isinstance(base, ast.Name) and base.id == "object"


def _is_stored(node: ast.Attribute) -> bool:
    return node.attr == "Valves" and isinstance(node.ctx, ast.Store)


def _alias(main: ast.ClassDef) -> str | None:
    """Return the name of the class in `Valves = NAME`."""
    for node in main.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if names == ["Valves"]:
                return node.value.id
    return None


def _is_open(node: ast.ClassDef) -> bool:
    """Return whether a class of valves may take names that are none of its fields: by an alias, or any at all."""
    words = {word.arg for word in ast.walk(node) if isinstance(word, ast.keyword)}
    texts = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return bool(node.keywords) or not words.isdisjoint({"alias", "validation_alias", "extra"}) or "extra" in texts


def _converts(node: ast.ClassDef) -> bool:
    """Return whether a class of valves may take values of other types than it says: it has validators, or settings."""
    return any(
        (isinstance(each, _FUNCTIONS) and each.decorator_list)
        or any(isinstance(part, ast.Name) and part.id in ("model_config", "Config") for part in ast.walk(each))
        or (isinstance(each, ast.ClassDef) and each.name == "Config")
        for each in node.body
    )


def _named(annotation: ast.expr) -> Iterator[str]:
    """Yield the names in an annotation, also in a quoted one."""
    for part in ast.walk(annotation):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _is_password(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "password"
