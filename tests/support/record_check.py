"""What an environment's own interpreter finds when it holds files against RECORD."""

import json

from tests.support.builder_steps import Environment

CODE = """
import base64, hashlib, json, sys
from importlib.metadata import files
wrong = []
for file in files(sys.argv[1]):
    if not file.locate().exists():
        wrong.append(f"{file} is missing")
    elif file.hash is None:
        if not str(file).endswith("/RECORD"):
            wrong.append(f"{file} has no hash")
    else:
        content = file.read_binary()
        value = hashlib.new(file.hash.mode, content).digest()
        if base64.urlsafe_b64encode(value).rstrip(b"=").decode() != file.hash.value:
            wrong.append(f"{file} has another hash")
        if len(content) != file.size:
            wrong.append(f"{file} has another size")
print(json.dumps(wrong))
"""


def unlike_record(environment: Environment, distribution: str) -> list[str]:
    """The files of a distribution that aren't what its RECORD says."""
    done = environment.run("python", "-c", CODE, distribution)
    assert done.returncode == 0, done.stderr
    wrong: list[str] = json.loads(done.stdout)
    return wrong
