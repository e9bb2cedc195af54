"""Whether a file may be replaced by a lock: it is a lock, or it is empty."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lock.lockfile.formats import number_of, refuse_newer
from lock.models.makes_lock import WHEELHOUSE_KEYS

# What of a lock's beginning isn't its own: comments, a document's start, marks of a merge.
NOT_ITS_OWN = re.compile(r"\A(?:[ \t]*(?:#.*|---.*|<<<<<<<.*)?\r?\n)*")
MADE_BY_US = "# Made by wheelhouse "
CREATED_BY_US = re.compile(r'^created-by *= *"wheelhouse"', re.MULTILINE)
CREATED_BY = re.compile(r'^created-by *= *"([^"\n]+)"', re.MULTILINE)
# A line as pip reads it: a requirement, an option, an address or a path.
REQUIREMENT = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[^\]]*\])?\s*([<>=~!;@#\\].*)?|-.*|[a-z+]+://.*|\.{0,2}/.*"
)
# File name → what it seems to be.
KNOWN: Mapping[str, str] = {
    "uv.lock": "the lock of uv",
    "poetry.lock": "the lock of Poetry",
    "pdm.lock": "the lock of PDM",
    "Pipfile.lock": "the lock of Pipenv",
    "Pipfile": "the requirements of Pipenv",
    "pyproject.toml": "the pyproject.toml of a project",
    "setup.cfg": "the setup.cfg of a project",
    "setup.py": "the setup.py of a project",
    "requirements.yaml": "a file of requirements",
}


@dataclass(frozen=True)
class Content:
    """What a file seems to be that no lock may replace."""

    description: str
    # Whether it may be requirements that are locked together with others.
    is_input: bool = False


def kept_content(file: Path) -> Content | None:
    """Return what an existing file seems to be; None where a lock may replace it.

    A lock may replace one of wheelhouse, in any format that it is exported to, one of Makes, and an
    empty file. The content decides, whatever the name. Raises UsageError for a lock of wheelhouse
    in a newer format.
    """
    if not file.is_file():
        return None
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return Content("no text")
    except OSError:
        return Content("a file that can't be read")
    refuse_newer(number_of(_own(text)), file)
    return None if not text.strip() or _is_lock(text) else _content(file.name, text)


def _own(text: str) -> str:
    return text[NOT_ITS_OWN.match(text).end() :]  # type: ignore[union-attr]


def _is_lock(text: str) -> bool:
    if (
        number_of(_own(text)) is not None
        or text.startswith(MADE_BY_US)
        or CREATED_BY_US.search(text)
    ):
        return True
    return _is_lock_of_other_style(text)


def _is_lock_of_other_style(text: str) -> bool:
    """Return whether YAML or JSON is a lock of Makes or of wheelhouse, or a bill of materials."""
    if not re.search(r"closure|systems|CycloneDX", text):
        return False
    try:
        data = json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except ValueError:
        data = _yaml(text)
    if not isinstance(data, dict):
        return False
    if data.get("bomFormat") == "CycloneDX":
        return _is_made_by_us(data)
    return data.keys() >= {"closure", "links"} or data.keys() >= WHEELHOUSE_KEYS


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (yaml.YAMLError, RecursionError):
        return None


def _is_made_by_us(bill: Mapping[str, Any]) -> bool:
    """Return whether a bill of materials (CycloneDX) names wheelhouse as its tool."""
    try:
        tools = bill["metadata"]["tools"]["components"]
        return any(tool["name"] == "wheelhouse" for tool in tools)
    except (KeyError, TypeError):
        return False


def _content(name: str, text: str) -> Content:
    if name in KNOWN:
        return Content(KNOWN[name], is_input=not name.endswith(".lock"))
    if name.endswith(".toml") and re.search(r"^lock-version *=", text, re.MULTILINE):
        created = CREATED_BY.search(text)
        return Content(f"a lock of {created[1] if created else 'another tool'}")
    if name.endswith((".txt", ".in")) and _are_requirements(text):
        return Content("a file of requirements", is_input=True)
    if name.endswith((".yaml", ".yml")) and isinstance(_yaml(text), dict):
        return Content("other YAML", is_input=True)
    kinds = {".toml": "other TOML", ".json": "other JSON", ".lock": "the lock of another tool"}
    kind = kinds.get(Path(name).suffix)
    return Content(kind or "something else", is_input=name.endswith(".toml"))


def _are_requirements(text: str) -> bool:
    """Return whether the first line with content is one that pip reads."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return bool(REQUIREMENT.fullmatch(first))
