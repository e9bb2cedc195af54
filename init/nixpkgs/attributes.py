"""The attribute of nixpkgs' Python packages for a project of an index."""

from collections.abc import Collection

from init.nixpkgs import nix_text

# nixpkgs names a project as PEP 503 does; these it names otherwise (pkgs/top-level/
# python-packages.nix).
OTHER_NAMES = {
    "discord-py": "discordpy",
    "libvirt-python": "libvirt",
    "oldest-supported-numpy": "numpy",
    "pygobject": "pygobject3",
}
# What is an attribute of nixpkgs and a Python package of another kind, so that a function that is
# called with Python packages must take the first from `pkgs`.
SHARED_NAMES = frozenset(
    {
        *("augeas", "boost", "botan3", "brotli", "capstone", "cgal", "cmake", "graphviz", "lz4"),
        *("libxml2", "meson", "ninja", "protobuf", "pybind11", "re2", "snappy", "zstd"),
    }
)


def attribute(project: str, names: Collection[str] | None = None) -> str:
    """Return the attribute of a project, by its normalized name.

    `names` are those of the package set, if they are known: what it has under the project's own
    name is the project.

    >>> attribute("pygobject"), attribute("2captcha")
    ('pygobject3', '_2captcha')
    """
    if names is not None and project in names:
        return project
    found = OTHER_NAMES.get(project, project)
    # What can't be the name of an argument.
    is_name = nix_text.IDENTIFIER.fullmatch(found) and found not in nix_text.KEYWORDS
    return found if is_name else f"_{found}"
