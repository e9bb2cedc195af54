"""Say which collisions are ignored without the user asking for it.

A collision is a path to which several packages bring different files. `merge` detects it, this
module says which ones don't matter, and `compose.refuse_collisions` raises for all others.
"""

# Files that belong into `.dist-info`, and that packages put elsewhere by mistake.
DOCUMENT_NAMES = (
    "AUTHORS",
    "CHANGELOG",
    "CHANGES",
    "CONTRIBUTING",
    "COPYING",
    "HISTORY",
    "LICENCE",
    "LICENSE",
    "NEWS",
    "NOTICE",
    "README",
)
# In small letters, only these are documents: `notice.py` is a module.
DOCUMENT_SUFFIXES = ("", ".md", ".rst", ".txt")
# Files and folders of a source tree that packages install by mistake. Nothing imports them.
SOURCE_TREE_FILES = ("MANIFEST.in", "pyproject.toml", "requirements.txt", "setup.cfg", "setup.py")
SOURCE_TREE_FOLDERS = ("benchmarks", "doc", "docs", "examples", "test", "tests")


def ignored_globs(site: str) -> list[str]:
    """Return globs of the paths whose collisions are ignored; `site` is site-packages.

    They are the same at the top of site-packages and at the top of the prefix, where `data_files`
    without a folder go.
    """
    names = [
        *DOCUMENT_NAMES,
        *(f"{name}.*" for name in DOCUMENT_NAMES),
        *(
            f"{spelling}{suffix}"
            for name in DOCUMENT_NAMES
            for spelling in (name.capitalize(), name.lower())
            for suffix in DOCUMENT_SUFFIXES
        ),
        *SOURCE_TREE_FILES,
        *(f"{name}/*" for name in SOURCE_TREE_FOLDERS),
    ]
    return [*(f"{site}/{name}" for name in names), *names]
