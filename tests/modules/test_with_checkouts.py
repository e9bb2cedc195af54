"""The module works in the real flake-parts; devenv and devshell take the snippets for them.

`scripts/test --checkouts FOLDER tests/modules` runs this. The folder has checkouts: nixpkgs or only
its `lib`, flake-parts, and for the last test home-manager, nix-darwin, devenv and devshell.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.doc_examples import Example, examples, matches
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.evaluation import value_of
from tests.support.nix import Nix
from tests.support.project import ROOT

MODULES = ROOT / "modules"
DOCUMENT = (ROOT / "docs" / "flake-parts.md").read_text(encoding="utf-8")
LOCK = ROOT / "examples" / "django" / "sources.yaml"
FLAKE, FURTHER, *_ = code_blocks(DOCUMENT, "nix")
KINDS_OF_ENVIRONMENTS = ("environments", "applications", "scripts")
PROJECT = """
[project]
name = "demo"
version = "1"
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"
"""
REQUIREMENTS = code_blocks(DOCUMENT, "yaml")[0]

pytestmark = [pytest.mark.nix, pytest.mark.index, pytest.mark.checkouts]


@pytest.fixture(scope="session")
def checkouts(request: pytest.FixtureRequest) -> Path:
    """The folder of checkouts."""
    folder = Path(request.config.getoption("--checkouts")).resolve()
    assert (folder / "nixpkgs" / "lib").is_dir()
    return folder


@pytest.fixture(scope="session")
def newest() -> Nix:
    """The newest Nix: flake-parts doesn't know the flakes of old ones."""
    return Nix(os.environ["WHEELHOUSE_NEWEST_NIX"])


@pytest.fixture
def project(checkouts: Path, tmp_path: Path) -> Path:
    """A folder with the document's files, whose inputs are the checkouts."""
    text = FLAKE.replace(
        'inputs.flake-parts.url = "github:hercules-ci/flake-parts"',
        f'inputs.flake-parts.url = "path:{(checkouts / "flake-parts").resolve()}"',
    ).replace(
        'inputs.flake-parts.inputs.nixpkgs-lib.follows = "nixpkgs"',
        f'inputs.flake-parts.inputs.nixpkgs-lib.url = "path:{library_flake(checkouts, tmp_path)}"',
    )
    assert text.count('"path:/') == 3, "an input of the document isn't replaced"
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "flake.nix").write_text(text, encoding="utf-8")
    (folder / "requirements.yaml").write_text(REQUIREMENTS, encoding="utf-8")
    return folder


def library_flake(checkouts: Path, folder: Path) -> Path:
    """Write a flake that has nixpkgs' library, as every kind of checkout of it has."""
    flake = folder / "nixpkgs-lib"
    flake.mkdir()
    subprocess.run(["cp", "-rL", checkouts / "nixpkgs" / "lib", flake / "lib"], check=True)
    (flake / "flake.nix").write_text("{ outputs = _: { lib = import ./lib; }; }", encoding="utf-8")
    return flake


@dataclass(frozen=True)
class PerSystem:
    """What becomes of a flake whose `perSystem` says something.

    In expressions, `config` is that of one system, `lib` and `parts` are the libraries of nixpkgs
    and flake-parts, `library` is wheelhouse's, and `mkLib` makes it.
    """

    nix: Nix
    checkouts: Path

    def evaluate(
        self, expression: str, module: str = "", folder: Path = ROOT
    ) -> subprocess.CompletedProcess[str]:
        """Evaluate an expression, with `module` in `perSystem`."""
        code = f"""
          let
            # Examples name what the host package set lacks.
            pkgs = {{ git = pkgs.uv; fetchurl = _: null; }} // import <nixpkgs> {{ }};
            lib = import "{self.checkouts}/nixpkgs/lib";
            parts = (import "{self.checkouts}/flake-parts/flake.nix").outputs {{
              self = {{ outPath = "/flake-parts"; inputs = {{ }}; }};
              nixpkgs-lib = {{ inherit lib; }};
            }};
            mkLib = pkgs: import {ROOT} {{ inherit pkgs; }};
            library = mkLib pkgs;
            inputs.nixpkgs = {{ _type = "flake"; legacyPackages.x86_64-linux = pkgs; }};
            flake = parts.lib.evalFlakeModule {{
              inputs = inputs // {{ self = {{ outPath = "/flake"; inherit inputs; }}; }};
            }} {{
              systems = [ "x86_64-linux" ];
              imports = [ (import {MODULES}/flake-parts.nix mkLib) ];
              perSystem = {{ pkgs, system, config, ... }}: {{ {module} }};
            }};
            config = flake.config.allSystems.x86_64-linux;
          in {expression}
        """
        return self.nix.run("eval", "--impure", "--json", "--expr", code, cwd=folder)

    def value(self, expression: str, module: str = "", folder: Path = ROOT) -> Any:
        """Return the value of an expression; relative paths begin in `folder`."""
        done = self.evaluate(expression, module, folder)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def error(self, expression: str, module: str) -> str:
        """Return the message of an expression that throws, on one line."""
        done = self.evaluate(expression, module)
        assert done.returncode != 0, done.stdout
        return re.sub(r"\s+", " ", re.sub("\x1b\\[[0-9;]*m", "", done.stderr))


