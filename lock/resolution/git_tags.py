"""Lets uv see where a tag of a repository points now, whatever its cache remembers."""

import re
from collections.abc import Iterable, Iterator, Mapping

from lock.models.requirements import Git
from lock.resolution.request import Request

# A direct reference (PEP 440), up to its revision or fragment.
ADDRESS = re.compile(r"\bgit\+([a-z]+://(?:[^/@\s]*@)?[^@#\s]*)")


def addresses(text: str) -> list[str]:
    """Return the addresses of the repositories that a requirement (PEP 508) names."""
    return ADDRESS.findall(text)


def repositories(request: Request) -> list[str]:
    """Return the addresses of the repositories that a request names, sorted."""
    return sorted({*_named(request)})


def _named(request: Request) -> Iterator[str]:
    for origins in request.origins.values():
        for origin in origins:
            if isinstance(origin.reference, Git):
                yield origin.reference.url
    for text in request.every_requirement():
        yield from addresses(text)


def variables(environment: Mapping[str, str], urls: Iterable[str]) -> dict[str, str]:
    """Return the variables that have git move its tags along with those of some repositories.

    uv's cache keeps a clone of each repository. A tag that has moved since is fetched for uv's own
    use, but the clone's tag of that name stays, and a backend that reads the version from git finds
    it. git(1) reads settings from these variables (git-config(1)); the user's own stay.
    """
    given = environment.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdecimal() else 0
    found: dict[str, str] = {}
    for index, url in enumerate(urls, first):
        found[f"GIT_CONFIG_KEY_{index}"] = f"remote.{url}.fetch"
        found[f"GIT_CONFIG_VALUE_{index}"] = "+refs/tags/*:refs/tags/*"
        found["GIT_CONFIG_COUNT"] = str(index + 1)
    return found
