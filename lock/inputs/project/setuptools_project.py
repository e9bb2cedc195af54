"""Reads what setup.cfg and setup.py say of a project without running them (setuptools)."""

import ast
import configparser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lock.errors import UsageError


@dataclass(frozen=True)
class SetuptoolsProject:
    """What is declared; empty or None where it is computed."""

    name: str | None = None
    version: str | None = None
    extras: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()


def read(folder: Path) -> SetuptoolsProject:
    """Return what a folder's setup.cfg declares, and else its setup.py.

    Raises UsageError for a file that can't be read.
    """
    found = [_of_setup_cfg(folder / "setup.cfg"), _of_setup_py(folder / "setup.py")]
    return SetuptoolsProject(
        next((one.name for one in found if one.name), None),
        next((one.version for one in found if one.version), None),
        tuple(sorted({extra for one in found for extra in one.extras})),
        tuple(sorted({program for one in found for program in one.programs})),
    )


def _of_setup_cfg(file: Path) -> SetuptoolsProject:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return SetuptoolsProject()
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(f"{file}: it can't be read ({reason}); mend it") from None
    version = parser.get("metadata", "version", fallback="")
    extras = "options.extras_require"
    return SetuptoolsProject(
        parser.get("metadata", "name", fallback=None),
        None if version.startswith(("attr:", "file:")) else version or None,
        tuple(parser.options(extras)) if parser.has_section(extras) else (),
        _programs(parser.get("options.entry_points", "console_scripts", fallback="").splitlines()),
    )


def _of_setup_py(file: Path) -> SetuptoolsProject:
    """Return the literal arguments of the call of `setup`."""
    try:
        tree = ast.parse(file.read_bytes())
    except FileNotFoundError:
        return SetuptoolsProject()
    except (OSError, SyntaxError, ValueError, RecursionError) as error:
        raise UsageError(f"{file}: it can't be read ({error}); mend it") from None
    values: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "setup":
            values |= {word.arg: _literal(word.value) for word in node.keywords if word.arg}
    extras, points = values.get("extras_require"), values.get("entry_points")
    scripts = points.get("console_scripts", ()) if isinstance(points, Mapping) else ()
    name, version = values.get("name"), values.get("version")
    return SetuptoolsProject(
        name if isinstance(name, str) else None,
        version if isinstance(version, str) else None,
        tuple(key for key in extras if isinstance(key, str)) if isinstance(extras, dict) else (),
        _programs(scripts if isinstance(scripts, list | tuple) else ()),
    )


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _programs(lines: Any) -> tuple[str, ...]:
    """Return the names in lines such as `name = module:function`."""
    texts = (line for line in lines if isinstance(line, str))
    return tuple(sorted(text.partition("=")[0].strip() for text in texts if "=" in text))
