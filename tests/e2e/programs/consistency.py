"""Check, like `pip check`, that installed distributions meet the requirements of each other."""

import os
import sys
from importlib import metadata
from pathlib import Path

sys.path.append(os.environ["packaging"])
from packaging.requirements import Requirement

unmet = []
checked = 0
for dist in metadata.distributions():
    for text in dist.requires or []:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        checked += 1
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            unmet.append(f"{dist.metadata['Name']} needs {text}, which is missing")
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            unmet.append(f"{dist.metadata['Name']} needs {text}, but has {version}")
assert not unmet, unmet
assert checked > 0
Path(os.environ["out"]).write_text(f"{checked} requirements are met\n")
