"""What the wheels of a lock bundle, by the bills of materials inside of them (PEP 770)."""

from collections.abc import Mapping, Sequence

from lock.builds import sdist
from lock.builds.cache import user_cache
from lock.errors import LockError, UsageError
from lock.inspection.licenses import file_of
from lock.io import parallel, temporary
from lock.io.messages import one_line
from lock.lockfile.reader import Link, Lock
from lock.models.bundled import Bundle, Wheel
from lock.wheels.bills import read_bills
from lock.wheels.distribution_files import Distribution, DistributionFiles

# Wheels that are read at a time: most of it is waiting for small answers.
CONCURRENT_READS = 8


def bundled(lock: Lock, environment: Mapping[str, str]) -> dict[Wheel, Bundle]:
    """Return what the wheels of a lock bundle, those of all its systems.

    Of a wheel that isn't on this machine only parts are downloaded. What was read is cached. Raises
    UsageError naming all wheels that can't be read.
    """
    wheels = [link for link in lock.links if link.name.endswith(".whl")]
    cached = user_cache(environment)
    known = {one: _remembered(cached.bundle(one.sha256)) for one in wheels}
    unknown = [one for one, bundle in known.items() if bundle is None]
    found = {one: bundle for one, bundle in known.items() if bundle is not None}
    if unknown:
        with temporary.temporary_folder() as folder:
            files = DistributionFiles(folder, environment, lock.indexes, cached)
            read = parallel.map_threads(
                lambda link: _read(link, lock, files), unknown, CONCURRENT_READS
            )
        results = dict(zip(unknown, read, strict=True))
        _check(results)
        for link, bundle in results.items():
            if isinstance(bundle, Bundle):
                found[link] = bundle
                cached.store_bundle(link.sha256, bundle.to_json())
    return {(one.name, one.systems): found[one] for one in wheels}


def left_out(bundles: Mapping[Wheel, Bundle]) -> Sequence[str]:
    """Return a line for each bill that isn't taken, and why."""
    return [
        f"{name}: its bill of materials {one_line(file)} is left out: {reason}"
        for (name, _), bundle in bundles.items()
        for file, reason in bundle.left_out
    ]


def _remembered(data: Mapping[str, object]) -> Bundle | None:
    try:
        return Bundle.from_json(data) if data else None
    except (KeyError, TypeError, ValueError):
        return None


def _read(link: Link, lock: Lock, files: DistributionFiles) -> Bundle | LockError:
    file = file_of(link, lock.file.absolute().parent)
    distribution = Distribution(link.package, link.version, (file,))
    try:
        with files.opened(distribution, file, files.here(file)) as wheel:
            return read_bills(wheel, link.package)
    except LockError as error:
        return error
    except (*sdist.ARCHIVE_ERRORS, RuntimeError) as error:
        return UsageError(f"{file.name}: it can't be read: {error}")


def _check(results: Mapping[Link, Bundle | LockError]) -> None:
    """Raise UsageError where wheels couldn't be read, since their bills would be missing."""
    errors = [str(one) for one in results.values() if isinstance(one, LockError)]
    if errors:
        raise UsageError("\n".join(["what these wheels bundle isn't known:", *errors]))
