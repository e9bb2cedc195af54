"""Licence texts are stored once, compressed."""

import base64
import json
import zlib

from report.license_texts import LicenseText, pack


def test_texts_that_differ_in_white_space_are_stored_once() -> None:
    packed = pack(
        {
            "a": (LicenseText("LICENSE", "Do as\nyou like"), LicenseText("NOTICE", "Other")),
            "b": (LicenseText("COPYING", "Do  as you like\n"),),
            "c": (),
        }
    )
    assert packed.numbers == {"a": (("LICENSE", 0), ("NOTICE", 1)), "b": (("COPYING", 0),)}
    text = zlib.decompress(base64.b64decode(packed.data), -zlib.MAX_WBITS)
    assert json.loads(text) == ["Do as\nyou like", "Other"]
