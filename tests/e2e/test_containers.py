"""The images of docs/deployment.md: other tools read them, they run, and a change is small."""

import filecmp
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from urllib.error import URLError

import pytest

from tests.e2e.conftest import NIXES
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.evaluation import value_of
from tests.support.images import Image
from tests.support.nix import Nix
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

NIX = Nix(NIXES["at hand"])
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
CONTAINERS = DOCUMENT.partition("\n## Containers\n")[2].partition("\n## ")[0]
FLAKE, ARGUMENTS, EACH, DOCKER_TOOLS = code_blocks(CONTAINERS, "nix")
BUILD, STREAM = map(console_commands, code_blocks(CONTAINERS, "console"))
# What the tests want of the example beside what its reader does.
FURTHER = """
        layers = self.packages.x86_64-linux.image.layers;
        changed =
          (library.makePythonPypiApplication {
            sourcesYaml = ./sources.yaml;
            overrides.h11.remove = [ "lib/*/site-packages/h11/py.typed" ];
          }).ociImage { name = "web"; tag = "1.0"; user = "app"; exposedPorts = [ 8000 ]; };
        misspelt = web.ociImage { entrypoint = [ "wbe" ]; };
"""


@pytest.fixture(scope="module")
def folder(nix, tmp_path_factory):
    """The document's example, locked and built by its commands."""
    made = tmp_path_factory.mktemp("containers") / "web"
    made.mkdir()
    flake = FLAKE.replace("{ nixpkgs, wheelhouse, ... }", "{ self, nixpkgs, wheelhouse, ... }")
    end = "        };\n      };\n    };\n}\n"
    assert flake.endswith(end)
    (made / "flake.nix").write_text(
        flake.removesuffix(end) + "        };\n" + FURTHER + "      };\n    };\n}\n"
    )
    (made / "pyproject.toml").write_text(*code_blocks(CONTAINERS, "toml"))
    (made / "web.py").write_text(*code_blocks(CONTAINERS, "python"))
    (made / ".gitignore").write_text("/result*\n*.tar\n")
    for command in (["git", "init", "-q"], ["git", "add", "--all"]):
        subprocess.run(command, cwd=made, check=True)
    skopeo = shutil.which("skopeo")
    assert skopeo is not None, "no skopeo: scripts/test installs it"
    programs = made.parent / "programs"
    lines = [f'skopeo() {{ {skopeo} "$@"; }}', *BUILD, *STREAM]
    printed = run_commands(nix, lines, made, programs)
    (made.parent / "printed").write_text(printed)
    return made


@pytest.fixture(scope="module")
def image(nix, folder):
    return Image(nix.build(".#image", cwd=folder))


def test_skopeo_reads_both_formats_and_finds_one_image(folder, image):
    decoder = json.JSONDecoder()
    printed = (folder.parent / "printed").read_text()
    config, end = decoder.raw_decode(printed)
    archive = json.loads(printed[end:])
    assert config["config"] == image.config["config"]
    assert config["architecture"] == "amd64"
    assert config["config"]["User"] == "1000:1000"
    assert config["config"]["ExposedPorts"] == {"8000/tcp": {}}
    assert archive["Layers"] == config["rootfs"]["diff_ids"]


def test_the_file_is_what_the_program_writes(nix, folder):
    archive = nix.build(".#image.dockerArchive", cwd=folder)
    assert filecmp.cmp(archive, folder / "web.tar", shallow=False)


def test_a_service_answers_in_the_image_alone(image, tmp_path):
    root = tmp_path / "root"
    image.unpack(root)
    assert (root / "tmp").stat().st_mode & 0o7777 == 0o1777
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with image.running(root, PORT=str(port)) as process:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                    found = json.load(answer)
                break
            except URLError:
                assert process.poll() is None, process.stdout.read()
                time.sleep(0.1)
    assert found == {"message": "hello"}


