"""What the files of a template become: the user's name, Python and address stand in them."""

import json
import re
import tomllib
from urllib.parse import unquote

import pytest

from init import templates
from init.classic import expression
from init.kinds import KINDS
from init.order import Order, url_of
from init.start import contents
from lock.errors import UsageError
from tests.support.evaluation import value_of
from tests.support.project import ROOT

PROJECTS = [name for name, kind in KINDS.items() if kind.names]
STARTED = [name for name in KINDS if name != "existing"]


def order(kind, **changes):
    """Return an order of a kind."""
    settings = {
        "kind": kind,
        "folder": ROOT / "nowhere",
        "name": "zebra-fish" if KINDS[kind].names else None,
        "python": "3.13t",
        "url": "github:me/wheelhouse/v1",
        "packages": (),
        "classic": False,
        "git": False,
        "lock": True,
        "force": False,
    }
    return Order(**settings | changes)


@pytest.mark.parametrize("kind", PROJECTS)
def test_no_name_of_the_template_is_left(kind):
    made = contents(order(kind))
    for path, text in made.items():
        assert "demo" not in path + text, path
    assert any("zebra_fish" in path for path in made)
    names = {
        tomllib.loads(text)["project"]["name"]
        for path, text in made.items()
        if path.endswith("pyproject.toml")
    }
    assert "zebra-fish" in names or kind == "script"


@pytest.mark.parametrize("kind", STARTED)
def test_the_python_is_the_user_s(kind):
    made = contents(order(kind))
    named = [made[path].strip() for path in made if path == ".python-version"]
    named += re.findall(r'^python: "(.*)"', made.get("requirements.yaml", ""), re.M)
    assert named == ["3.13t"]
    for path, text in made.items():
        if path.endswith("pyproject.toml"):
            assert tomllib.loads(text)["project"]["requires-python"] == ">=3.13"


@pytest.mark.parametrize("kind", STARTED)
def test_the_flake_takes_wheelhouse_from_the_user_s_url(kind):
    flake = contents(order(kind))["flake.nix"]
    assert 'inputs.wheelhouse.url = "github:me/wheelhouse/v1";' in flake
    assert "OWNER" not in flake


@pytest.mark.parametrize("kind", STARTED)
def test_without_flakes_the_outputs_are_the_same(kind, tmp_path):
    made = contents(order(kind, classic=True, url=f"path:{ROOT}"))
    assert "flake.nix" not in made
    assert made.get(".envrc", "use nix\n") == "use nix\n"
    for name in ("default.nix", "shell.nix"):
        (tmp_path / name).write_text(made[name])
    flake = contents(order(kind))["flake.nix"]
    outputs = f"""
      let
        classic = import {tmp_path}/default.nix {{ pkgs = {{ }}; wheelhouse = _: {{ }}; }};
        each = make: make (throw "the library isn't looked at");
        flake = ({flake}).outputs {{ nixpkgs = {{ }}; wheelhouse.lib.eachSystem = _: each; }};
      in [ (builtins.attrNames classic) (builtins.attrNames flake) ]
    """
    classic, of_flake = value_of(outputs)
    assert classic == of_flake


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("/some/where+1/", "path /some/where+1"),
        ("path:///some//where/", "path /some/where"),
        ('/my "wheel ${house}\\', 'path /my "wheel ${house}\\'),
        ("/räder", "path /räder"),
        ("github:me/wheels", "tarball https://github.com/me/wheels/archive/HEAD.tar.gz"),
        ("github:me/wheels/v1", "tarball https://github.com/me/wheels/archive/v1.tar.gz"),
        ("git+https://x.example/w?ref=a%2Fb", "git https://x.example/w a/b"),
        ("git+ssh://x.example/w", "git ssh://x.example/w HEAD"),
        ("https://x.example/w.tar.gz?a=b", "tarball https://x.example/w.tar.gz?a=b"),
        ("tarball+https://x.example/w.zip", "tarball https://x.example/w.zip"),
    ],
)
def test_without_flakes_the_same_place_is_fetched(url, fetched):
    value = expression(url_of(url))
    assert fetched == value_of(
        f"""
        let
          fetching = {{
            fetchTarball = url: "tarball ${{url}}";
            fetchGit = {{ url, ref ? "HEAD" }}: "git ${{url}} ${{ref}}";
          }};
          found = {value.replace("builtins.", "fetching.")};
        in if builtins.isPath found then "path ${{toString found}}" else found
        """
    )


@pytest.mark.parametrize(
    "url", ["gitlab:me/wheels", "path:wheels", "github:me/wheels?dir=x", "git+https://x/w?dir=a"]
)
def test_without_flakes_some_places_can_t_be_fetched(url):
    with pytest.raises(UsageError, match="without flakes, nothing fetches") as caught:
        contents(order("environment", classic=True, url=url_of(url)))
    assert url in str(caught.value)


@pytest.mark.parametrize("folder", ["/my wheels", '/my "${wheels}"', "/räder", "/a#b?c"])
def test_the_folder_of_a_flake_is_quoted(folder):
    flake = contents(order("environment", url=url_of(folder)))["flake.nix"]
    [url] = re.findall(r'inputs.wheelhouse.url = "path:([\w%./-]*)";', flake)
    assert unquote(url) == folder


def test_every_template_has_a_description():
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    described = json.loads((ROOT / "templates" / "descriptions.json").read_text())
    assert folders == set(described)
    assert {kind.template for kind in KINDS.values()} <= folders


def test_the_projects_have_one_flake():
    """But for the name of the member that is built."""
    flake = templates.read("flake")["flake.nix"]
    for name in ("project", "django", "fastapi"):
        assert templates.read(name)["flake.nix"] == flake, name
    of_workspace = templates.read("workspace")["flake.nix"]
    named = re.sub(r'\{\s+inherit sourcesYaml;\s+package = "demo-service";\s+\}', "@", of_workspace)
    assert named == flake.replace("{ inherit sourcesYaml; }", "@", 1)


@pytest.mark.parametrize("name", json.loads((ROOT / "templates/descriptions.json").read_text()))
def test_a_template_has_few_lines_of_nix(name):
    """As many as a newcomer reads: no comments, no lines that only close or open a block."""
    lines = templates.read(name).get("flake.nix", "").splitlines()
    counted = [line for line in lines if re.search(r"\w", line) and "#" not in line]
    assert len(counted) <= 30
