"""The lock app against an index on this machine: a real server, real files, real uv."""

import yaml
from index_server import Index
from lock_app import Lock

ALL = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"]


def test_pins_the_newest_versions_that_satisfy_with_their_dependencies(
    lock: Lock, index: Index
) -> None:
    index.wheel("alpha", "1.0", "beta>=2")
    index.wheel("alpha", "2.0", "beta>=3")
    index.wheel("beta", "2.5")
    index.wheel("beta", "3.5")
    lock.write("alpha: ^1.0\n")
    data = yaml.safe_load(lock.succeed("3.11"))
    assert data["wheelhouse"] == 1
    assert data["python"] == "3.11"
    assert list(data["systems"]) == ALL
    assert data["groups"] == {"default": ["alpha"]}
    assert data["closure"] == {"alpha": "1.0", "beta": "3.5"}
    assert data["packages"] == [
        {"name": "alpha", "version": "1.0", "dependencies": [{"name": "beta"}]},
        {"name": "beta", "version": "3.5"},
    ]
    assert [link["name"] for link in data["links"]] == [
        "alpha-1.0-py3-none-any.whl",
        "beta-3.5-py3-none-any.whl",
    ]
