"""Small texts of uv.lock for the tests of modules that read it."""

from lock.models.packages import Resolution
from lock.models.target import SYSTEMS, Target
from lock.resolution.uv_lock import parse
from lock.selection.installation import Installation, install

ROOT = "root"
SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def file(name: str) -> str:
    """Return the inline table of a file."""
    url = f"https://index.example/files/{name}"
    return f'{{ url = "{url}", hash = "sha256:{SHA256}", size = 1000 }}'


def package(name: str, version: str = "1.0", needs: str = "", more: str = "") -> str:
    """Return the table of a package with a wheel for any platform.

    `needs` holds inline tables of dependencies, `more` further keys and tables, both as TOML.
    """
    wheel = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    return (
        f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
        f'source = {{ registry = "https://index.example/simple" }}\n'
        f"dependencies = [{needs}]\nwheels = [{file(wheel)}]\n{more}\n"
    )


def uv_lock(needs: str, *packages: str) -> str:
    """Return a uv.lock; `needs` holds the inline tables of the requirements."""
    head = 'version = 1\nrevision = 3\nrequires-python = ">=3.8"\n\n'
    root = (
        f'[[package]]\nname = "{ROOT}"\nversion = "0"\nsource = {{ virtual = "." }}\n'
        f"dependencies = [{needs}]\n\n"
    )
    return head + "\n".join([*packages, root])


def target(system: str, python: str = "3.11") -> Target:
    """Return the target of a system and a Python version."""
    return Target(SYSTEMS[system], python)


def installed(text: str, system: str = "x86_64-linux") -> tuple[Resolution, Installation]:
    """Return the resolution of a uv.lock, and what it installs on a system."""
    resolution = parse(text, ROOT)
    return resolution, install(resolution, target(system))
