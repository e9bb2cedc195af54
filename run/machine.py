"""What the package set has for this machine: the system, as locks name it, and the Pythons."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from lock.errors import UsageError
from lock.models.pythons import check_python, supports
from run import library

# The launcher sets both, which saves an evaluation.
TARGET = "WHEELHOUSE_TARGET"
PYTHONS = "WHEELHOUSE_PYTHONS"
EXPRESSION = "{ library }: { inherit (library.toolchain) target pythonVersions; }"


@dataclass(frozen=True)
class Machine:
    """A system, as locks name it, the versions of Python there, and the one used by default."""

    system: str
    pythons: tuple[str, ...]
    default: str


def find(environment: Mapping[str, str]) -> Machine:
    """Return what there is. The default Python is the one that this program runs on.

    Raises LockError where Nix has to be asked and can't be.
    """
    default = "{}.{}".format(*sys.version_info[:2])
    system, pythons = environment.get(TARGET), environment.get(PYTHONS, "").split()
    if not (system and pythons):
        found = library.evaluate(EXPRESSION, {}, environment)
        system, pythons = found["target"], found["pythonVersions"]
    if default not in pythons:
        default = _newest(pythons)
    return Machine(system, tuple(pythons), default)


def choose_python(
    machine: Machine, asked: str | None, required: str | None, where: str, name: str
) -> str:
    """Return the Python to use: the one that is asked for, or else the first that fits.

    `required` is a range (PEP 440) that stands `where`; `name` is the program's.

    Raises UsageError where the package set has none that fits.
    """
    known = ", ".join(machine.pythons)
    allowed = SpecifierSet(required or "")
    if asked is not None:
        try:
            version = check_python(asked)
        except UsageError as error:
            raise UsageError(f"{name}: --python: {error}") from None
        if version not in machine.pythons:
            raise UsageError(
                f"{name}: --python: the package set has no Python {version}; it has {known}"
            )
        if not supports(allowed, version.removesuffix("t")):
            raise UsageError(
                f"{name}: --python: {where} runs on Python {required}, not on {version}; leave "
                "--python out"
            )
        return version
    fitting = [one for one in machine.pythons if supports(allowed, one) and not one.endswith("t")]
    if machine.default in fitting:
        return machine.default
    if not fitting:
        raise UsageError(
            f"{where}: it runs on Python {required}, and the package set has only {known}"
        )
    return _newest(fitting)


def _newest(pythons: "list[str] | tuple[str, ...]") -> str:
    return max(pythons, key=lambda one: (not one.endswith("t"), int(one.strip("t").split(".")[1])))
