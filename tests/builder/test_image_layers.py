"""Which store paths a layer has."""

from pathlib import Path

from builder.image_layers import Layer, read_closure, read_layer

CLOSURES = {"python": ["a", "b"], "all": ["a", "b", "c", "d", "e"], "more": ["f"]}


def layer(**spec: object) -> Layer:
    return read_layer({"title": "t", "paths": [], **spec}, CLOSURES.__getitem__)


def test_a_layer_has_its_paths_alone() -> None:
    assert layer(paths=["b", "a"]) == Layer("t", ("a", "b"))


def test_a_layer_of_closures_leaves_out_what_others_have() -> None:
    made = layer(graphs=["all", "more"], without={"graphs": ["python"], "paths": ["d"]})
    assert made.paths == ("c", "e", "f")


def test_a_layer_that_others_leave_nothing_to_is_empty() -> None:
    assert layer(graphs=["python"], without={"graphs": ["all"], "paths": []}).empty
    assert not layer(root={"user": None, "folders": [], "links": {}}).empty


def test_a_closure_is_read_as_nix_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "closure"
    file.write_text("/s/b\n\n2\n/s/a\n/s/b\n/s/a\n/s/a.drv\n0\n")
    assert read_closure(str(file)) == ["/s/a", "/s/b"]
