#!/usr/bin/env bash
# hatch 1.18.2 downloads the text of the licence for a new project.
#
# Guess: the text comes with hatch, or `hatch new` fails at once where nothing answers.
# Seen: with a proxy that refuses each connection it tries for about a minute, says nothing, exits
# with 0, and leaves a LICENSE.txt without a word. The text is kept in hatch's cache, so the next
# project, made with the network again, gets the same at once.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet hatch==1.18.2
export HOME=$folder

started=$SECONDS
HTTPS_PROXY=http://127.0.0.1:9 venv/bin/hatch new first >printed.txt 2>&1
echo "seconds: $((SECONDS - started))"
((SECONDS - started >= 20))
test -e first/LICENSE.txt
if grep . first/LICENSE.txt; then
  exit 1
fi
if grep -qi 'licen[cs]e.*\(fail\|error\|could not\)' printed.txt; then
  echo "it says that the licence is missing" >&2
  exit 1
fi

started=$SECONDS
venv/bin/hatch new second >/dev/null 2>&1
((SECONDS - started < 20))
test -e second/LICENSE.txt
if grep . second/LICENSE.txt; then
  exit 1
fi
echo "both projects have a LICENSE.txt without a word"