def test_a_second_build_has_the_same_bytes(nix, folder):
    layers = ("image-package-pydantic-core", "image-layer-libraries", "image-layer-last")
    outputs = ["image", "image.dockerArchive", *(f"layers.{name}" for name in layers)]
    installables = [f".#{output}" for output in outputs]
    nix.output("build", "--no-link", *installables, cwd=folder)
    nix.output("build", "--no-link", "--rebuild", *installables, cwd=folder)


def test_a_changed_package_changes_its_layer_and_the_last(nix, folder, image):
    changed = Image(nix.build(".#changed", cwd=folder))
    before, after = image.layers, changed.layers
    different = {title for title in before if before[title].name != after[title].name}
    (package,) = different - {"application"}
    assert "h11" in package.split()
    assert different == {package, "application"}
    sizes = {title: file.stat().st_size for title, file in after.items()}
    assert sum(sizes[title] for title in different) < 0.05 * sum(sizes.values())
    # Nothing but the documents and these two layers is another file.
    built = {file.resolve() for file in after.values()} - {
        file.resolve() for file in before.values()
    }
    assert len(built) == len(different) + 1  # that of libraries is made again, with the same bytes


def test_a_program_that_the_image_lacks_is_told(nix, folder):
    done = nix.run("build", "--no-link", ".#misspelt", cwd=folder)
    assert done.returncode != 0
    assert "there is no program wbe on its PATH; did you mean web?" in done.stderr


def test_an_image_is_for_linux_of_any_architecture():
    def evaluated(system: str) -> "subprocess.CompletedProcess[str]":
        expression = f"""
          let
            pkgs = import <nixpkgs> {{ system = "{system}"; }};
            environment = (import {ROOT} {{ inherit pkgs; }}).makePythonPypiEnvironment {{
              name = "django";
              sourcesYaml = {ROOT}/examples/django/sources.yaml;
            }};
          in (environment.ociImage {{ }}).drvPath
        """
        return NIX.run("eval", "--impure", "--raw", "--expr", expression)

    assert evaluated("aarch64-linux").stdout.endswith("-image-django.drv")
    assert (
        'image "django": an image has programs for Linux, but this environment is for '
        '"aarch64-darwin". Take the environment of a Linux system'
        in evaluated("aarch64-darwin").stderr
    )


def test_the_example_of_arguments_has_right_ones(tmp_path):
    (tmp_path / "web.toml").write_text("")
    scope = f"""
      fixtures = import {ROOT}/tests/lib/fixtures.nix;
      environment = fixtures.makePythonPypiEnvironment {{
        name = "web";
        sourcesRaw = fixtures.lock;
      }};
      package = name: {{ outPath = "/${{name}}"; }};
      pkgs = builtins.mapAttrs (name: _: package name) {{
        bash = null; cacert = null; coreutils = null;
      }};
      self.lastModified = 1735689600;
    """
    made = value_of(f"(let {scope} in {ARGUMENTS}).spec", tmp_path)
    assert json.loads(made)["config"]["Volumes"] == {"/data": {}}


def test_the_example_of_docker_tools_is_valid():
    assert value_of(f"builtins.isFunction (web: pkgs: {DOCKER_TOOLS})")


def test_the_flake_of_a_template_has_images_for_linux_alone(nix, tmp_path):
    template = (ROOT / "templates" / "project" / "flake.nix").read_text(encoding="utf-8")
    before, _, rest = template.partition("packages = each (library: {")
    after = rest.partition("});")[2]
    (tmp_path / "flake.nix").write_text(before + EACH + after)
    names = "packages: builtins.mapAttrs (_system: builtins.attrNames) packages"
    found = json.loads(
        nix.output("eval", "--json", "path:.#packages", "--apply", names, cwd=tmp_path)
    )
    assert found == {
        "aarch64-darwin": ["default", "lock"],
        "aarch64-linux": ["default", "image", "lock"],
        "x86_64-darwin": ["default", "lock"],
        "x86_64-linux": ["default", "image", "lock"],
    }
