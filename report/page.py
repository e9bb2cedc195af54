"""Put the page together: the template, its style, its modules and the data, all in one file."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from report.bundle import bundle
from report.models import Environment, Package

# Where the template has what is put into it, as comments.
PLACE = re.compile(r"<!-- (style|script|data|packages|policy|title) -->")
# What a page of this program has near its beginning.
MARK = '<meta name="generator" content="wheelhouse report">'
# An element of data that isn't known when the environment is built.
FURTHER = '<script type="application/json" id="{}">{}</script>'


@dataclass(frozen=True)
class Template:
    """The files of the page: the HTML, the style, and the modules by their file names."""

    markup: str
    style: str
    modules: Mapping[str, str]


def read_folder(folder: Path) -> Template:
    """Return the template that a folder holds."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())}
    modules = {name: text for name, text in texts.items() if name.endswith(".js")}
    return Template(texts["page.html"], texts["page.css"], modules)


def assemble(template: Template, environment: Environment) -> str:
    """Return the page of an environment: one file, which loads nothing."""
    script = bundle(template.modules, "main.js")
    style = f"\n{template.style}"
    parts: Mapping[str, Callable[[], str]] = {
        "policy": partial(_policy, style, script),
        "title": lambda: html.escape(environment.name),
        "style": lambda: f"<style>{style}</style>",
        "script": lambda: f'<script type="module">{script}</script>',
        "data": lambda: "\n".join(
            [
                FURTHER.format("environment", _json(asdict(environment))),
                *(FURTHER.format(name, "null") for name in ("changes", "vulnerabilities")),
            ]
        ),
        "packages": lambda: "\n".join(map(_row, environment.packages)),
    }
    return PLACE.sub(lambda found: parts[found[1]](), template.markup)


def add(page: str, name: str, data: Mapping[str, Any]) -> str:
    """Return a page with the `changes` or the `vulnerabilities` of its environment."""
    return page.replace(FURTHER.format(name, "null"), FURTHER.format(name, _json(data)), 1)


def is_report(file: Path) -> bool:
    """Return whether a file is a page that `assemble` made."""
    with file.open(encoding="utf-8", errors="replace") as stream:
        return MARK in stream.read(2000)


def read_environment(page: str) -> dict[str, Any]:
    """Return the data that a page has of its environment, by the names of `Environment`."""
    opening, closing = FURTHER.format("environment", "\n").split("\n")
    text = page.partition(opening)[2].partition(closing)[0]
    data: dict[str, Any] = json.loads(text)
    return data


def _json(data: Any) -> str:
    """Return JSON that can't end the element that it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # A scanner's JSON, or a file's name, may have halves of characters, which UTF-8 can't.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _row(package: Package) -> str:
    """Return the row of a package for a browser that runs no scripts."""
    cells = (package.name, package.version, f"{package.size:,} B", package.license)
    return f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>"


def _policy(style: str, script: str) -> str:
    """Return the Content Security Policy: this style, this script, and nothing from outside."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
