#!/usr/bin/env bash
# uv 0.13.9 calls a lock outdated that it wrote itself with `lock-without-metadata`, if that is off.
#
# Guess: the preview feature only leaves something out, so `uv lock --check` accepts such a lock with
# and without it, as both name the same format and revision, and a lock with metadata is accepted by
# both, too.
# Seen: a lock with metadata is fresh for both. One without is fresh only with the feature: without it
# `uv lock --check` and `uv sync --locked` refuse it, and `uv lock` writes the metadata back.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
export HOME=$folder UV_PYTHON_DOWNLOADS=never UV_PYTHON=$folder/venv/bin/python
feature=(--preview-features lock-without-metadata)
cat >pyproject.toml <<END
[project]
name = "demo"
version = "1"
requires-python = ">=3.10"
dependencies = ["idna>=3"]
END

venv/bin/uv lock --quiet
grep -q '^\[package.metadata\]' uv.lock
head -2 uv.lock >with.txt
venv/bin/uv lock --check
venv/bin/uv lock --check "${feature[@]}"

rm uv.lock
venv/bin/uv lock --quiet "${feature[@]}"
if grep '^\[package.metadata\]' uv.lock; then exit 1; fi
head -2 uv.lock | cmp - with.txt
venv/bin/uv lock --check "${feature[@]}"
if venv/bin/uv lock --check 2>check.txt; then exit 1; fi
if venv/bin/uv sync --locked --dry-run 2>sync.txt; then exit 1; fi
grep 'needs to be updated' check.txt sync.txt
venv/bin/uv lock --quiet
grep '^\[package.metadata\]' uv.lock