@pytest.fixture(scope="session")
def per_system(newest: Nix, checkouts: Path) -> PerSystem:
    """A flake with the module."""
    return PerSystem(newest, checkouts)


def test_the_commands_of_the_document_run(newest: Nix, project: Path, tmp_path: Path) -> None:
    [block] = [block for block in code_blocks(DOCUMENT, "console") if "nix run .#manage" in block]
    commands = console_commands(block)
    assert len(commands) == 5
    printed = run_commands(newest, commands, project, tmp_path / "programs")
    assert re.search(r"^\d+\.\d+", printed, re.MULTILINE)
    assert (project / "result" / "bin" / "django-admin").exists()
    checks = newest.evaluate(
        "path:.#checks.x86_64-linux", "--apply", "builtins.attrNames", cwd=project
    )
    assert checks == ["env-imports"]


def test_what_the_table_shows_is_there(newest: Nix, project: Path) -> None:
    flake = project / "flake.nix"
    text = flake.read_text(encoding="utf-8").replace(
        "wheelhouse.shells", 'wheelhouse.images.box.environment = "env";\n wheelhouse.shells'
    )
    flake.write_text(text, encoding="utf-8")
    (project / "sources.yaml").write_bytes(LOCK.read_bytes())
    names = newest.evaluate(
        "path:.#.",
        "--apply",
        """flake: builtins.mapAttrs (_: builtins.mapAttrs (_: builtins.attrNames)) {
          inherit (flake) packages apps devShells checks; }""",
        cwd=project,
    )
    assert names["packages"]["x86_64-linux"] == ["box", "env", "manage"]
    assert names["packages"]["aarch64-darwin"] == ["env", "manage"]
    assert names["apps"]["x86_64-linux"] == ["env", "lock", "manage"]
    assert names["devShells"]["x86_64-linux"] == ["default"]
    image = newest.build("path:.#box", cwd=project)
    assert json.loads((image / "oci-layout").read_text("utf-8"))["imageLayoutVersion"]
    assert newest.evaluate("path:.#box.stream.meta.mainProgram", cwd=project) == "stream"
    printed = newest.output("run", "path:.#env", "--", "-c", "import django", cwd=project)
    assert printed == ""


def test_what_has_no_option_evaluates(per_system) -> None:
    [inside] = re.findall(r"\{ config, \.\.\. \}:\n  \{(.*)\n  \};", FURTHER, re.DOTALL)
    lock = f"wheelhouse.environments.env.sourcesYaml = {LOCK};"
    inside = inside.replace("./sources.yaml", str(LOCK)).replace('[ "dev" ]', '[ "default" ]')
    what = "[ config.checks.report.name config.packages.dev.name ]"
    assert per_system.value(what, lock + inside) == ["env-report", "dev"]


def rows(page: str) -> set[str]:
    """Return the options that a page has, as paths below `perSystem.wheelhouse`."""
    found = set()
    sections = re.split(r"^### (\w+)$", page, flags=re.MULTILINE)
    found |= set(re.findall(r"^\| `([\w.<>]+)`", sections[0], re.MULTILINE))
    for kind, text in zip(sections[1::2], sections[2::2], strict=True):
        found |= {kind} | {
            f"{kind}.<name>.{name}" for name in re.findall(r"^\| `([\w.<>]+)`", text, re.MULTILINE)
        }
    environments = {name for name in found if name.startswith("environments.")}
    of_scripts = {name for name in environments if "checks.pytest" not in name}
    flags = re.findall(r"`(with\w+)`", page)
    return (
        found
        | {name.replace("environments.", "applications.") for name in environments}
        | {name.replace("environments.", "scripts.") for name in of_scripts}
        | {f"{kind}.<name>.{flag}" for kind in KINDS_OF_ENVIRONMENTS for flag in flags}
    )


