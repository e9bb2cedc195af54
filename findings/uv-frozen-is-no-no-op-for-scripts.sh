#!/usr/bin/env bash
# uv 0.13.9 calls --frozen a no-op for scripts (PEP 723), and with it `uv add --script` asks no index.
#
# Guess: with and without the option, `uv add --script` does the same, as its warning says.
# Seen: without the option the requirement is resolved before the script is changed, so that the
# command fails where no index is reached, and the script stays. With it the command succeeds and
# changes the script, still warning that the option has no effect. The error's own hint names it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet uv==0.13.9
printf '# /// script\n# requires-python = ">=3.11"\n# dependencies = []\n# ///\n' >script.py
cp script.py before.py
add=(venv/bin/uv add --offline --no-cache --script script.py idna)
if "${add[@]}" 2>without.txt; then exit 1; fi
cmp script.py before.py
"${add[@]}" --frozen 2>with.txt
cat without.txt with.txt script.py
grep -q 'provide the `--frozen` flag' without.txt
grep -q -- '--frozen` is a no-op for Python scripts' with.txt
grep -q '"idna"' script.py
