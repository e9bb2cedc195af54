import pytest
from packaging.metadata import parse_email

from init.nixpkgs import modules


def test_the_modules_of_a_wheel_are_those_at_its_top() -> None:
    names = [
        *("demo/__init__.py", "demo/inner.py", "single.py", "_private.py", "tests/__init__.py"),
        *("native.cpython-313-x86_64-linux-gnu.so", "demo-1.0.dist-info/METADATA", "notes.txt"),
        *("demo-1.0.data/scripts/demo", "stubs-only/__init__.pyi"),
    ]
    assert modules.in_wheel(names) == ["demo", "native", "single"]


def test_of_a_namespace_the_packages_below_it_are_imported() -> None:
    names = ["azure/storage/blob/__init__.py", "azure/storage/blob/models.py", "zope/event.py"]
    assert modules.in_wheel(names) == ["azure.storage.blob", "zope.event"]


@pytest.mark.parametrize("version", ["2.5", "2.6", "3.0"])
def test_the_metadata_can_name_the_modules(version: str) -> None:
    fields = "Import-Name: demo\nImport-Name: demo.extra \nImport-Name: _c; private\n"
    metadata, _ = parse_email(f"Metadata-Version: {version}\nName: demo\n{fields}")
    assert modules.declared(metadata) == ["demo", "demo.extra"]


def test_the_metadata_can_say_that_there_is_nothing_to_import() -> None:
    metadata, _ = parse_email("Metadata-Version: 2.5\nName: demo\nImport-Name:\n")
    assert modules.declared(metadata) == []
    metadata, _ = parse_email("Metadata-Version: 2.5\nName: demo\nImport-Namespace: space\n")
    assert modules.declared(metadata) is None


def test_a_source_distribution_has_them_in_its_top_level() -> None:
    names = ["setup.py", "demo/__init__.py", "tests/__init__.py"]
    assert modules.in_sdist(names, "demo\ntests\n") == ["demo"]
    assert modules.in_sdist(names, "") == ["demo"]
    assert modules.in_sdist(["setup.py", "src/demo/__init__.py"], "") == ["demo"]
