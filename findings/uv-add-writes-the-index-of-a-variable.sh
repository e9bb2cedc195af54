#!/usr/bin/env bash
# `uv add` of uv 0.13.9 writes the index that UV_DEFAULT_INDEX names into pyproject.toml.
#
# Guess: the variable is about this machine, as a mirror is; the project's file stays free of it.
# Seen: `[[tool.uv.index]]` with `default = true` and the variable's address is added, also with
# `--frozen`, which asks no index. UV_INDEX_URL, the older name, leaves the file alone.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
export HOME=$folder UV_PYTHON_DOWNLOADS=never UV_PYTHON=$folder/venv/bin/python

write() {
  printf '[project]\nname = "demo"\nversion = "1"\nrequires-python = ">=3.10"\n' >pyproject.toml
}

write
UV_DEFAULT_INDEX=https://mirror.example/simple venv/bin/uv add --frozen 'iniconfig==2.0.0'
cat pyproject.toml
grep -A3 -F '[[tool.uv.index]]' pyproject.toml | grep -F 'https://mirror.example/simple'
grep -x 'default = true' pyproject.toml

write
UV_INDEX_URL=https://mirror.example/simple venv/bin/uv add --frozen 'iniconfig==2.0.0'
if grep -q mirror.example pyproject.toml; then
  echo "the older variable is written, too" >&2
  exit 1
fi
