#!/usr/bin/env bash
# compileall, asked for bytecode of one kind, keeps what pip has written of another kind.
#
# Guess: `python -m compileall --invalidation-mode unchecked-hash FOLDER` leaves bytecode that is
# checked by no time (PEP 552) everywhere in the folder, since that is what it was asked for.
# Seen: CPython 3.11 to 3.15 ask only whether the bytecode that is there fits the source's time. What
# pip or an import has compiled stays as it is, with exit code 0 and no word; `-f` compiles it. The
# modules that compileall imports itself are such, so a standard library that its own interpreter
# compiles has three files or more of the other kind.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --target site packaging==26.2
venv/bin/python --version

# Prints how many files of bytecode are checked by time (0), by hash (3) and by nothing (1).
kinds() {
  venv/bin/python -c '
import collections, pathlib
found = (int.from_bytes(file.read_bytes()[4:8], "little") for file in pathlib.Path("site").rglob("*.pyc"))
print(*sorted(collections.Counter(found).items()))'
}

before=$(kinds)
venv/bin/python -m compileall -q --invalidation-mode unchecked-hash site
asked=$(kinds)
venv/bin/python -m compileall -q -f --invalidation-mode unchecked-hash site
forced=$(kinds)
printf 'pip: %s\nasked: %s\nforced: %s\n' "$before" "$asked" "$forced"
[[ $before == "(0, "* && $asked == "$before" && $forced == "(1, "* ]]