def test_the_document_has_the_options_that_the_module_system_lists(per_system) -> None:
    listed = f"""
      let
        system = lib.evalModules {{
          specialArgs = {{ flake-parts-lib = parts.lib; }};
          modules = [ (import {MODULES}/flake-parts.nix mkLib) ];
        }};
        visible = builtins.filter (option: option.visible && !option.internal)
          (lib.optionAttrSetToDocList system.options);
      in map (option: {{
        inherit (option) name description;
        type = option.type;
        default = option.default.text or null;
        example = option.example.text or null;
      }}) visible
    """
    listing: list[dict[str, Any]] = per_system.value(listed)
    prefix = "perSystem.wheelhouse."
    options = {
        option["name"].removeprefix(prefix): option
        for option in listing
        if option["name"].startswith(prefix) and "_module" not in option["name"]
    }
    assert set(options) == rows(value_of(f"import {MODULES}/page.nix"))
    assert [name for name, option in options.items() if not option["description"]] == []
    assert options["environments.<name>.groups"]["default"] == '[\n  "default"\n]'
    assert options["environments.<name>.python"]["default"] == "the package set's"
    assert options["images.<name>.labels"]["type"] == "attribute set of string"


def test_every_example_has_the_type_of_its_option(per_system, tmp_path) -> None:
    """Nothing is made of them: they are only read."""
    examples = per_system.value(
        f"""builtins.mapAttrs (_: kind: builtins.mapAttrs (_: entry: entry.example or null)
          (kind.arguments // kind.further)) (import {MODULES}/options.nix).kinds"""
    )
    (tmp_path / "sources.json").write_text("{}", encoding="utf-8")
    assert sum(len(entries) for entries in examples.values()) > 40
    for kind, entries in examples.items():
        given = {name: text for name, text in entries.items() if text is not None}
        lines = "".join(
            f"wheelhouse.{kind}.example.{name} = {text};" for name, text in given.items()
        )
        what = f"""
          let
            read = value:
              if builtins.isAttrs value && !(value ? outPath) then builtins.mapAttrs (_: read) value
              else if builtins.isList value then map read value
              else builtins.typeOf value;
            example = config.wheelhouse.{kind}.example;
          in builtins.deepSeq [ {" ".join(f"(read example.{name})" for name in given)} ] true"""
        assert per_system.value(what, lines, tmp_path)


def test_a_script_is_an_app_and_has_its_check(per_system, tmp_path) -> None:
    (tmp_path / "thing.py").write_text("import django\n", encoding="utf-8")
    module = f"""wheelhouse.scripts.thing = {{
      script = {tmp_path}/thing.py;
      sourcesYaml = {LOCK};
      checks.imports = true;
    }};"""
    what = "[ config.apps.thing.program (builtins.attrNames config.checks) ]"
    program, checks = per_system.value(what, module)
    assert program.endswith("-thing/bin/thing")
    assert checks == ["thing-imports"]


def test_what_two_modules_say_is_joined(per_system) -> None:
    module = f"""
      imports = [
        {{
          wheelhouse.environments.env.packages = [ "idna" ];
          wheelhouse.environments.env.overrides = {{ a.patches = [ ]; }};
          wheelhouse.environments.env.searchPaths.bin = [ "/b" ];
        }}
        {{
          wheelhouse.environments.env.packages = [ "attrs" ];
          wheelhouse.environments.env.overrides = _final: _prev: {{ }};
          wheelhouse.environments.env.searchPaths.bin = [ "/a" ];
        }}
      ];
      wheelhouse.environments.env.sourcesYaml = {LOCK};
    """
    what = """let env = config.wheelhouse.environments.env; in [
      (builtins.sort builtins.lessThan env.packages)
      (builtins.length env.overrides)
      (builtins.sort builtins.lessThan env.searchPaths.bin)
    ]"""
    assert per_system.value(what, module) == [["attrs", "idna"], 2, ["/a", "/b"]]


def test_the_module_may_be_imported_twice(per_system) -> None:
    """As by a flake and by a module that it imports."""
    again = f"""(let module = import {MODULES}/flake-parts.nix mkLib; in (
      parts.lib.evalFlakeModule {{
      inputs = inputs // {{ self = {{ outPath = "/flake"; inherit inputs; }}; }};
    }} {{
      systems = [ "x86_64-linux" ];
      imports = [ module module ];
    }}).config.allSystems.x86_64-linux.apps)"""
    assert per_system.value(f"builtins.attrNames ({again})") == ["lock"]


def test_the_library_makes_what_the_options_say(per_system) -> None:
    """An option that isn't set is no argument, so that the library's own default holds."""
    module = f"wheelhouse.environments.env = {{ sourcesYaml = {LOCK}; strict = true; }};"
    plain = f"""library.makePythonPypiEnvironment {{
      name = "env"; strict = true; sourcesYaml = {LOCK}; }}"""
    assert per_system.value(f"config.packages.env.drvPath == ({plain}).drvPath", module)


