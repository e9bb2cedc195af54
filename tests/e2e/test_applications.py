"""Applications of packages of the index: their own programs, and plugins that these find."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import NIXES
from tests.support.nix import Nix, in_sandbox, write_user_flake

pytestmark = [pytest.mark.nix, pytest.mark.index]

NIX = Nix(NIXES["at hand"])
REQUIREMENTS = """\
python: 3.12
systems: [x86_64-linux]
requirements:
  pip-tools: "*"
  yt-dlp: "*"
groups:
  docs: {mkdocs: "*", mkdocs-material: "*"}
  data: {datasette: "*", datasette-json-html: "*"}
  test: {pytest: "*", pytest-mock: "*"}
"""


def application(package: str, groups: str = "", arguments: str = "") -> str:
    """Return a call of makePythonPypiApplication in Nix."""
    chosen = f"groups = [ {groups} ];" if groups else ""
    return (
        f'library.makePythonPypiApplication {{ package = "{package}"; '
        f"sourcesYaml = ./sources.yaml; {chosen} {arguments} }}"
    )


@pytest.fixture(scope="module")
def flake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flake with applications of one lock."""
    folder = tmp_path_factory.mktemp("applications")
    (folder / "requirements.yaml").write_text(REQUIREMENTS)
    NIX.lock(folder)
    (folder / "index.md").write_text("text\n")
    (folder / "mkdocs.yml").write_text("site_name: x\ntheme: material\n")
    mkdocs = application("mkdocs", '"docs"')
    site = (
        "cp -r ${./mkdocs.yml} mkdocs.yml; mkdir docs; cp ${./index.md} docs/index.md; "
        f"${{{mkdocs}}}/bin/mkdocs build -q; cat site/index.html"
    )
    datasette = application("datasette", '"data"')
    alone = application("datasette", " ")
    test = application("pytest", '"test"')
    paths = 'searchPaths.export = [ [ "GREETING" "/x" "" ] ];'
    return write_user_flake(
        folder,
        f"""
        yt-dlp = {application("yt-dlp")};
        pip-tools = {application("pip-tools")};
        pip-sync = {application("pip-tools", arguments='mainProgram = "pip-sync";')};
        packaging = {application("packaging")};
        with-paths = {application("yt-dlp", arguments=paths)};
        docs = {in_sandbox(f"true; {site}")};
        data = {in_sandbox(f"${{{datasette}}}/bin/datasette plugins")};
        alone = {in_sandbox(f"${{{alone}}}/bin/datasette plugins")};
        test = {in_sandbox(f"${{{test}}}/bin/pytest -VV")};
        """,
    )


def test_an_application_has_its_own_programs_and_its_share(flake):
    built = NIX.build("path:.#yt-dlp", cwd=flake)
    assert [path.name for path in (built / "bin").iterdir()] == ["yt-dlp"]
    assert (built / "share" / "man" / "man1" / "yt-dlp.1").is_file()
    assert (built / "share" / "bash-completion" / "completions" / "yt-dlp").is_file()
    assert NIX.evaluate("path:.#yt-dlp.meta.mainProgram", cwd=flake) == "yt-dlp"
    assert NIX.output("run", "path:.#yt-dlp", "--", "--version", cwd=flake)[:3] == "202"


def test_a_theme_and_plugins_are_found_by_entry_points(flake):
    assert "mkdocs-material" in NIX.build("path:.#docs", cwd=flake).read_text()
    assert "pytest-mock" in NIX.build("path:.#test", cwd=flake).read_text()

    def plugins(name: str) -> list[str]:
        printed = NIX.build(f"path:.#{name}", cwd=flake).read_text()
        return [one["name"] for one in json.loads(printed)]

    assert plugins("data") == ["datasette-json-html"]
    assert plugins("alone") == []


def test_a_main_program_that_is_none_is_named_with_those_that_are(flake):
    done = NIX.run("build", "--no-link", "path:.#pip-tools", cwd=flake)
    assert done.returncode != 0
    assert (
        "pip-tools has no program pip-tools; give one of its own as `mainProgram`: "
        "pip-compile, pip-sync" in done.stderr
    )
    assert NIX.evaluate("path:.#pip-sync.meta.mainProgram", cwd=flake) == "pip-sync"
    assert (NIX.build("path:.#pip-sync", cwd=flake) / "bin" / "pip-compile").exists()


def test_a_package_without_programs_is_no_application(flake):
    done = NIX.run("build", "--no-link", "path:.#packaging", cwd=flake)
    assert done.returncode != 0
    assert "packaging has no programs, so no application can be made of it" in done.stderr


def test_what_a_shell_would_have_is_there_for_an_application(flake):
    program = NIX.build("path:.#with-paths", cwd=flake) / "bin" / "yt-dlp"
    text = program.read_text()
    assert text.startswith("#!/nix/store/")
    template = Path(text.splitlines()[1].split()[1])
    assert "_wheelhouse_prepend GREETING '/x'" in template.read_text()


ANSIBLE = """\
python: 3.12
systems: [x86_64-linux]
requirements: {ansible: "*"}
"""


@pytest.mark.large
def test_ansible_finds_its_collections(tmp_path):
    (tmp_path / "requirements.yaml").write_text(ANSIBLE)
    NIX.lock(tmp_path)
    write_user_flake(
        tmp_path,
        f"""app = {application("ansible-core", arguments='mainProgram = "ansible";')};""",
    )
    program = NIX.build("path:.#app", cwd=tmp_path) / "bin" / "ansible-doc"
    # It insists on a UTF-8 locale, which the sandbox's libc doesn't have.
    variables = {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "LOCPATH": "/usr/lib/locale"}
    command = [program, "-t", "module", "-l", "community.docker"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert "community.docker.docker_container" in done.stdout, done.stderr
