#!/usr/bin/env bash
# The source distribution of siphash24 1.9 can't be built without git and a network.
#
# Guess: a source distribution made by meson-python holds its subprojects, as `meson dist
# --include-subprojects` writes them.
# Seen: it holds only the two `.wrap` files, each a [wrap-git]; the C library is fetched while the
# wheel is built. In a sandbox meson ends with "Git program not found, cannot download".
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
export HOME=$folder UV_PYTHON_DOWNLOADS=never UV_PYTHON=$folder/venv/bin/python
printf '[project]\nname = "x"\nversion = "0"\nrequires-python = ">=3.11"\ndependencies = ["siphash24==1.9"]\n' >pyproject.toml
venv/bin/uv lock --quiet
url=$(sed -n 's/^sdist = { url = "\([^"]*\)".*/\1/p' uv.lock)
venv/bin/python -c 'import sys, urllib.request as r; r.urlretrieve(sys.argv[1], "sdist.tar.gz")' "$url"

tar --list --file sdist.tar.gz | grep '/subprojects/.' | tee members.txt
if grep -v '\.wrap$' members.txt; then
  echo "a subproject is in it" >&2
  exit 1
fi
tar --extract --to-stdout --file sdist.tar.gz --wildcards '*/libcsiphash-1.wrap' | grep 'wrap-git'
