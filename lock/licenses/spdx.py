"""The SPDX licence list: current names, categories, and later versions of licences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from license_expression import get_license_index

OWN = "LicenseRef-"
LATER = re.compile(r"(?P<base>.+?)(?:-or-later|\+)", re.IGNORECASE)
VERSIONED = re.compile(r"(?P<family>.+)-(?P<version>[0-9]+(?:\.[0-9]+)*)(?:-only)?")


@dataclass(frozen=True)
class Known:
    """The licences of the list, by their names in lower case, also by earlier names."""

    # Name or earlier name, in lower case → the name.
    names: Mapping[str, str]
    # Name → category, such as `copyleft-limited`.
    categories: Mapping[str, str]
    # The exceptions from licences, in lower case, also by earlier names.
    exceptions: frozenset[str]

    def current(self, name: str) -> str:
        """Return the name that a licence has now; one that isn't listed stays."""
        found = self.names.get(name.lower())
        later = LATER.fullmatch(name)
        if found is None and later is not None and later["base"].lower() in self.names:
            return f"{self.names[later['base'].lower()]}+"
        return found or name

    def category(self, name: str) -> str | None:
        """Return the category of a licence; None for one that isn't listed."""
        found = self.categories.get(name)
        later = LATER.fullmatch(name)
        return self.categories.get(later["base"]) if found is None and later else found

    def later(self, name: str) -> list[str]:
        """Return the versions that `or later` lets one choose; none of another name."""
        later = LATER.fullmatch(name)
        least = VERSIONED.fullmatch(later["base"]) if later else None
        if least is None:
            return []
        found = (VERSIONED.fullmatch(one) for one in self.categories)
        return sorted(
            one[0]
            for one in found
            if one is not None
            and one["family"] == least["family"]
            and _version(one["version"]) >= _version(least["version"])
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


@cache
def known() -> Known:
    """Return the SPDX licence list, with the categories that AboutCode's list adds."""
    names: dict[str, str] = {}
    categories: dict[str, str] = {}
    exceptions: set[str] = set()
    for item in get_license_index():
        name = item.get("spdx_license_key")
        if not name:
            continue
        if item["is_exception"]:
            exceptions |= {one.lower() for one in (name, *item["other_spdx_license_keys"])}
            continue
        categories[name] = item["category"].lower().replace(" ", "-")
        names[name.lower()] = name
        for other in item["other_spdx_license_keys"]:
            names.setdefault(other.lower(), name)
    return Known(names, categories, frozenset(exceptions))
