#!/usr/bin/env bash
# uv 0.13.9 takes a marker that compares with "<3.10" (an operator inside the quotes) for true.
#
# Found in a dependency group of copier 9.19.1: `typing-extensions; python_version < '<3.10'`.
# Guess: it is refused, or it is false everywhere, as the `packaging` library has it.
# Seen: without a word the marker is dropped, and the package is for every Python. packaging 26.0
# reads it and says false on 3.13.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9 packaging==26.0
export HOME=$folder UV_PYTHON_DOWNLOADS=never UV_PYTHON=$folder/venv/bin/python

cat >pyproject.toml <<'END'
[project]
name = "demo"
version = "1"
requires-python = ">=3.10"
dependencies = ["iniconfig==2.0.0; python_version < '<3.10'"]
[tool.uv]
package = false
END
venv/bin/uv lock 2>messages.txt
cat messages.txt
grep 'name = "iniconfig"' uv.lock
if grep -q marker uv.lock; then
  echo "uv keeps a marker" >&2
  exit 1
fi
venv/bin/uv export --frozen --no-hashes --no-header --no-annotate | tee exported.txt
grep -x 'iniconfig==2.0.0' exported.txt

venv/bin/python - <<'END'
from packaging.markers import Marker

held = Marker("python_version < '<3.10'").evaluate({"python_version": "3.13"})
print("packaging:", held)
assert not held
END
