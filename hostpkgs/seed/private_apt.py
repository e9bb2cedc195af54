"""Fetch the lists of a Debian suite with an apt of its own: the machine's apt stays as it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from architectures import ARCHITECTURES
from state import locked

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_CAT = "/usr/lib/apt/apt-helper"
_DAY, _HOUR = 24 * 3600, 3600
# apt replaces these; the mirror that the machine uses serves its suites, too
_TARGETS = "$(ORIGIN) $(COMPONENT) $(RELEASE) $(REPO_URI)"

_CONFIGURATION = """\
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Acquire::Check-Valid-Until "false";
Acquire::GzipIndexes "true";
Acquire::http::Timeout "20";
Acquire::Languages "none";
APT::Architecture "{first}";
APT::Architectures {{ {all} }};
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
"""
_SOURCES = """\
deb [arch={all} signed-by={keyring}] {mirror} {suite} main
deb-src [signed-by={keyring}] {mirror} {suite} main
"""


class SuiteError(Exception):
    """The lists of a suite can't be had; the text says why and what to do."""


@dataclass(frozen=True)
class PrivateApt:
    """The lists of one suite ("testing") below `folder`, for Debian's `architectures` ("amd64")."""

    folder: Path
    suite: str
    architectures: tuple[str, ...]

    def update(self) -> None:
        """Fetch the lists if that was done more than a day ago; older ones serve without network.

        Raises SuiteError where there are none.
        """
        if self._is_due():
            with locked(self.folder.parent):
                # another run may have done it
                if self._is_due():
                    self._update()

    def _update(self) -> None:
        try:
            problem = self._fetch()
        except SuiteError as error:
            problem = str(error)
        checked = self.folder / "checked"
        # without it, there are only parts of the lists, if any
        if problem and not checked.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            raise SuiteError(problem)
        now = time.time()
        if problem:
            print(f"scripts/nix: {problem}; those that were fetched last are used", file=sys.stderr)
            # again in an hour
            now += _HOUR - _DAY
        checked.touch()
        os.utime(checked, (now, now))

    def _is_due(self) -> bool:
        try:
            age = time.time() - (self.folder / "checked").stat().st_mtime
        except OSError:
            return True
        return not 0 <= age < _DAY

    def files(self) -> list[Path]:
        """Return the files of the lists: they change when the suite does."""
        return sorted(
            path
            for path in (self.folder / "state/lists").glob("*")
            if re.search(r"_(Packages|Sources)(\.\w+)?$", path.name)
        )

    def mirror(self) -> str:
        """Return the URL, with "/" at its end, that `Filename` and `Directory` are below."""
        return (self.folder / "mirror").read_text()

    def packages(self, architecture: str) -> str:
        """Return the paragraphs (deb-control(5)) of the binary packages of an architecture."""
        return self._text(f"_binary-{architecture}_Packages")

    def sources(self) -> str:
        """Return the paragraphs (dsc(5)) of the source packages."""
        return self._text("_Sources")

    def _text(self, name: str) -> str:
        found = [path for path in self.files() if name in path.name]
        return "\n".join(_run([_CAT, "cat-file", str(path)]).stdout for path in found)

    def _fetch(self) -> str:
        """Return what went wrong, or nothing."""
        try:
            mirror = find_mirror()
            self._write(mirror)
            done = _run(["apt-get", "-q", "update"], APT_CONFIG=f"{self.folder}/apt.conf")
        except FileNotFoundError:
            return "this machine has no apt-get, which fetches the lists of Debian's suites"
        if not done.returncode:
            return ""
        if "does not have a Release file" in done.stderr and "404" in done.stdout:
            return f"{mirror} has no suite of that name; host, flake and auto are the other values"
        lines = [line for line in done.stderr.splitlines() if line[:3] in ("E: ", "W: ")]
        reason = lines[0][3:] if lines else f"apt-get ended with {done.returncode}"
        return f"the lists of the suite {self.suite} can't be fetched: {reason}"

    def _write(self, mirror: str) -> None:
        for name in ("state/lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        facts = {
            "folder": self.folder,
            "suite": self.suite,
            "mirror": mirror,
            "keyring": _KEYRING,
            "first": self.architectures[0],
        }
        architectures = " ".join(f'"{name}";' for name in self.architectures)
        files = {
            "status": "",
            "mirror": mirror,
            "apt.conf": _CONFIGURATION.format(all=architectures, **facts),
            "sources.list": _SOURCES.format(all=",".join(self.architectures), **facts),
        }
        for name, text in files.items():
            (self.folder / name).write_text(text)


def for_suite(cache: Path, suite: str) -> PrivateApt:
    """Return the lists of a suite, which stand below the cache folder.

    Raises SuiteError for what can't be the name of one.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", suite):
        raise SuiteError("it must be host, flake, auto or the name of a Debian suite")
    names = tuple(architecture.name for architecture in ARCHITECTURES.values())
    return PrivateApt(cache / "suites" / suite, suite, names)


def find_mirror() -> str:
    """Return the Debian mirror of this machine's apt. Raises SuiteError, or FileNotFoundError."""
    told = _run(["apt-get", "indextargets", "--format", _TARGETS, "Created-By: Packages"]).stdout
    mirror = mirror_of(told.splitlines())
    if mirror is None:
        raise SuiteError(
            "apt knows no Debian mirror here: add one to its sources and run apt-get update"
        )
    if not os.path.exists(_KEYRING):  # noqa: PTH110
        raise SuiteError(f"{_KEYRING} is missing: install debian-archive-keyring")
    return mirror


def mirror_of(targets: Iterable[str]) -> str | None:
    """Return the first Debian mirror, not security's, of lines "ORIGIN COMPONENT RELEASE URL"."""
    for line in targets:
        origin, component, release, url = (line.split() + [""] * 4)[:4]
        if origin == "Debian" and component == "main" and "security" not in release:
            return url
    return None


def _run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", **_proxies(), **environment},
    )


def _proxies() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
