#!/usr/bin/env bash
# The sdist of cppyy-backend 1.15.3 is compiled against one version of a library, and runs with another.
#
# Guess: a package that compiles against the headers of an exactly pinned package pins the same
# version for its build and for running; its build would else be tested by nobody.
# Seen: pyproject.toml builds with cppyy-cling 6.30.0, and uv 0.13.9 resolves it to 6.32.8 for running,
# since its metadata pins that. So a build can't be given the version that it will run with, though
# both are one package.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pip==26.3 uv==0.13.9 setuptools==82.0.0
venv/bin/pip download --quiet --no-deps --no-binary :all: --no-build-isolation cppyy-backend==1.15.3
tar -xzf cppyy?backend-1.15.3.tar.gz
build=$(grep '^requires' cppyy?backend-1.15.3/pyproject.toml)
run=$(echo cppyy-backend==1.15.3 |
  venv/bin/uv pip compile --quiet --no-header --no-annotate --python-version 3.12 -)
printf 'build: %s\nrun: %s\n' "$build" "$run"
grep -q '"cppyy-cling==6.30.0"' <<<"$build"
grep -qx 'cppyy-cling==6.32.8' <<<"$run"
