"""Makes members of a request of the user's projects."""

import email.parser
import subprocess
from pathlib import Path

from packaging.version import InvalidVersion, Version

from lock.builds import checkout
from lock.models.requirements import Project
from lock.resolution.request import Member, texts
from lock.resolution.uv import Resolver

# Newer than any that a requirement names; it is seen where nothing tells a better one.
NEWEST_VERSION = "9999"


def member(project: Project, resolver: Resolver, python: str) -> Member:
    """Return a project as a member; one whose backend must be asked is copied.

    The version of one that is unknown is guessed: other packages may ask for a range of versions.
    """
    version = (
        project.version
        or _likely_version(Path(project.path))
        or _version(resolver.newest(project.name, python))
        or NEWEST_VERSION
    )
    extras = {extra: texts(listed) for extra, listed in project.extras.items()}
    if project.dependencies is not None:
        return Member(project.name, version, texts(project.dependencies), extras)
    copy = resolver.folder / "projects" / project.name
    if not copy.exists():
        checkout.copy(Path(project.path), copy, project.name, version)
    return Member(project.name, version, extras=extras, folder=copy)


def _likely_version(folder: Path) -> str | None:
    """Return the version of the last tag, or of the source distribution that a folder was.

    Only requirements of other packages on the project see it.
    """
    try:
        text = (folder / "PKG-INFO").read_text(encoding="utf-8")
        found = email.parser.HeaderParser().parsestr(text)["Version"]
    except (OSError, UnicodeDecodeError):
        found = None
    return _version(found) or _version(_last_tag(folder))


def _last_tag(folder: Path) -> str | None:
    try:
        done = subprocess.run(
            ["git", "describe", "--tags", "--abbrev=0"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _version(text: str | None) -> str | None:
    try:
        return str(Version(text)) if text else None
    except InvalidVersion:
        return None
