"""What is read of the import names that a package's metadata declares (PEP 794)."""

from pathlib import Path

import pytest

from builder.import_names import ImportNames, read_import_names


def declared(folder: Path, *fields: str) -> ImportNames | None:
    """Return what a site-packages with one distribution declares."""
    info = folder / "demo-1.0.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.5", "Name: demo", *fields, "", "Import-Name: no_field", ""]
    (info / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    return read_import_names(folder)


def test_names_are_public_private_or_shared(tmp_path: Path) -> None:
    fields = ("Import-Name: a.b", "Import-Name: _c ;private", "Import-Namespace: a")
    found = ImportNames(frozenset({"a.b"}), frozenset({"_c"}), frozenset({"a"}))
    assert declared(tmp_path, *fields) == found


@pytest.mark.parametrize("field", ["Import-Name", "Import-Namespace"])
@pytest.mark.parametrize(
    "value", ["demo.", ".demo", "../../demo", "demo other", "demo-x; private", "demo, other"]
)
def test_fields_with_something_else_than_names_declare_nothing(
    tmp_path: Path, field: str, value: str
) -> None:
    assert declared(tmp_path, "Import-Name: demo", f"{field}: {value}") is None
