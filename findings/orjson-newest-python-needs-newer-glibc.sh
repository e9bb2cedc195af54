#!/usr/bin/env bash
# orjson 3.13.0: the wheel for the newest Python needs a much newer glibc than those for older ones.
#
# Guess: a release's wheels for one architecture are built in one image, so that they differ in the
# Python only, and whoever installs it on 3.14 installs it on 3.15, too.
# Seen: the wheels for 3.10 to 3.14 are manylinux_2_17, that for 3.15 is manylinux_2_39. On a machine
# with glibc 2.36 (Debian 12), pip and uv take the source distribution there, which needs Rust, and
# where builds are forbidden there is no such version for 3.15.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
wheel() {
  echo orjson==3.13.0 |
    venv/bin/uv pip compile --quiet --no-header --no-annotate --only-binary :all: \
      --python-version "$1" --python-platform "x86_64-manylinux_2_$2" - 2>&1
}
wheel 3.14 17
if wheel 3.15 38; then
  exit 1
fi
wheel 3.15 39
