"""The shape of a lock that Makes wrote: `closure`, `links` and `python`."""

from typing import Any

from lock.errors import LockError

MAKES_KEYS = {"closure", "links", "python"}
# Either marks a lock of wheelhouse; its first line, the format's number, may have been removed.
WHEELHOUSE_KEYS = {"systems", "wheelhouse"}


def check_shape(data: dict[str, Any], origin: str) -> None:
    """Raise LockError where a lock without `wheelhouse` isn't what Makes wrote."""
    problems = [f"the key {key!r} is unknown" for key in sorted(data.keys() - MAKES_KEYS)]
    problems += [f"the key {key!r} is missing" for key in sorted(MAKES_KEYS - data.keys())]
    shapes = {"closure": (dict, "a mapping"), "links": (list, "a list"), "python": (str, "a text")}
    problems += [
        f"{key} is not {shape}"
        for key, (kind, shape) in shapes.items()
        if key in data and not isinstance(data[key], kind)
    ]
    if not problems:
        problems += [
            f"the link {link!r} lacks name, sha256 or url"
            for link in data["links"]
            if not isinstance(link, dict) or not {"name", "sha256", "url"} <= link.keys()
        ]
    if problems:
        raise LockError(
            f"{origin}: {'; '.join(problems)}. "
            "A lock has closure, links and python; one of ours begins with `wheelhouse`"
        )
