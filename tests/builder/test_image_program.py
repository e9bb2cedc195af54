"""An image has the program that it starts, and what its links lead to."""

from pathlib import Path
from typing import Any

import pytest

from builder.errors import BuildError
from builder.image_program import check_image


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a program, a file and a folder."""
    monkeypatch.setenv("NIX_STORE", str(tmp_path))
    (tmp_path / "web" / "bin").mkdir(parents=True)
    (tmp_path / "web" / "notes").write_text("")
    (tmp_path / "web" / "bin" / "uvicorn").write_text("")
    (tmp_path / "web" / "bin" / "uvicorn").chmod(0o755)
    return tmp_path / "web"


def check(
    command: str,
    path: object = "",
    links: dict[str, str] | None = None,
    volumes: tuple[str, ...] = (),
    folder: str = "/",
    **config: Any,
) -> None:
    made = {
        "Entrypoint": [command],
        "Cmd": [],
        "Env": [f"PATH={path}", "X=1"],
        "Volumes": {volume: {} for volume in volumes},
        "WorkingDir": folder,
        **config,
    }
    check_image({"name": "web", "config": made, "links": links or {}})


def test_a_program_on_the_path_is_there(store: Path) -> None:
    check("uvicorn", store / "bin")
    check("", store / "bin", Entrypoint=[], Cmd=["uvicorn"])
    check("", store / "bin", Entrypoint=[])


def test_one_that_is_missing_is_told_with_near_ones(store: Path) -> None:
    with pytest.raises(BuildError, match=r"image web: .* uvicron on its PATH; did you mean uvicor"):
        check("uvicron", store / "bin")
    with pytest.raises(BuildError, match="no program ls on its PATH; give its package in `cont"):
        check("ls", store / "bin")


def test_programs_of_this_machine_are_none_of_the_image() -> None:
    with pytest.raises(BuildError, match="there is no program sh on its PATH"):
        check("sh", "/bin:/usr/bin")
    with pytest.raises(BuildError, match="no program /bin/sh; give it in `files`, or name the fo"):
        check("/bin/sh")


def test_a_program_of_the_store_is_an_executable_file(store: Path) -> None:
    check(f"{store}/bin/uvicorn")
    with pytest.raises(BuildError, match=r"image web: .* no program .*/no: there is no .*/bin/no$"):
        check(f"{store}/bin/no")
    with pytest.raises(BuildError, match="notes isn't executable"):
        check(f"{store}/notes")
    with pytest.raises(BuildError, match="web is a folder"):
        check(f"{store}")


def test_links_of_the_image_lead_to_programs(store: Path) -> None:
    check("/bin/serve", links={"/bin/serve": f"{store}/bin/uvicorn"})
    check("serve", "/bin", {"/bin/serve": f"{store}/bin/uvicorn"})
    check("uvicorn", "/app/bin", {"/app": "/srv", "/srv": f"{store}"})
    check("bin/uvicorn", links={"/app": f"{store}"}, folder="/app")
    with pytest.raises(BuildError, match=r"no program bin/no: there is no .*/web/bin/no"):
        check("bin/no", links={"/app": f"{store}"}, folder="/app")
    check("/a/x", links={"/a": "/b", "/b": "/a"})


def test_a_program_may_be_mounted_where_a_folder_is_for_it() -> None:
    check("/data/program", volumes=("/data",))
    check("program", "/data/bin", volumes=("/data",))
    check("./program", folder="/work")
    check("/program", links={"/program": "/data/program"}, volumes=("/data",))


def test_a_link_leads_to_something_of_the_store(store: Path) -> None:
    links = {"/bin/sh": f"{store}/bin/bash"}
    with pytest.raises(BuildError, match=r'image web: files\."/bin/sh": there is no .*/bin/bash$'):
        check("", links=links, Entrypoint=[])
