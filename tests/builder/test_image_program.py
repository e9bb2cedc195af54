"""An image has the program that it starts."""

from pathlib import Path

import pytest

from builder.errors import BuildError
from builder.image_program import check_program


def check(path: Path, *command: str, arguments: tuple[str, ...] = ()) -> None:
    config = {"Entrypoint": [*command], "Cmd": [*arguments], "Env": [f"PATH={path}", "X=1"]}
    check_program("web", config)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    (tmp_path / "uvicorn").write_text("")
    (tmp_path / "uvicorn").chmod(0o755)
    return tmp_path


def test_a_program_on_the_path_is_there(programs: Path) -> None:
    check(programs, "uvicorn")
    check(programs, arguments=("uvicorn",))
    check(programs)


def test_one_that_is_missing_is_told_with_near_ones(programs: Path) -> None:
    with pytest.raises(BuildError, match=r"image web: .* uvicron on its PATH; did you mean uvicor"):
        check(programs, "uvicron")
    with pytest.raises(BuildError, match="no program ls on its PATH; give its package in `cont"):
        check(programs, "ls")


def test_a_program_of_the_store_is_there_and_others_may_be_of_a_volume(programs: Path) -> None:
    check(programs, "/data/program")
    with pytest.raises(BuildError, match="image web: there is no program /nix/store/x/bin/no"):
        check(programs, "/nix/store/x/bin/no")
