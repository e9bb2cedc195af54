#!/usr/bin/env bash
# One release of PySide6 needs glibc 2.34 on x86_64 and 2.39 on aarch64.
#
# Guess: a project builds its wheels for all architectures in images of one age, so a release runs
# on the same distributions everywhere, or, where an architecture is new, on slightly newer ones.
# Seen: with glibc 2.36 and only wheels, uv 0.13.9 resolves to 6.12.0 on x86_64, and to 6.8.0.2, two
# years older, on aarch64; every later release has manylinux_2_39 there. A lock for both with one
# version is that old, or fails where it runs.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
resolve() {
  echo 'pyside6-essentials<=6.12.0' |
    venv/bin/uv pip compile --quiet --no-header --no-annotate --only-binary :all: \
      --python-version 3.12 --python-platform "$1" - | grep pyside6
}
for platform in x86_64-manylinux_2_34 aarch64-manylinux_2_36 aarch64-manylinux_2_38 aarch64-manylinux_2_39; do
  printf '%s: %s\n' "$platform" "$(resolve "$platform")"
done
[ "$(resolve x86_64-manylinux_2_34)" = pyside6-essentials==6.12.0 ]
[ "$(resolve aarch64-manylinux_2_38)" = pyside6-essentials==6.8.0.2 ]
[ "$(resolve aarch64-manylinux_2_39)" = pyside6-essentials==6.12.0 ]
