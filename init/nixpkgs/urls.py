"""Addresses of a project: its page, its changes, its repository.

Source: core metadata specifications, Project-URL, and the well-known labels there.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

HOME = ("homepage", "home")
SOURCE = ("source", "repository", "sourcecode", "github", "code", "sourcerepository", "gitlab")
CHANGES = ("changelog", "changes", "releasenotes", "whatsnew", "history", "news", "changelogs")
DOCUMENTS = ("documentation", "docs")
# The places that nixpkgs has a fetcher for, by their hosts.
FETCHERS: Mapping[str, str] = {
    "github.com": "fetchFromGitHub",
    "gitlab.com": "fetchFromGitLab",
    "codeberg.org": "fetchFromCodeberg",
}


@dataclass(frozen=True)
class Repository:
    """A repository that nixpkgs can fetch from."""

    fetcher: str
    owner: str
    name: str


def homepage(urls: Mapping[str, str]) -> str:
    """Return the address of a project's page, else of its repository or its documents; or ""."""
    return _first(urls, (*HOME, *SOURCE, *DOCUMENTS))


def changelog(urls: Mapping[str, str]) -> str:
    """Return the address of a project's changes; empty where it names none."""
    return _first(urls, CHANGES)


def repository(urls: Mapping[str, str]) -> Repository | None:
    """Return a project's repository; None where it names none that nixpkgs has a fetcher for."""
    named = [_first(urls, (label,)) for label in (*SOURCE, *HOME)]
    return next(filter(None, map(_repository, (*named, *urls.values()))), None)


def _repository(url: str) -> Repository | None:
    parts = urlsplit(url)
    path = parts.path.strip("/").split("/")
    fetcher = FETCHERS.get((parts.hostname or "").removeprefix("www."))
    if not fetcher or len(path) < 2 or not all(re.fullmatch(r"[\w.-]+", one) for one in path[:2]):
        return None
    return Repository(fetcher, path[0], path[1].removesuffix(".git"))


def _first(urls: Mapping[str, str], labels: Iterable[str]) -> str:
    """Return the address with the first of some labels that there is; empty for none."""
    plain = {re.sub(r"[\W_]", "", label).lower(): url for label, url in urls.items()}
    return next((plain[label] for label in labels if plain.get(label)), "")
