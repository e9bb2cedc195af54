"""Small locks for the tests of modules that read locks."""

from pathlib import Path
from typing import Any

import yaml

from lock.lockfile.formats import FORMAT
from lock.lockfile.reader import Lock, parse
from lock.models.nix_base32 import from_hex
from tests.support.uv_lock_texts import SHA256

DARWIN = "aarch64-darwin"
LINUX = "x86_64-linux"


def item(name: str, *needs: str | dict[str, Any], version: str = "1.0", **more: Any) -> Any:
    """Return an item of `packages`; `needs` are names, or items of `dependencies`."""
    dependencies = [{"name": need} if isinstance(need, str) else need for need in needs]
    return {"name": name, "version": version, "dependencies": dependencies, **more}


def link(name: str, package: str = "", version: str = "1.0", **more: Any) -> Any:
    """Return an item of `links`: a file of an index, unless `more` has other keys."""
    file = {"url": f"https://index.example/{name}", "sha256": from_hex(SHA256), "size": 1000}
    return {
        "name": name,
        "package": package or name.partition("-")[0],
        "version": version,
        **({} if more.keys() & {"git", "path"} else file),
        **more,
    }


def wheel(name: str, version: str = "1.0", tag: str = "py3-none-any", **more: Any) -> Any:
    """Return an item of `links` that is a wheel of an index."""
    return link(f"{name}-{version}-{tag}.whl", name, version, **more)


def lock_of(
    packages: list[Any],
    links: list[Any] | None = None,
    file: Path = Path("sources.yaml"),
    systems: tuple[str, ...] = (DARWIN, LINUX),
    **more: Any,
) -> Lock:
    """Return a lock for Python 3.11; `more` are further keys of sources.yaml.

    Without `links`, each package has a wheel for any platform.
    """
    wheels = [wheel(package["name"], package["version"]) for package in packages]
    data = {
        "wheelhouse": FORMAT,
        "python": "3.11",
        "systems": {system: {} for system in systems},
        "packages": packages,
        "links": wheels if links is None else links,
    }
    return parse(yaml.safe_dump(data | more), file)
