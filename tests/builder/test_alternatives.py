"""Packages that bring the same modules are named in one line, with what to exclude."""

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Builder, Package, error_message
from tests.support.wheels import Wheel

SITE = RUNNING_PYTHON.site
BOTH = "To let the first of them by name win elsewhere, list the paths"


def unpack(builder: Builder, name: str, *requires: str, files: int = 0, **more: str) -> Package:
    """Unpack a package with some files below `vision`, and requirements."""
    lines = [f"Requires-Dist: {one}" for one in requires]
    lines += ["Provides-Extra: camera"] if any("extra" in one for one in requires) else []
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" + "".join(
        f"{line}\n" for line in lines
    )
    module = {f"vision/{number}.py": f"# {name}" for number in range(files)}
    return builder.unpack(Wheel(name, files={**module, **more}, metadata={"METADATA": metadata}))


def refusal(builder: Builder, *packages: Package) -> list[str]:
    """Return the lines of the error but for its title."""
    done = builder.try_compose(packages, builder.scratch / "out")
    return error_message(done).splitlines()[1:]


def test_of_two_that_others_require_the_smaller_one_is_to_be_excluded(builder: Builder) -> None:
    assert refusal(
        builder,
        unpack(builder, "vision", files=20),
        unpack(builder, "vision-contrib", files=30),
        unpack(builder, "faces", "vision_contrib>=1"),
        unpack(builder, "objects", "vision; python_version > '3'"),
    ) == [
        f"  {SITE}/vision/*  vision and vision-contrib, 20 files",
        "vision (required by objects) and vision-contrib (required by faces) bring the same "
        "modules. To keep vision-contrib alone, write",
        "  exclude: [vision]",
        'beside `requirements:` in requirements.yaml, or `exclude-dependencies = ["vision"]` below '
        "`[tool.uv]` in pyproject.toml, and lock again.",
    ]


def test_what_no_package_requires_is_kept(builder: Builder) -> None:
    lines = refusal(
        builder,
        unpack(builder, "vision", files=20),
        unpack(builder, "vision-contrib", files=30),
        *(unpack(builder, name, "vision-contrib") for name in "abcde"),
    )
    assert lines[1] == (
        "vision and vision-contrib (required by a, b, c and 2 more) bring the same modules. "
        "To keep vision alone, write"
    )
    assert lines[2] == "  exclude: [vision-contrib]"


def test_a_requirement_of_an_extra_is_told_apart(builder: Builder) -> None:
    lines = refusal(
        builder,
        unpack(builder, "vision", files=20),
        unpack(builder, "vision-contrib", files=30),
        unpack(builder, "faces", "vision-contrib; extra == 'camera'", "not valid"),
        unpack(builder, "objects", "vision; python_version < '3'"),
    )
    assert "vision-contrib (required by an extra of faces) bring" in lines[1]
    assert lines[2] == "  exclude: [vision-contrib]"


def test_of_what_no_package_requires_one_is_to_be_required(builder: Builder) -> None:
    assert refusal(
        builder, unpack(builder, "vision", files=1), unpack(builder, "vision-contrib", files=1)
    ) == [
        f"  {SITE}/vision/0.py  vision and vision-contrib",
        "vision and vision-contrib bring the same modules. Require only one of vision and "
        "vision-contrib, and lock again.",
    ]


def test_three_alternatives_are_one_group(builder: Builder) -> None:
    lines = refusal(
        builder,
        unpack(builder, "vision", files=20),
        unpack(builder, "vision-contrib", files=30),
        unpack(builder, "vision-headless", files=10),
        unpack(builder, "faces", "vision-contrib", "vision"),
    )
    assert lines[-3:-1] == [
        "vision (required by faces), vision-contrib (required by faces) and vision-headless bring "
        "the same modules. To keep vision-headless alone, write",
        "  exclude: [vision, vision-contrib]",
    ]


def test_other_collisions_may_still_be_ignored(builder: Builder) -> None:
    other = {"vision/0.py": "# other", **{f"other/{number}.py": "" for number in range(3)}}
    lines = refusal(
        builder,
        unpack(builder, "vision", files=20),
        unpack(builder, "vision-contrib", files=20),
        unpack(builder, "other", **other),
    )
    assert lines[0] == f"  {SITE}/vision/*     vision and vision-contrib, 19 files"
    assert lines[1] == f"  {SITE}/vision/0.py  other, vision and vision-contrib"
    assert lines[-1].startswith(BOTH)


@pytest.mark.parametrize(
    "files",
    [
        {"space/__init__.py": "{0}", "space/{0}.py": ""},
        {"{0}-1.0.data/data/etc/vision": "{0}"},
    ],
)
def test_a_shared_namespace_or_data_make_no_alternatives(
    builder: Builder, files: dict[str, str]
) -> None:
    wheels = [
        Wheel(name, files={path.format(name): text.format(name) for path, text in files.items()})
        for name in ("one", "two")
    ]
    lines = refusal(builder, *map(builder.unpack, wheels))
    assert len(lines) == 2
    assert "To let the first of them by name win, list" in lines[1]
