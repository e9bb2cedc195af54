"""Files that packages drop into site-packages by mistake, and that nothing imports or reads."""

# Texts that belong into `.dist-info`, and folders of a source tree that were taken for packages.
TEXTS = (
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
FOLDERS = ("benchmarks", "doc", "docs", "examples", "test", "tests")


def tolerated(site: str) -> list[str]:
    """Globs of the paths in the site-packages `site` where it matters to nobody who wins."""
    return [
        *(f"{site}/{name}" for name in TEXTS),
        *(f"{site}/{name}.*" for name in TEXTS),
        *(f"{site}/{name}/*" for name in FOLDERS),
    ]
