"""Check the files of a distribution against RECORD, with the environment's own interpreter."""

import json

from tests.support.builder_steps import Environment

CODE = """
import base64, hashlib, json, sys
from importlib.metadata import files
mismatches = []
for file in files(sys.argv[1]):
    if not file.locate().exists():
        mismatches.append(f"{file} is missing")
    elif file.hash is None:
        if not str(file).endswith("/RECORD"):
            mismatches.append(f"{file} has no hash")
    else:
        content = file.read_binary()
        value = hashlib.new(file.hash.mode, content).digest()
        if base64.urlsafe_b64encode(value).rstrip(b"=").decode() != file.hash.value:
            mismatches.append(f"{file} has another hash")
        if len(content) != file.size:
            mismatches.append(f"{file} has another size")
print(json.dumps(mismatches))
"""


def record_mismatches(environment: Environment, distribution: str) -> list[str]:
    """Return what is wrong with the files of a distribution; each line begins with a path."""
    done = environment.run("python", "-c", CODE, distribution)
    assert done.returncode == 0, done.stderr
    mismatches: list[str] = json.loads(done.stdout)
    return mismatches