def test_the_lock_app_can_be_left_out(per_system) -> None:
    names = "builtins.attrNames config.apps"
    assert per_system.value(names) == ["lock"]
    assert per_system.value(names, "wheelhouse.lock.enable = false;") == []


def test_another_package_set_can_be_given(per_system) -> None:
    """Every result is made with it, and the flake's other outputs aren't."""
    module = f"""
      wheelhouse.pkgs = pkgs // {{ path = /elsewhere; }};
      wheelhouse.environments.env.sourcesYaml = {LOCK};
    """
    what = "toString config.wheelhouse.library.toolchain.packageSet"
    assert per_system.value(what, module) == "/elsewhere"
    assert per_system.value("config.packages.env.name", module) == "env"


def test_a_shell_and_an_image_take_the_only_environment(per_system) -> None:
    module = f"""
      wheelhouse.environments.env.sourcesYaml = {LOCK};
      wheelhouse.shells.default = {{ }};
      wheelhouse.images.box = {{ }};
    """
    what = "[ config.devShells.default.name config.packages.box.name ]"
    assert per_system.value(what, module) == ["env-shell", "image-env"]


def test_test_suites_of_projects_are_checks(newest, per_system, tmp_path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "demo.py").touch()
    newest.lock(tmp_path, "3.11", "pyproject.toml")
    module = f"""
      wheelhouse.environments.env = {{
        sourcesYaml = {tmp_path}/sources.yaml;
        checks.pytest = true;
      }};
    """
    assert per_system.value("builtins.attrNames config.checks", module) == ["env-demo-pytest"]


@pytest.mark.parametrize(
    ("module", "what", "message"),
    [
        (
            "environments.web = { }; wheelhouse.applications.web = { };",
            "packages",
            "wheelhouse: perSystem.wheelhouse: applications.web and environments.web would both be"
            " packages.web of the flake. Give one of them another name.",
        ),
        (
            "environments.web = { }; wheelhouse.images.web = { };",
            "packages",
            "environments.web and images.web would both be packages.web",
        ),
        (
            "applications.lock = { };",
            "apps",
            "applications.lock and the lock app (lock.enable) would both be apps.lock",
        ),
        (
            'environments.django = { }; wheelhouse.shells.x.environment = "djago";',
            "devShells",
            'perSystem.wheelhouse.shells.x.environment is "djago", and there is none of that name;'
            ' did you mean "django"? There is "django".',
        ),
        (
            "shells.x = { };",
            "devShells",
            "perSystem.wheelhouse.shells.x needs `environment`, and there is none: define one in"
            " perSystem.wheelhouse.environments.",
        ),
        (
            "environments.a = { }; wheelhouse.environments.b = { }; wheelhouse.shells.x = { };",
            "devShells",
            'shells.x needs `environment`, the name of one of "a", "b".',
        ),
        (
            "environments.a = { };",
            "packages",
            'environment "a": give exactly one of sourcesYaml, sourcesJson and sourcesRaw',
        ),
        (
            f'applications.a = {{ sourcesYaml = {LOCK}; package = "django"; '
            "checks.pytest = true; };",
            "checks",
            "wheelhouse: perSystem.wheelhouse.applications.a.checks.pytest has nothing to check: "
            "the lock has no project. Leave it out, or lock the project, too.",
        ),
        (
            "environments.a.grops = [ ];",
            "packages",
            "The option `perSystem.x86_64-linux.wheelhouse.environments.a.grops' does not exist",
        ),
        (
            'environments.a.groups = "dev";',
            "packages",
            "environments.a.groups' is not of type `list of string'",
        ),
    ],
)
def test_what_is_wrong_is_told(per_system, module, what, message) -> None:
    strict = f"builtins.mapAttrs (_: made: made.drvPath or made) config.{what}"
    assert message in per_system.error(strict, f"wheelhouse.{module}")


@pytest.mark.parametrize(
    "example",
    [*examples(MODULES / "types.nix"), *examples(MODULES / "flake-parts.nix")],
    ids=lambda example: example.name,
)
def test_an_example_is_true(per_system, example: Example) -> None:
    expression = example.bound(f"import {example.file}")
    value, wanted = per_system.value(
        f"let flake-parts-lib = parts.lib; in [ ({expression}) ({example.expected}) ]"
    )
    assert matches(value, wanted)


def test_the_modules_of_other_projects_take_what_is_written_for_them(checkouts) -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "evaluate-modules", checkouts],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert re.fullmatch(r"\. /nix/store/\w+-env/template", made["devenv"]["enterShell"])
    assert made["devenv"]["packages"] == ["lock"]
    assert re.fullmatch(r"\. /nix/store/\w+-env/template", made["devshell"]["startup"])
    assert "lock" in made["devshell"]["packages"]
