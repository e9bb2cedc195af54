"""What METADATA tells about a licence, and what stays open."""

import pytest

from lock.licenses.metadata import from_text, license_of

GRANT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction.
"""
NOTICE = """\
The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.
"""
AS_IS = 'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.'
BSD = """\
Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:

* Redistributions of source code must retain the above copyright notice.
* Redistributions in binary form must reproduce the above copyright notice.
"""
ENDORSE = (
    "* Neither the name of the project may be used to endorse or promote products derived from it."
)


def metadata(*lines: str) -> str:
    """Return a METADATA with some lines, and a description that mustn't be read as one."""
    first = ("Metadata-Version: 2.4", "Name: demo", "Version: 1")
    return "\n".join((*first, *lines, "", "License: WTFPL\n"))


@pytest.mark.parametrize(
    ("lines", "told", "origin"),
    [
        (["License-Expression: mit or apache-2.0"], "MIT OR Apache-2.0", "License-Expression"),
        (
            ["License-Expression: MIT", "License: Apache-2.0", "Classifier: License :: Aladdin"],
            "MIT",
            "License-Expression",
        ),
        (["License-Expression: GPL 2"], "unknown: GPL 2", "License-Expression"),
        (["License: BSD-3-Clause"], "BSD-3-Clause", "License"),
        (["License: The MIT License (MIT)"], "MIT", "License"),
        (["License: Apache License, Version 2.0"], "Apache-2.0", "License"),
        (["License: 3-Clause BSD License"], "BSD-3-Clause", "License"),
        (
            ["License: GNU Lesser General Public License v2.1 or later"],
            "LGPL-2.1-or-later",
            "License",
        ),
        (["License: GPLv2+ or MIT License"], "GPL-2.0-or-later OR MIT", "License"),
        (["License: BSD"], "unknown: BSD", "License"),
        (["License: GPLv3"], "unknown: GPLv3", "License"),
        (["License: see LICENSE"], "unknown: see LICENSE", "License"),
        (["License: UNKNOWN"], "unknown", ""),
        ([], "unknown", ""),
        (["Classifier: License :: OSI Approved :: MIT License"], "MIT", "Classifier"),
        (
            [
                "Classifier: License :: OSI Approved",
                "Classifier: License :: OSI Approved :: ISC License (ISCL)",
            ],
            "ISC",
            "Classifier",
        ),
        (
            ["Classifier: License :: OSI Approved :: BSD License"],
            "unknown: BSD License",
            "Classifier",
        ),
        (
            [
                "License: Apache 2.0",
                "Classifier: License :: OSI Approved :: Apache Software License",
            ],
            "Apache-2.0",
            "License",
        ),
        # The field contradicts the classifier.
        (
            ["License: MIT license", "Classifier: License :: OSI Approved :: BSD License"],
            "unknown: BSD License",
            "Classifier",
        ),
        # Nobody says whether one may be chosen.
        (
            [
                "Classifier: License :: OSI Approved :: MIT License",
                "Classifier: License :: OSI Approved :: ISC License (ISCL)",
            ],
            "unknown: MIT License; ISC License (ISCL)",
            "Classifier",
        ),
        (
            ["Classifier: License :: Other/Proprietary License"],
            "unknown: Other/Proprietary License",
            "Classifier",
        ),
    ],
)
def test_metadata_tell(lines: list[str], told: str, origin: str) -> None:
    found = license_of(metadata(*lines))
    assert (str(found), found.origin) == (told, origin)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"MIT License\n\n{GRANT}{NOTICE}{AS_IS}", "MIT"),
        (f"{GRANT}{AS_IS}", "MIT-0"),
        (BSD, "BSD-2-Clause"),
        (f"{BSD}{ENDORSE}", "BSD-3-Clause"),
        # Two licences in one text: nobody says how they belong together.
        (f"{GRANT}{NOTICE}{AS_IS}{BSD}", None),
        # Other licences that are only named.
        (f"{GRANT}{NOTICE}{AS_IS} The file x.c is under the GPL-2.0.", None),
        (f"{BSD} Parts are licensed under the GNU LGPL.", None),
        (f"{BSD}{ENDORSE} See the MPLv2 for tests, and the Mozilla Public License.", None),
        ("Licensed under the Apache License, Version 2.0.", "Apache-2.0"),
        ("Licensed under the Apache License, Version 2.0, but x.c under GPLv2.", None),
        ("Licensed under the Apache License, Version 2.0 or the MIT license.", None),
        (f"BSD 2-Clause License {BSD}", "BSD-2-Clause"),
        # Other terms behind a known text.
        (f"{BSD}{'Not for use in rockets. ' * 100}", None),
        ("All rights reserved.", None),
    ],
)
def test_whole_licence_texts_are_recognized(text: str, told: str | None) -> None:
    field = "License: " + text.replace("\n", "\n        ")
    assert license_of(metadata(field)).expression == told
    assert license_of(metadata(), {"LICENSE": text}).expression == told


def test_licence_files_decide_between_the_licences_of_a_classifier() -> None:
    ambiguous = metadata(
        "Classifier: License :: OSI Approved :: BSD License",
        "License-File: LICENSE",
        "License-File: AUTHORS",
    )
    found = license_of(ambiguous, {"AUTHORS": "Somebody", "LICENSE": f"{BSD}{ENDORSE}"})
    assert (found.expression, found.origin) == ("BSD-3-Clause", "LICENSE")
    assert found.files == ("LICENSE", "AUTHORS")
    other = license_of(ambiguous, {"LICENSE": f"{GRANT}{NOTICE}{AS_IS}"})
    assert str(other) == "unknown: BSD License"


def test_several_licence_files_with_several_licences_tell_none() -> None:
    found = license_of(metadata(), {"LICENSE.A": BSD, "LICENSE.B": f"{GRANT}{NOTICE}{AS_IS}"})
    assert found.expression is None
    assert license_of(metadata(), {"LICENSE.A": BSD, "LICENSE.B": "Ask us."}).expression is None


def test_control_characters_are_not_quoted() -> None:
    for line in (
        "License: \x1b[2JOwn\u202e terms",
        "Classifier: License :: \x1b[2JOwn\u202e terms",
    ):
        assert license_of(metadata(line)).text.split() == ["[2JOwn", "terms"]


def test_a_long_text_is_quoted_by_its_first_line() -> None:
    found = license_of(metadata(f"License: =====\n        {'Own terms ' * 20}\n        More"))
    assert str(found).startswith("unknown: Own terms Own terms")
    assert len(found.text) <= 80


@pytest.mark.parametrize("text", ["MIT", "unknown", "unknown: BSD License"])
def test_what_a_lock_has_is_read_back(text: str) -> None:
    assert str(from_text(text, "sources.yaml")) == text
