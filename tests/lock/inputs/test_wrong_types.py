"""A value of another type than its format has is told in a sentence, wherever it stands."""

import copy
import json
from importlib import import_module

import pytest
import tomli_w
import yaml

from lock.errors import LockError
from lock.inputs.kinds import KINDS

SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
VALUES = (1, True, "x", "", -1.5, [], {}, [1], ["x"], {"x": 1})
FILE = "https://f.example/a-1.0-py3-none-any.whl"
PYTHON = "https://c.example/linux-64/python-3.12.4-h0_0_cpython.conda"
UV = {"sources": {"a": {"index": "i"}}, "index": [{"name": "i", "url": "https://i.example/"}]}
PDM = {
    "metadata": {
        "groups": ["default", "dev"],
        "strategy": ["inherit_metadata"],
        "lock_version": "4.5.0",
        "content_hash": "sha256:0",
        "targets": [{"requires_python": ">=3.9", "platform": "linux"}],
    },
    "package": [
        {
            "name": "a",
            "version": "1.0",
            "extras": ["x"],
            "groups": ["default"],
            "marker": "os_name == 'posix'",
            "dependencies": ["b>=1"],
            "files": [{"file": "a-1.0-py3-none-any.whl", "hash": f"sha256:{SHA256}"}],
        },
        {
            "name": "b",
            "version": "1",
            "groups": ["dev"],
            "git": "https://g.example",
            "revision": "0",
        },
    ],
}
PIPENV = {
    "_meta": {
        "hash": {"sha256": "0"},
        "pipfile-spec": 6,
        "requires": {"python_version": "3.11"},
        "sources": [{"name": "i", "url": "https://i.example/", "verify_ssl": True}],
    },
    "default": {
        "a": {
            "version": "==1.0",
            "hashes": [f"sha256:{SHA256}"],
            "markers": "os_name == 'posix'",
            "extras": ["x"],
            "index": "i",
        }
    },
    "develop": {"c": {"file": "https://f.example/c-1.0.zip", "hashes": [f"sha256:{SHA256}"]}},
}
PIPFILE = {
    "source": [{"name": "i", "url": "https://i.example/", "verify_ssl": True}],
    "packages": {
        "a": {"version": "*", "extras": ["x"], "os_name": "== 'nt'", "index": "i"},
        "b": {"git": "https://g.example/b", "ref": "v1"},
    },
    "requires": {"python_version": "3.11"},
    "pipenv": {"allow_prereleases": True},
}
ENVIRONMENT = {
    "name": "x",
    "dependencies": ["python=3.12", {"pip": ["a"]}],
    "platforms": ["linux-64"],
    "variables": {"A": "b"},
}
CONDA_LOCK = {
    "version": 1,
    "package": [
        {
            "name": name,
            "version": "3.12.1",
            "manager": manager,
            "platform": "linux-64",
            "dependencies": {"b": ""},
            "url": FILE,
            "hash": {"sha256": SHA256},
            "category": "main",
        }
        for name, manager in (("a", "pip"), ("python", "conda"))
    ],
}
PIXI_LOCK = {
    "version": 6,
    "environments": {"default": {"packages": {"linux-64": [{"conda": PYTHON}, {"pypi": FILE}]}}},
    "packages": [
        {"conda": PYTHON, "depends": ["openssl >=3"]},
        {"pypi": FILE, "name": "a", "version": "1.0", "sha256": SHA256, "requires_dist": ["b"]},
    ],
}
PIXI_TOML = {
    "workspace": {"channels": [], "platforms": ["linux-64"], "exclude-newer": "2026-01-01"},
    "dependencies": {"python": "3.12.*"},
    "pypi-dependencies": {"a": {"version": "*", "extras": ["x"], "env-markers": "os_name == 'nt'"}},
    "target": {"linux": {"pypi-dependencies": {"b": "*"}}},
    "feature": {"f": {"pypi-dependencies": {"c": "*"}}},
    "pypi-options": {"index-url": "https://i.example/", "dependency-overrides": {"d": "<2"}},
}


def script(data):
    lines = tomli_w.dumps(data).splitlines()
    return "\n".join(["# /// script", *(f"# {line}".rstrip() for line in lines), "# ///", ""])


DOCUMENTS = {
    "pdm_lock": (PDM, tomli_w.dumps),
    "pipfile_lock": (PIPENV, json.dumps),
    "pipfile": (PIPFILE, tomli_w.dumps),
    "script": ({"dependencies": ["a"], "requires-python": ">=3.9", "tool": {"uv": UV}}, script),
    "environment_yml": (ENVIRONMENT, yaml.safe_dump),
    "conda_lock": (CONDA_LOCK, yaml.safe_dump),
    "pixi_lock": (PIXI_LOCK, yaml.safe_dump),
    "pixi_toml": (PIXI_TOML, tomli_w.dumps),
}


def paths(data, path=()):
    """Yield the path of every value below the top."""
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inner:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*path, key))


def changed(data, path, value):
    """Return a copy of a document with another value at a path; without it for None."""
    copied = copy.deepcopy(data)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return copied


@pytest.mark.parametrize("module", DOCUMENTS)
def test_a_value_of_another_type_is_told(module, tmp_path):
    data, dumps = DOCUMENTS[module]
    [reader] = {kind.module for kind in KINDS if kind.module.endswith(f".{module}")}
    parse = import_module(f"lock.inputs.{reader}").parse
    file = str(tmp_path / "x")
    assert parse(dumps(data), file)
    refused = 0
    for path in paths(data):
        for value in (None, *VALUES):
            try:
                parse(dumps(changed(data, path, value)), file)
            except LockError as error:
                assert str(error).startswith(str(tmp_path)), (path, value, str(error))
                assert "; " in str(error), (path, value, str(error))
                refused += 1
    assert refused > len([*paths(data)])
