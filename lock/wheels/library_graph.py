"""Which libraries the loaded files of several wheels need, and none of the wheels has."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from lock.wheels.wheel_needs import NativeFile

Key = TypeVar("Key", bound=Hashable)


def missing_libraries(wheels: Mapping[Key, Iterable[NativeFile]]) -> dict[Key, frozenset[str]]:
    """Return, by wheel, the sonames that its loaded files need; wheels without any are left out.

    A file is loaded if it is so by itself, or if a loaded file of any wheel needs it.
    """
    by_name: dict[str, tuple[Key, NativeFile]] = {}
    own: dict[Key, dict[str, NativeFile]] = {}
    for key, files in wheels.items():
        own[key] = {name: file for file in files for name in file.names}
        for name, file in own[key].items():
            by_name.setdefault(name, (key, file))
    missing: dict[Key, set[str]] = {}
    waiting = [(key, file) for key, files in wheels.items() for file in files if file.is_loaded]
    seen = {(key, file.names) for key, file in waiting}
    while waiting:
        key, file = waiting.pop()
        for soname in file.needed:
            found = (key, own[key][soname]) if soname in own[key] else by_name.get(soname)
            if found is None:
                missing.setdefault(key, set()).add(soname)
            elif (found[0], found[1].names) not in seen:
                seen.add((found[0], found[1].names))
                waiting.append(found)
    return {key: frozenset(sonames) for key, sonames in missing.items()}
