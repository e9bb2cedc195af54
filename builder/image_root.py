"""The files of an image outside of the store: folders to write to, users, links."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from builder.image_tar import Entry, file, folder, link

# Some C libraries would ask a name server for "localhost" first.
NAME_SERVICES = b"passwd: files\ngroup: files\nhosts: files dns\n"


def root_entries(root: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the entries of what an image has outside of the store, sorted.

    `user` is null or has `name`, `uid`, `gid` and `home`; `folders` belong to it; `links` are
    targets by path. A link replaces what has its name, and all that would lie behind it.
    """
    user = root["user"]
    owner = (0, 0) if user is None else (user["uid"], user["gid"])
    links = {path.strip("/"): target for path, target in root["links"].items()}
    found: dict[str, Entry] = {}
    for path in root["folders"]:
        if name := path.strip("/"):
            found[name] = folder(name, 0o755, owner)
    if user is not None:
        home = user["home"].strip("/")
        found[home] = folder(home, 0o700, owner)
    found["root"] = folder("root", 0o700)
    found["tmp"] = folder("tmp", 0o1777)
    found["etc/nsswitch.conf"] = file("etc/nsswitch.conf", NAME_SERVICES)
    found["etc/passwd"] = file("etc/passwd", passwd(user).encode())
    found["etc/group"] = file("etc/group", groups(user).encode())
    found = {name: entry for name, entry in found.items() if not _behind_link(name, links)}
    found |= {name: link(name, target) for name, target in links.items()}
    for name in list(found):
        while name := os.path.dirname(name):
            found.setdefault(name, folder(name))
    yield from (found[name] for name in sorted(found))


def _behind_link(name: str, links: Mapping[str, str]) -> bool:
    return any(name == other or name.startswith(f"{other}/") for other in links)


def passwd(user: Mapping[str, Any] | None) -> str:
    """Return the lines of /etc/passwd."""
    lines = ["root:x:0:0::/root:/bin/sh"]
    if user is not None:
        lines.append(f"{user['name']}:x:{user['uid']}:{user['gid']}::{user['home']}:/bin/sh")
    return "".join(f"{line}\n" for line in lines)


def groups(user: Mapping[str, Any] | None) -> str:
    """Return the lines of /etc/group."""
    lines = ["root:x:0:"]
    if user is not None and user["gid"] != 0:
        lines.append(f"{user['name']}:x:{user['gid']}:")
    return "".join(f"{line}\n" for line in lines)
