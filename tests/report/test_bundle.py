"""Modules are joined to one, and what would be wrong when joined is refused."""

import re

import pytest

from report.bundle import bundle
from tests.report.conftest import TEMPLATE

ONE = 'import { two } from "./two.js";\nexport const one = two() + 1;\n'
TWO = 'import { helper } from "./three.js";\nexport function two() {\n  return helper;\n}\n'
THREE = "export const helper = 1;\n"


def test_a_module_stands_after_what_it_imports() -> None:
    joined = bundle({"one.js": ONE, "two.js": TWO, "three.js": THREE, "other.js": "fail"}, "one.js")
    assert re.findall(r"// (.*)", joined) == ["three.js", "two.js", "one.js"]
    assert "import" not in joined
    assert "export" not in joined


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('import { two as three } from "./two.js";\n', "import names as they are"),
        ('import * as two from "./two.js";\n', "another shape"),
        ("export default 1;\n", "another shape"),
        ("export const helper = 2;\n" + 'import { two } from "./two.js";\n', "has the name helper"),
    ],
)
def test_what_would_be_wrong_when_joined_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bundle({"one.js": text, "two.js": TWO, "three.js": THREE}, "one.js")


def test_every_module_of_the_page_is_used() -> None:
    joined = bundle(TEMPLATE.modules, "main.js")
    assert {f"// {name}" for name in TEMPLATE.modules} <= set(joined.splitlines())
