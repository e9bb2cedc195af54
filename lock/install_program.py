"""Install a program of the project and its launcher into `$out`; run inside its derivation."""

import json
import os
import shutil
import subprocess
from pathlib import Path

LAUNCHER = """#!{python} -I
import os
import _signal as signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
sys.path.insert(0, {library!r})
given = {{*os.environ}}
{variables}
if "NIX_SSL_CERT_FILE" in os.environ:
    # Trust the certificates that Nix trusts.
    os.environ.setdefault("SSL_CERT_FILE", os.environ["NIX_SSL_CERT_FILE"])
# For programs that start others, which get only what was given.
os.environ["WHEELHOUSE_ADDED"] = " ".join({{*os.environ}} - given)

from {module} import program

program()
"""

# Where shells look for the completion of a program's command line.
COMPLETIONS = {
    "bash": "bash-completion/completions/{}",
    "fish": "fish/vendor_completions.d/{}.fish",
    "zsh": "zsh/site-functions/_{}",
}


def default_index(uv: str, python: str) -> str:
    """Return the address of the index that uv uses by default; empty where it doesn't tell."""
    options = ("--emit-index-url", "--no-header", "--quiet", "--offline", "--no-cache")
    command = [uv, "pip", "compile", "-", *options, "--no-config", "--python", python]
    done = subprocess.run(command, check=False, input="", stdout=subprocess.PIPE, text=True)
    words = done.stdout.split()
    return words[1] if words[:1] == ["--index-url"] and len(words) == 2 else ""


spec = json.loads(Path(os.environ["specPath"]).read_text("utf-8"))
out = Path(os.environ["out"])
library = out / "lib"
python = spec["python"]
for folder in spec["folders"]:
    shutil.copytree(Path(spec["source"], folder), library / folder)
for path in [library, *(path for path in library.rglob("*") if path.is_dir())]:
    path.chmod(0o755)
subprocess.run(
    [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", library],
    check=True,
)
variables = spec["variables"]
variables["WHEELHOUSE_DEFAULT_INDEX"] = default_index(variables["WHEELHOUSE_UV"], python)
launcher = out / "bin" / spec["name"]
launcher.parent.mkdir()
launcher.write_text(
    LAUNCHER.format(
        python=python,
        library=os.fspath(library),
        module=spec["module"],
        variables="\n".join(
            f"os.environ.setdefault({name!r}, {value!r})" for name, value in variables.items()
        ),
    ),
    encoding="utf-8",
)
launcher.chmod(0o755)
for shell, place in COMPLETIONS.items() if spec["completions"] else ():
    file = out / "share" / place.format(spec["name"])
    file.parent.mkdir(parents=True)
    text = subprocess.run([launcher, "completion", shell], check=True, stdout=subprocess.PIPE)
    file.write_bytes(text.stdout)
