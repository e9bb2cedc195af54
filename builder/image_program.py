"""Look for what an image starts, and for what its links lead to."""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from builder.errors import BuildError

# As many links may lead to each other; more are a circle.
MOST_LINKS = 40


def check_image(spec: Mapping[str, Any]) -> None:
    """Raise BuildError where an image lacks what it starts, or what a link of it leads to.

    `spec` has the image's `name`, its `config` with `Entrypoint`, `Cmd`, `Env`, `Volumes` and
    `WorkingDir`, and `links`, targets by their path in the image. What lies in a volume or in the
    working directory, or is linked to outside of the store, isn't looked for.
    """
    context = f"image {spec['name']}"
    for place, target in spec["links"].items():
        if _is_stored(target) and not os.path.lexists(target):
            raise BuildError(f'{context}: files."{place}": there is no {target}')
    command = [*spec["config"]["Entrypoint"], *spec["config"]["Cmd"]]
    if command and os.path.dirname(command[0]):
        _check_path(context, command[0], spec)
    elif command:
        _check_name(context, command[0], spec)


def _check_path(context: str, program: str, spec: Mapping[str, Any]) -> None:
    path = os.path.normpath(os.path.join(spec["config"]["WorkingDir"], program))
    file = _in_store(path, spec["links"])
    if _may_have(path, spec) or (file is not None and _is_program(file)):
        return
    if file is None:
        problem = "; give it in `files`, or name the folder where it will be mounted in `volumes`"
    elif os.path.isdir(file):
        problem = f": {file} is a folder"
    elif os.path.isfile(file):
        problem = f": {file} isn't executable"
    else:
        problem = f": there is no {file}"
    raise BuildError(f"{context}: there is no program {program}{problem}")


def _check_name(context: str, program: str, spec: Mapping[str, Any]) -> None:
    (path,) = (line.partition("=")[2] for line in spec["config"]["Env"] if line.startswith("PATH="))
    folders = [os.path.join("/", folder) for folder in path.split(os.pathsep)]
    if any(_may_have(folder, spec) for folder in folders):
        return
    programs = {name for folder in folders for name in _programs(folder, spec["links"])}
    if program not in programs:
        near = get_close_matches(program, sorted(programs))
        advice = f"did you mean {' or '.join(near)}?" if near else "give its package in `contents`"
        raise BuildError(f"{context}: there is no program {program} on its PATH; {advice}")


def _programs(folder: str, links: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of the programs in a folder of an image."""
    there = _in_store(folder, links)
    if there is not None and os.path.isdir(there):
        yield from (name for name in os.listdir(there) if _is_program(f"{there}/{name}"))
    for place in links:
        file = _in_store(place, links) if os.path.dirname(place) == folder else None
        if file is not None and _is_program(file):
            yield os.path.basename(place)


def _in_store(path: str, links: Mapping[str, str]) -> str | None:
    """Return what a path of an image is in the store, or None where it is nothing there."""
    for _ in range(MOST_LINKS):
        if _is_stored(path):
            return path
        place = next((place for place in links if f"{path}/".startswith(f"{place}/")), None)
        if place is None:
            return None
        path = links[place] + path.removeprefix(place)
    return None


def _may_have(path: str, spec: Mapping[str, Any]) -> bool:
    """Return whether a path outside of the store is one where something may be mounted."""
    links, config = spec["links"], spec["config"]
    if _in_store(path, links) is not None:
        return False
    mounted = [*config["Volumes"], *({config["WorkingDir"]} - {"/"})]
    outside = [place for place in links if _in_store(place, links) is None]
    return any(f"{path}/".startswith(f"{place}/") for place in [*mounted, *outside])


def _is_stored(path: str) -> bool:
    return path.startswith(f"{os.environ['NIX_STORE']}/")


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)
