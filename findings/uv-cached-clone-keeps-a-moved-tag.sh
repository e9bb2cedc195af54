#!/usr/bin/env bash
# uv 0.13.9 with setuptools-scm 10.3.4: where a tag has moved, the version comes from where it was.
#
# Guess: `uv lock` of a requirement on a repository at a tag fetches the tag anew, so that what a
# project reads from git is the same with an empty cache and with one that knows the repository.
# Seen: the commit is the new one, but the clone in uv's cache keeps its own tag of that name at the
# old commit. setuptools-scm finds it there and makes up 1.3.dev1+g…; without a cache it is 1.2.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x

git init --quiet repository
cat >repository/pyproject.toml <<'TOML'
[build-system]
requires = ["setuptools==84.2.1", "setuptools-scm==10.3.4"]
build-backend = "setuptools.build_meta"

[project]
name = "tagged"
dynamic = ["version"]

[tool.setuptools]
py-modules = []

[tool.setuptools_scm]
TOML
commit() {
  git -C repository add --all
  git -C repository commit --quiet --allow-empty --message x
  git -C repository tag --force v1.2 >/dev/null
}
version() {
  rm -f uv.lock
  venv/bin/uv lock --quiet --cache-dir "$1"
  sed -n '/^name = "tagged"/{n;p}' uv.lock
}
printf '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["tagged @ git+file://%s/repository@v1.2"]\n' \
  "$folder" >pyproject.toml

commit
version known
commit
version known | tee moved.txt
version empty | tee fresh.txt
grep -q '^version = "1\.3\.dev1+g' moved.txt
grep -qx 'version = "1.2"' fresh.txt
