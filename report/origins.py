"""Tell where a package comes from, and how a source distribution is built."""

from lock.lockfile import native_section
from lock.lockfile.reader import Link, Lock
from report.models import Build, Origin


def origin_of(lock: Lock, system: str, name: str) -> Origin:
    """Return where a package of a lock comes from on a system."""
    package = lock.on(name, system)
    if package is not None and package.origin:
        return Origin(package.origin, "")
    link = next((one for one in lock.links if one.package == name and system in one.systems), None)
    if link is None:
        return Origin("wheel", "")
    kind = _kind(link)
    return Origin(kind, link.name, None if kind == "wheel" else _build(lock, system, link))


def _kind(link: Link) -> str:
    if link.name.endswith(".whl"):
        return "wheel"
    return "project" if link.path and not link.sha256 else "sdist"


def _build(lock: Lock, system: str, link: Link) -> Build | None:
    build = next(
        (one for one in lock.builds if one.package == link.package and system in one.systems), None
    )
    if build is None:
        return None
    needs = lock.needs.get((link.package, link.version))
    return Build(
        build.requires,
        tuple((name, version) for name, version, systems in build.closure if system in systems),
        native_section.lists(needs) if needs else {},
    )
