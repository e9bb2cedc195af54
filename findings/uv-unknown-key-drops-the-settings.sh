#!/usr/bin/env bash
# In uv 0.13.9 one unknown key in `[tool.uv]` switches off the settings beside it, but not all.
#
# Guess: a key that a newer or older uv knows is told and left out; the other keys hold.
# Seen: `resolution = "lowest-direct"` has no effect, the newest version is locked. `environments` and
# `constraint-dependencies` of the same table hold. There is one warning, about parsing; exit code 0.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
export HOME=$folder UV_PYTHON_DOWNLOADS=never UV_PYTHON=$folder/venv/bin/python

write() {
  cat >pyproject.toml <<END
[project]
name = "demo"
version = "1"
requires-python = ">=3.10"
dependencies = ["iniconfig>=1.1.1", "idna>=3"]
[tool.uv]
resolution = "lowest-direct"
environments = ["sys_platform == 'linux'"]
constraint-dependencies = ["idna<3.5"]
$1
END
  rm -f uv.lock
  venv/bin/uv lock 2>messages.txt
  cat messages.txt
}
version() { grep -A1 "^name = \"$1\"" uv.lock | grep '^version' | cut -d'"' -f2; }

write ""
[ "$(version iniconfig)" = 1.1.1 ]

write 'key-of-another-uv = true'
grep "unknown field .key-of-another-uv" messages.txt
[ "$(version iniconfig)" != 1.1.1 ]
# The constraint and the environment hold all the same.
case "$(version idna)" in 3.[0-4]) ;; *) exit 1 ;; esac
grep "sys_platform == 'linux'" uv.lock
echo "iniconfig $(version iniconfig), idna $(version idna)"
