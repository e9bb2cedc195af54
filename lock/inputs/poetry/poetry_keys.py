"""What becomes of the keys of the table `tool.poetry` (Poetry, "The pyproject.toml file")."""

from lock.inputs.documents.tool_keys import BESIDE, HONOURED, Key, Use

OF_DEPENDENCIES = {
    "version": HONOURED,
    "python": Key(Use.HONOURED, "as a marker"),
    "platform": Key(Use.HONOURED, "as a marker"),
    "markers": HONOURED,
    "extras": HONOURED,
    "optional": Key(Use.HONOURED, "the package is then in the groups of its extras only"),
    "allow-prereleases": HONOURED,
    "allows-prereleases": Key(
        Use.WITHOUT_EFFECT, "Poetry ignores it, too; write `allow-prereleases`"
    ),
    "source": Key(Use.HONOURED, "a list may have one for each marker"),
    "git": HONOURED,
    "branch": HONOURED,
    "tag": HONOURED,
    "rev": HONOURED,
    "subdirectory": HONOURED,
    "path": HONOURED,
    "file": Key(Use.HONOURED, "as `path`"),
    "url": HONOURED,
    "develop": BESIDE,
}
PLACES = ("dependencies.*", "dev-dependencies.*", "group.*.dependencies.*")
KEYS = {
    "dependencies.*": HONOURED,
    "dev-dependencies.*": Key(Use.HONOURED, "as the group `dev`"),
    "group.*.dependencies.*": HONOURED,
    "group.*.include-groups": HONOURED,
    "group.*.optional": Key(
        Use.BESIDE, "all groups are locked, and an environment has those that it names"
    ),
    **{f"{place}.{key}": use for place in PLACES for key, use in OF_DEPENDENCIES.items()},
    "extras": Key(Use.HONOURED, "where `[project]` has no dependencies, as in Poetry"),
    "source.name": HONOURED,
    "source.url": HONOURED,
    "source.priority": HONOURED,
    "source.default": Key(Use.HONOURED, "as the priority of this name"),
    "source.secondary": Key(Use.HONOURED, "as the priority of this name"),
    "source.links": Key(Use.WITHOUT_EFFECT, "Poetry ignores it, too"),
    "source.indexed": Key(Use.WITHOUT_EFFECT, "Poetry ignores it, too"),
    "build-constraints": Key(
        Use.WITHOUT_EFFECT, "write `build-constraint-dependencies` in `[tool.uv]`"
    ),
    "package-mode": Key(Use.HONOURED, "without a package there is nothing to build"),
    "name": HONOURED,
    "version": HONOURED,
    "scripts": Key(Use.HONOURED, "as the programs of the project"),
    **dict.fromkeys(
        (
            "authors",
            "build",
            "classifiers",
            "description",
            "documentation",
            "exclude",
            "homepage",
            "include",
            "keywords",
            "license",
            "maintainers",
            "packages",
            "plugins",
            "readme",
            "repository",
            "requires-plugins",
            "requires-poetry",
            "urls",
        ),
        BESIDE,
    ),
}
