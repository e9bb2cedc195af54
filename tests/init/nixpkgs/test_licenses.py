import pytest

from init.nixpkgs import licenses


@pytest.mark.parametrize(
    ("spdx", "expected"),
    [
        ("MIT", "lib.licenses.mit"),
        ("mit", "lib.licenses.mit"),
        ("BSD-3-Clause", "lib.licenses.bsd3"),
        ("Apache-2.0", "lib.licenses.asl20"),
        ("PSF-2.0", "lib.licenses.psfl"),
        ("GPL-3.0-or-later", "lib.licenses.gpl3Plus"),
        ("GPL-3.0", "lib.licenses.gpl3Only"),
        ("LGPL-3.0-only", "lib.licenses.lgpl3Only"),
        ("MPL-2.0", "lib.licenses.mpl20"),
        ("EUPL-1.1+", "(lib.licenses.PLUS lib.licenses.eupl11)"),
        (
            "Apache-2.0 WITH LLVM-exception",
            "lib.licenses.WITH lib.licenses.asl20 lib.licenses.llvm-exception",
        ),
        ("MIT OR Apache-2.0", "lib.licenses.OR [\n  lib.licenses.mit\n  lib.licenses.asl20\n]"),
        (
            "MIT AND (Apache-2.0 OR BSD-2-Clause)",
            "lib.licenses.AND [\n  lib.licenses.mit\n  (lib.licenses.OR [\n    lib.licenses.asl20\n"
            "    lib.licenses.bsd2\n  ])\n]",
        ),
        ("LicenseRef-Own", '{ fullName = "LicenseRef-Own"; }'),
    ],
)
def test_an_spdx_expression_is_one_of_nixpkgs(spdx: str, expected: str) -> None:
    assert licenses.expression(spdx) == expected.splitlines()


@pytest.mark.parametrize("text", ["BSD License", "see LICENSE", "MIT OR", "(MIT"])
def test_other_texts_are_no_licence(text: str) -> None:
    assert licenses.expression(text) is None
