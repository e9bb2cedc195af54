#!/usr/bin/env bash
# In uv 0.13.9 declared metadata for one version of a package replaces that of a workspace's member
# of the name, though the member has another version.
#
# Guess: `dependency-metadata` with `version = "1"` is for version 1, so that the member demo 2 keeps
# the version and the dependencies of its own pyproject.toml.
# Seen: the lock has demo 1 at the member's folder, with the declared dependencies; those of the
# member are nowhere. uv tells an update to v1, as it does of any other, and `uv lock --check` finds
# the lock up to date.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
export HOME=$folder UV_PYTHON_DOWNLOADS=never UV_PYTHON=$folder/venv/bin/python

mkdir member
cat >member/pyproject.toml <<'END'
[project]
name = "demo"
version = "2"
requires-python = ">=3.10"
dependencies = ["iniconfig==2.0.0"]
[tool.uv]
package = false
END
cat >pyproject.toml <<'END'
[project]
name = "root"
version = "0"
requires-python = ">=3.10"
dependencies = ["demo"]
[tool.uv]
package = false
[tool.uv.workspace]
members = ["member"]
[tool.uv.sources]
demo = { workspace = true }
END

venv/bin/uv lock --quiet
grep -A1 '^name = "demo"$' uv.lock | grep '^version = "2"$'
grep '^name = "iniconfig"$' uv.lock

cat >>pyproject.toml <<'END'
[[tool.uv.dependency-metadata]]
name = "demo"
version = "1"
requires-dist = ["six==1.17.0"]
END
venv/bin/uv lock 2>messages.txt
cat messages.txt
if grep -qi 'metadata' messages.txt; then
  echo "uv says something of the metadata" >&2
  exit 1
fi
grep -A2 '^name = "demo"$' uv.lock | grep -B1 '^source = { virtual = "member" }$' |
  grep '^version = "1"$'
grep '^name = "six"$' uv.lock
if grep -q '^name = "iniconfig"$' uv.lock; then
  echo "the member's own dependency stays in the lock" >&2
  exit 1
fi
venv/bin/uv lock --check
