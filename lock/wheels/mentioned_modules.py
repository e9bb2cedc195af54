"""Finds which modules Python sources may import by searching their text, without parsing it.

What `native.module_imports` finds in a source's text or tree is among what is found here.
"""

import re
from collections.abc import Iterable

# Python's names may have letters of any language.
LETTER = rb"[\w\x80-\xff]"
WORD = re.compile(LETTER + rb"+")
# Of `import` all names, of `from` the first.
STATEMENT = (
    rb"[ \t]*(?:from[ \t]+(" + LETTER + rb"+)"
    rb"|import[ \t]+(" + LETTER + rb"[\w\x80-\xff. \t]*(?:,(?:[^\n;#\\]|\\\r?\n)*)?))"
)
# What stands before a statement. A pattern each, because one that begins with a single known
# character is searched for several times faster.
STATEMENTS = tuple(re.compile(before + STATEMENT) for before in (rb"\n", rb":", rb";"))
# Names of modules that code is given as text.
TEXTS = tuple(re.compile(quote + rb"([A-Za-z_]\w*)(?:\.\w+)+" + quote) for quote in (rb'"', rb"'"))


def mentioned_modules(sources: Iterable[bytes]) -> frozenset[str]:
    """Return the first names of all modules that sources may import, and other words.

    Those of relative imports are not among them.
    """
    text = b"\n".join((b"", *sources))
    found: set[bytes] = set()
    for pattern in STATEMENTS:
        for name, names in set(pattern.findall(text)):
            words = (WORD.search(one) for one in (name or names).split(b","))
            found.update(word[0] for word in words if word)
    for pattern in TEXTS:
        found.update(pattern.findall(text))
    return frozenset(name.decode("utf-8", "replace") for name in found)
