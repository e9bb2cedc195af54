"""Join JavaScript modules to one, which a page can hold: a module of a file can't be inlined.

Each name stands for one thing in all modules, so that imports can be dropped.
"""

import re
from collections.abc import Mapping

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
OTHER_IMPORT = re.compile(r"^import\b|\bimport\(", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(async )?(function|const|class)\b)", re.MULTILINE)
NAME = re.compile(r"^(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)


def bundle(modules: Mapping[str, str], main: str) -> str:
    """Return the text of a module and of those that it imports, each after what it imports.

    `modules` are texts by file name. Raises ValueError for an import or export of another shape, or
    a name of two modules, which would be wrong when joined.
    """
    joined: dict[str, str] = {}
    _add(modules, main, joined)
    owners: dict[str, str] = {}
    for file, text in joined.items():
        for name in NAME.findall(text):
            if owners.setdefault(name, file) != file:
                raise ValueError(f"{file}: {owners[name]} has the name {name}, too; take another")
    return "".join(f"\n// {name}\n{text}" for name, text in joined.items())


def _add(modules: Mapping[str, str], name: str, joined: dict[str, str]) -> None:
    if name in joined:
        return
    # It stands for itself while its imports are added, which may lead back to it.
    joined[name] = ""
    for names, imported in IMPORT.findall(modules[name]):
        if " as " in names:
            raise ValueError(f"{name}: it imports {names.strip()}; import names as they are")
        _add(modules, imported, joined)
    text = EXPORT.sub("", IMPORT.sub("", modules[name]))
    if OTHER_IMPORT.search(text) or re.search(r"^export\b", text, re.MULTILINE):
        raise ValueError(f"{name}: an import or export has another shape than the bundle knows")
    del joined[name]
    joined[name] = text
