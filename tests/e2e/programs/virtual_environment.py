"""Check that an environment is a virtual environment, by its own Python inside the sandbox."""

import base64
import hashlib
import os
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

prefix = Path(sys.prefix)
version = "{}.{}".format(*sys.version_info)
expected = dict(pair.split("==") for pair in os.environ["expected"].split())
installed = {
    dist.metadata["Name"].lower().replace("_", "-").replace(".", "-"): dist.version
    for dist in metadata.distributions()
}

assert sys.prefix != sys.base_prefix, sys.prefix
assert sys.prefix == os.environ["environment"], sys.prefix
assert sys.base_prefix == os.environ["interpreter"], sys.base_prefix
assert Path(sysconfig.get_path("purelib")) == prefix / f"lib/python{version}/site-packages"
configuration = (prefix / "pyvenv.cfg").read_text()
assert f"home = {sys.base_prefix}/bin\n" in configuration, configuration
assert "include-system-site-packages = false\n" in configuration, configuration
assert installed == expected, (installed, expected)
for name, release in expected.items():
    assert metadata.version(name) == release

files = 0
for dist in metadata.distributions():
    assert dist.read_text("INSTALLER").strip() == "wheelhouse"
    for file in dist.files:
        content = file.locate().read_bytes()
        if file.hash is not None:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            assert file.hash.mode == "sha256" and file.hash.value == digest.decode(), file
            assert file.size == len(content), file
        files += 1
assert files > 1000, files

verbose = subprocess.run(
    [sys.executable, "-v", "-c", os.environ["imports"]],
    env={},
    capture_output=True,
    text=True,
    check=True,
).stderr
stale = [
    line
    for line in verbose.splitlines()
    if str(prefix) in line
    and (("code object from " in line and ".pyc" not in line) or "stale" in line)
]
assert not stale, stale
matches = [line for line in verbose.splitlines() if " matches " in line and str(prefix) in line]
assert len(matches) > 50, len(matches)

scripts = sorted(path.name for path in (prefix / "bin").iterdir())
for script, arguments, output in [
    line.split("|") for line in os.environ["scripts"].splitlines() if line
]:
    assert script in scripts, scripts
    result = subprocess.run(
        [prefix / "bin" / script, *arguments.split()],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0 and output in result.stdout + result.stderr, (script, result)

for name in ["python", "python3", f"python{version}"]:
    assert (prefix / "bin" / name).samefile(sys.executable)
for name in ["activate", "activate.csh", "activate.fish"]:
    assert str(prefix) in (prefix / "bin" / name).read_text(), name
# PowerShell's script finds the environment by its own path.
assert "VIRTUAL_ENV" in (prefix / "bin" / "Activate.ps1").read_text()

Path(os.environ["out"]).write_text(f"{len(installed)} distributions, {files} files\n")
