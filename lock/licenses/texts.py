"""Recognizes the whole text of a well-known licence by the sentences that only it has."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The sentences that a licence's text has, those that it hasn't, and its length in words.

    Sentences are as `_plain` leaves them. A text that is much longer has other terms, too.
    """

    license: str
    has: tuple[str, ...]
    most_words: int
    lacks: tuple[str, ...] = ()


GRANT = "permission is hereby granted free of charge to any person obtaining a copy of this"
NOTICE = "the above copyright notice and this permission notice"
BSD = (
    "redistribution and use in source and binary forms with or without modification are permitted",
    "source code must retain the above copyright notice",
    "binary form must reproduce the above copyright notice",
)
ENDORSE = "to endorse or promote products derived from"
ADVERTISING = "all advertising materials mentioning features or use of this software"
PATENTS = "no express or implied licenses to any party s patent rights"
ANY_PURPOSE = "distribute this software for any purpose with or without fee is hereby granted"
PROVIDED = (
    "provided that the above copyright notice and this permission notice appear in all copies"
)
TEXTS: tuple[Text, ...] = (
    Text(
        "MIT",
        (GRANT, NOTICE, "the software is provided as is"),
        330,
        ("shall not be used in advertising",),
    ),
    Text("MIT-0", (GRANT, "the software is provided as is"), 250, (NOTICE, "advertising")),
    Text("BSD-2-Clause", BSD, 330, (ENDORSE, ADVERTISING, PATENTS)),
    Text("BSD-3-Clause", (*BSD, ENDORSE), 400, (ADVERTISING, PATENTS)),
    Text("BSD-4-Clause", (*BSD, ENDORSE, ADVERTISING), 420, (PATENTS,)),
    Text("ISC", (ANY_PURPOSE, PROVIDED), 250),
    Text("0BSD", (ANY_PURPOSE,), 220, ("provided that",)),
    Text(
        "Apache-2.0",
        (
            "apache license version 2 0",
            "terms and conditions for use reproduction and distribution",
            "grant of patent license",
        ),
        2100,
    ),
    Text(
        "Apache-2.0",
        ("licensed under the apache license version 2 0",),
        250,
        ("terms and conditions for use reproduction and distribution",),
    ),
    Text("MPL-2.0", ("mozilla public license version 2 0", "1 definitions"), 3000),
    Text("Unlicense", ("this is free and unencumbered software released into the",), 330),
    Text("BSL-1.0", ("boost software license version 1 0", "machine executable object code"), 350),
    Text(
        "Zlib",
        (
            "this software is provided as is without any express or implied warranty",
            "altered source versions must be plainly marked",
        ),
        250,
    ),
    Text("CC0-1.0", ("cc0 1 0 universal", "statement of purpose"), 1400),
    Text("EPL-2.0", ("eclipse public license v 2 0", "requirements"), 2800),
)


def recognize(text: str) -> str | None:
    """Return the licence that a text is the whole of, None where it isn't one known licence."""
    plain = _plain(text)
    found = {one.license for one in TEXTS if all(part in plain for part in one.has)}
    exact = {
        one.license
        for one in TEXTS
        if all(part in plain for part in one.has)
        and not any(part in plain for part in one.lacks)
        and plain.count(" ") < one.most_words
    }
    if len(exact) != 1 or _others(found, exact):
        return None
    only = exact.pop()
    return None if _mentions_another(plain, only) else only


# Licences whose text includes the sentences of others.
INCLUDES = {
    "MIT": ("MIT-0",),
    "BSD-3-Clause": ("BSD-2-Clause",),
    "BSD-4-Clause": ("BSD-2-Clause", "BSD-3-Clause"),
    "ISC": ("0BSD",),
}


def _others(found: Collection[str], exact: Collection[str]) -> bool:
    """Tell whether a text has sentences of a licence that the recognized one doesn't include."""
    included = {one for name in exact for one in (name, *INCLUDES.get(name, ()))}
    return not included.issuperset(found)


# Names of other licences in a text → those whose text has them, too. By any other, it says that
# parts are under another licence, or that one may be chosen.
MENTIONS: Mapping[str, tuple[str, ...]] = {
    r"(?:a|l)?gpl(?:v?\d\w*)?|gnu": ("MPL-2.0", "EPL-2.0"),
    r"mit licen[cs]e": ("MIT", "MIT-0"),
    r"bsd licen[cs]e|bsd \d clause": ("BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause"),
    r"apache licen[cs]e": ("Apache-2.0",),
    r"mozilla public licen[cs]e": ("MPL-2.0",),
}


def _mentions_another(plain: str, license_name: str) -> bool:
    """Tell whether a text names a licence that the text of the recognized one doesn't name."""
    return any(
        re.search(rf"\b(?:{names})\b", plain) is not None
        for names, licenses in MENTIONS.items()
        if license_name not in licenses
    )


def _plain(text: str) -> str:
    """Return a text's words in lower case, without punctuation and marks of lists."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
