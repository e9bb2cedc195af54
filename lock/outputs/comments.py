"""Comments on what other formats can't say of a lock."""

from collections.abc import Iterator

from lock.lockfile.reader import Lock


def comments(lock: Lock) -> Iterator[str]:
    """Yield a line each on packages from nixpkgs, and on those that others stand for.

    Whoever requires these says so in its metadata, which installers believe.
    """
    given = sorted({package.name for package in lock.packages if package.origin})
    if given:
        verb = "comes" if len(given) == 1 else "come"
        yield f"# Without {', '.join(given)}, which {verb} from nixpkgs; install with --no-deps."
    for name, other in sorted(lock.requested.get("replace", {}).items()):
        if other in lock.by_name and other not in given:
            yield f"# {other} stands in place of {name}; install with --no-deps."
