#!/usr/bin/env bash
# pdm 2.29.4 accepts hishel 2.0.0, and then can't add a package.
#
# Guess: an upper bound, or a fallback, since pdm asks for `hishel[httpx2]>=1.4.0`.
# Seen: each command warns that "module 'hishel' has no attribute 'SyncSqliteStorage'", and
# `pdm add` ends with that error. hishel 2.0.0 has SqliteStorage instead. With hishel 1.4.0, which
# pdm's own extra `locked` pins, the same command works.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pdm==2.29.4 'hishel[httpx2]==2.0.0'
printf '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = []\n' >pyproject.toml
export HOME=$folder

if venv/bin/pdm add --no-sync idna >new.txt 2>&1; then
  echo "pdm add succeeds with hishel 2.0.0" >&2
  exit 1
fi
grep "has no attribute 'SyncSqliteStorage'" new.txt

venv/bin/pip install --quiet 'hishel[httpx2]==1.4.0'
venv/bin/pdm add --no-sync idna >old.txt 2>&1
grep '"idna' pyproject.toml
