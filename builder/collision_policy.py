"""Say which collisions in site-packages are ignored without the user asking for it.

A collision is a path to which several packages bring different files. `merge` detects it, this
module says which ones don't matter, and `compose.refuse_collisions` raises for all others.
"""

# Files that belong into `.dist-info`, and that packages put into site-packages by mistake.
DOCUMENT_NAMES = (
    "AUTHORS",
    "CHANGELOG",
    "CHANGES",
    "CONTRIBUTING",
    "COPYING",
    "LICENCE",
    "LICENSE",
    "NOTICE",
    "README",
)
# Folders of a source tree that packages install by mistake. Nothing imports them.
SOURCE_TREE_FOLDERS = ("benchmarks", "doc", "docs", "examples", "test", "tests")


def ignored_globs(site: str) -> list[str]:
    """Return globs of the paths whose collisions are ignored; `site` is site-packages."""
    return [
        *(f"{site}/{name}" for name in DOCUMENT_NAMES),
        *(f"{site}/{name}.*" for name in DOCUMENT_NAMES),
        *(f"{site}/{name}/*" for name in SOURCE_TREE_FOLDERS),
    ]
