"""Install the lock app and its launcher into `$out`; run inside the app's derivation."""

import json
import os
import shutil
import subprocess
from pathlib import Path

LAUNCHER = """#!{python} -I
import os
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
sys.path.insert(0, {library!r})
os.environ.setdefault("WHEELHOUSE_UV", {uv!r})
os.environ.setdefault("WHEELHOUSE_LIBRARIES", {libraries!r})
os.environ.setdefault("WHEELHOUSE_BUILDER_SOURCES", {builder_sources!r})
os.environ.setdefault("WHEELHOUSE_DEFAULT_INDEX", {index!r})
if "NIX_SSL_CERT_FILE" in os.environ:
    # Trust the certificates that Nix trusts.
    os.environ.setdefault("SSL_CERT_FILE", os.environ["NIX_SSL_CERT_FILE"])

from lock.commands.main import program

program()
"""

# Where shells look for the completion of a program's command line.
COMPLETIONS = {
    "bash": "bash-completion/completions/lock",
    "fish": "fish/vendor_completions.d/lock.fish",
    "zsh": "zsh/site-functions/_lock",
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
for name in ("lock", "native"):
    shutil.copytree(Path(spec["source"], name), library / name)
for folder in [library, *(path for path in library.rglob("*") if path.is_dir())]:
    folder.chmod(0o755)
subprocess.run(
    [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", library],
    check=True,
)
launcher = out / "bin" / "lock"
launcher.parent.mkdir()
launcher.write_text(
    LAUNCHER.format(
        python=python,
        library=os.fspath(library),
        uv=spec["uv"],
        libraries=spec["libraries"],
        builder_sources=spec["builderSources"],
        index=default_index(spec["uv"], python),
    ),
    encoding="utf-8",
)
launcher.chmod(0o755)
for shell, place in COMPLETIONS.items():
    file = out / "share" / place
    file.parent.mkdir(parents=True)
    text = subprocess.run([launcher, "completion", shell], check=True, stdout=subprocess.PIPE)
    file.write_bytes(text.stdout)
