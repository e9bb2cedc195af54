#!/usr/bin/env bash
# The wheel of gmsh 4.15.2 has a RECORD with hashes in hexadecimal.
#
# Guess: they are in base 64 without padding, as the specification of recording installed projects
# says; a wheel with others would be refused by all that read RECORD.
# Seen: pip 26.3 and uv 0.13.9 install it without a word, since they compare no hash. installer
# 1.1.0 refuses it where it is asked to compare them (`--validate-record all`), as if a file had been
# changed. Each hash is right once it is read as hexadecimal.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pip==26.3 uv==0.13.9 installer==1.1.0
venv/bin/pip download --quiet --no-deps --only-binary :all: --platform manylinux_2_24_x86_64 \
  --dest . gmsh==4.15.2
wheel=$(echo gmsh-4.15.2-*.whl)

venv/bin/python - "$wheel" <<'PYTHON'
import csv, hashlib, io, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    record = wheel.read("gmsh-4.15.2.dist-info/RECORD").decode()
    rows = [row for row in csv.reader(io.StringIO(record)) if len(row) == 3 and row[1]]
    for path, text, _ in rows:
        algorithm, _, digest = text.partition("=")
        assert digest == hashlib.new(algorithm, wheel.read(path)).hexdigest(), path
print(f"{len(rows)} hashes, all in hexadecimal")
PYTHON

venv/bin/pip install --quiet --no-deps --target by-pip "$wheel"
venv/bin/uv pip install --quiet --no-deps --target by-uv "./$wheel"
test -e by-pip/gmsh.py -o -e by-pip/gmsh-4.15.2.dist-info
test -e by-uv/gmsh-4.15.2.dist-info
if venv/bin/python -m installer --validate-record all --destdir by-installer "$wheel" \
  >printed.txt 2>&1; then
  exit 1
fi
tail -n 1 printed.txt | cut -c -200
grep -q 'hash' printed.txt
