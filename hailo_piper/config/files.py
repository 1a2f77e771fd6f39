"""Configuration files, YAML or JSON, become plain values within bounds; each mistake names its line."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hailo_piper.errors import ConfigError

if TYPE_CHECKING:
    import yaml

_LARGEST_BYTES = 256 * 1024
"""Bytes. The sample has 5 kB; PyYAML takes some seconds for this much."""
_MOST_VALUES = 10_000
"""Values in a file; an alias counts as all the values that it stands for."""
_DEEPEST = 20
_WIDE = {b"\xff\xfe\0\0": "UTF-32", b"\0\0\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
"""Byte order marks of other encodings; UTF-32 first, since its mark begins with UTF-16's."""
_LONGEST_INTEGER = 40
_OTHER_BASE = re.compile(r"[-+]?0[0-9_]+|[^:]*:.*")
"""Numbers that YAML 1.1 reads in base 8, as 0755, or in base 60, as 1:30."""


class DoubleKeyError(ValueError):
    """A mapping that has a key twice."""


def read_config_file(path: Path) -> object:
    """Return the plain values of a file: JSON where its name says so, else YAML. Raises ConfigError."""
    try:
        text = _decode(read_bounded(path, _LARGEST_BYTES))
        return _parse_json(text) if path.suffix == ".json" else _parse_yaml(text)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error
    except ValueError as error:
        raise ConfigError([f"{path}: is neither YAML nor JSON: {' '.join(str(error).split())}"]) from error


def read_bounded(path: Path, largest_bytes: int) -> bytes:
    """Return the content of a file. Raises OSError, and ValueError where it has more bytes than allowed."""
    # The size of a device or a pipe is unknown until it is read.
    with path.open("rb") as file:
        content = file.read(largest_bytes + 1)
    if len(content) > largest_bytes:
        raise ValueError(f"it has more than {largest_bytes // 1024} kB")
    return content


def _decode(content: bytes) -> str:
    wide = next((kind for mark, kind in _WIDE.items() if content.startswith(mark)), None)
    if wide:
        raise ValueError(f"it is {wide}; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line}: byte 0x{content[error.start]:02x} is not UTF-8; save it as UTF-8") from error


def _parse_json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=once_each)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the dict of a JSON object's pairs. Raises DoubleKeyError where a key comes twice."""
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise DoubleKeyError(f"the key {name!r} is given twice")
        found[name] = value
    return found


def _parse_yaml(text: str) -> object:
    # The service reads rendered JSON, so its start does not pay for this import.
    import yaml

    class Loader(_BoundedLoader, yaml.SafeLoader):
        """A loader of plain values only."""

    try:
        return yaml.load(text, Loader=Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        raise ValueError(_explain(error)) from error
    except yaml.YAMLError as error:
        raise ValueError(error) from error


def _explain(error: "yaml.MarkedYAMLError") -> str:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}: " if mark else ""
    hint = "; YAML is indented with blanks, not tabs" if "'\\t'" in (error.problem or "") else ""
    return where + ", ".join(filter(None, (error.context, error.problem))) + hint


def _check_number(node: "yaml.ScalarNode", key: object) -> None:
    """Refuse a number whose value differs from how it looks, or that has too many digits.

    `key`: the node of its key, or its index in a list.
    """
    import yaml

    kind = node.tag.rpartition(":")[2]
    if node.tag not in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float"):
        return
    name = f"{str(key.value)[:60]}: " if isinstance(key, yaml.ScalarNode) else ""
    shown = repr(node.value[:60])
    if kind == "int" and len(node.value) > _LONGEST_INTEGER:
        problem = f"{name}{shown} cannot be read as int: it is too long"
    elif _OTHER_BASE.fullmatch(node.value) and "." not in node.value.partition(":")[0]:
        problem = f"{name}{shown} is in base 8 or 60 to YAML; write a decimal number, or a text in quotes"
    else:
        return
    raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


class _BoundedLoader:
    """A mixin that bounds a SafeLoader's aliases and depth, refuses double keys and names every bad value's line."""

    def __init__(self, text: str) -> None:
        super().__init__(text)  # type: ignore[call-arg]
        self._depth = 0
        self._values = 0
        """Values so far; an alias counts as all the values that it stands for."""
        self._sizes: dict[str, int] = {}
        """Number of values under each anchor."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose as PyYAML does, within bounds: nested aliases ("billion laughs") would fill the memory."""
        import yaml

        event = self.peek_event()  # type: ignore[attr-defined]
        before, anchor, mark = self._values, event.anchor, event.start_mark
        if isinstance(event, yaml.AliasEvent):
            if anchor in self.anchors and anchor not in self._sizes:  # type: ignore[attr-defined]
                raise yaml.composer.ComposerError(None, None, f"*{anchor} stands for itself", mark)
            self._values += self._sizes.get(anchor, 0)
        else:
            self._values += 1
            self._depth += 1
        if self._values > _MOST_VALUES or self._depth > _DEEPEST:
            why = "nested too deeply" if self._depth > _DEEPEST else f"more than {_MOST_VALUES} values"
            raise yaml.composer.ComposerError(None, None, why, mark)
        node = super().compose_node(parent, index)  # type: ignore[misc]
        if isinstance(node, yaml.ScalarNode):
            _check_number(node, index)
        if not isinstance(event, yaml.AliasEvent):
            self._depth -= 1
            if anchor is not None:
                self._sizes[anchor] = self._values - before
        return node

    def construct_object(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Construct as PyYAML does, but name the line of values such as `!!float ""` that its constructors refuse."""
        import yaml

        try:
            return super().construct_object(node, deep=deep)  # type: ignore[misc]
        except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
            problem = f"{str(node.value)[:60]!r} cannot be read as {node.tag.rpartition(':')[2]}"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from error

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Construct as PyYAML does, but refuse a key given twice: PyYAML would silently keep the last."""
        import yaml

        seen = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            # A key merged by `<<` may be given again, to override it.
            name = (key.tag, key.value) if isinstance(key, yaml.ScalarNode) else None
            if name is not None and name in seen:
                problem = f"the key {key.value!r} is given twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)  # type: ignore[misc]
