#!/usr/bin/env bash
# In uv 0.13.9 an override of a workspace's member drops the extras and markers that others ask for.
#
# Guess: `override-dependencies = ["demo"]` replaces only the version that others ask for; demo is a
# member, and has only one.
# Seen: `demo[cli]` of a dependency group becomes `demo`, and what the extra adds leaves the lock. A
# marker on it goes, too. Nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
export HOME=$folder UV_PYTHON_DOWNLOADS=never UV_PYTHON=$folder/venv/bin/python

mkdir -p member
cat >member/pyproject.toml <<'END'
[project]
name = "demo"
version = "1"
requires-python = ">=3.10"
[project.optional-dependencies]
cli = ["iniconfig==2.0.0"]
[tool.uv]
package = false
END
cat >pyproject.toml <<'END'
[project]
name = "root"
version = "0"
requires-python = ">=3.10"
dependencies = ["demo"]
[dependency-groups]
cli = ["demo[cli]; sys_platform == 'linux'"]
[tool.uv]
package = false
[tool.uv.workspace]
members = ["member"]
[tool.uv.sources]
demo = { workspace = true }
END

venv/bin/uv lock --quiet
grep 'name = "iniconfig"' uv.lock
grep -A1 '^cli = \[$' uv.lock | grep 'extra = \["cli"\]'

sed -i 's/^package = false$/package = false\noverride-dependencies = ["demo"]/' pyproject.toml
venv/bin/uv lock 2>messages.txt
cat messages.txt
if grep -qi 'extra' messages.txt; then
  echo "uv says what becomes of the extra" >&2
  exit 1
fi
if grep -q '^name = "iniconfig"' uv.lock; then
  echo "the extra's package stays in the lock" >&2
  exit 1
fi
