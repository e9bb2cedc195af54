"""Which names a project may have."""

import pytest

from init.names import check_modules, distribution_name, module_name, name_of_folder
from lock.errors import UsageError


def test_a_name_is_normalized_and_its_module_is_importable():
    assert distribution_name("My.Tool_2", "x") == "my-tool-2"
    assert module_name("my-tool-2") == "my_tool_2"


@pytest.mark.parametrize("name", ["", "-x", "a b", "naïve", "x/y", "..", "a\n"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(UsageError, match=r"is no name of a project.*--name my-project"):
        distribution_name(name, "init: --name")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("3d", "can't import a module called 3d"),
        ("class", "can't import a module called class"),
        ("json", "json is a module of Python"),
        ("tests", "tests is a module of Python or a folder here"),
        ("click", "the project needs a package called click"),
    ],
)
def test_a_name_that_can_t_be_imported_is_refused(name, message):
    with pytest.raises(UsageError, match=message):
        check_modules(name, {"click"}, "init: --name")


def test_a_folder_gives_a_name():
    assert name_of_folder("my project (2)") == "my-project-2"
    assert name_of_folder("Où est l'été") == "Ou-est-l-ete"
