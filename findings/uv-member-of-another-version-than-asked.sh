#!/usr/bin/env bash
# uv 0.13.9 locks and installs a workspace's member of a version that its dependents don't allow.
#
# Guess: where the project asks for `member>=9.0` and the member is 1.5, `uv lock` finds no solution,
# as for any other package.
# Seen: the source `workspace = true` takes the place of the version. The lock has the requirement
# without `>=9.0`, so `uv lock --check` passes as well, and so does `uv sync`, without a word. Only
# `uv pip check` tells it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv tools
tools/bin/pip install --quiet uv==0.13.9

mkdir member
cat >pyproject.toml <<'TOML'
[project]
name = "root"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["member>=9.0"]

[tool.uv]
workspace.members = ["member"]
sources.member.workspace = true

[build-system]
requires = ["uv_build==0.13.9"]
build-backend = "uv_build"
TOML
cat >member/pyproject.toml <<'TOML'
[project]
name = "member"
version = "1.5"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build==0.13.9"]
build-backend = "uv_build"
TOML
mkdir -p src/root member/src/member
touch src/root/__init__.py member/src/member/__init__.py

tools/bin/uv lock --quiet
tools/bin/uv lock --check --quiet
tools/bin/uv sync --quiet
asked=$(grep 'requires-dist' uv.lock)
installed=$(tools/bin/uv pip list --format json)
printf '%s\n%s\n' "$asked" "$installed"
[[ $asked != *specifier* && $installed == *'"name":"member","version":"1.5"'* ]]
if checked=$(tools/bin/uv pip check 2>&1); then exit 1; fi
printf '%s\n' "$checked"
[[ $checked == *member* ]]
