#!/usr/bin/env bash
# uv 0.13.9 makes each member of a new workspace a git repository of its own.
#
# Guess: a member that `uv init` adds to a workspace belongs to the workspace's repository, or to
# none while the root has none.
# Seen: `uv init --bare` makes no repository, and each `uv init packages/NAME` below it makes one in
# the member. `git init` at the root, and `git add --all`, then end with 128: "does not have a commit
# checked out". `--vcs none` avoids it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
export HOME=$folder UV_PYTHON_DOWNLOADS=never UV_PYTHON=$folder/venv/bin/python

mkdir workspace
cd workspace
../venv/bin/uv init --quiet --bare
test ! -e .git
../venv/bin/uv init --quiet --lib packages/one
../venv/bin/uv init --quiet --lib --vcs none packages/two
grep 'packages/one' pyproject.toml
test -d packages/one/.git
test ! -e packages/two/.git
git init --quiet
if git add --all 2>message.txt; then
  echo "git takes the member" >&2
  exit 1
fi
grep "does not have a commit checked out" message.txt
