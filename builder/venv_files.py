"""The files that make a folder a virtual environment (PEP 405), as `venv` writes them."""

import sys
import tempfile
import venv
from pathlib import Path
from types import SimpleNamespace


def pyvenv_cfg(home: str, version: str) -> bytes:
    """Return the content of pyvenv.cfg; `home` is the folder of the interpreter."""
    return (f"home = {home}\ninclude-system-site-packages = false\nversion = {version}\n").encode()


def python_names(version: str) -> list[str]:
    """Return the names that the interpreter has below bin/, for a version ("3.11", "3.14t").

    A free-threaded build has that without the letter, too.
    """
    versions = dict.fromkeys((version, version.removesuffix("t")))
    return ["python", "python3", *(f"python{name}" for name in versions)]


def activation_scripts(prefix: str, name: str) -> dict[str, bytes]:
    """Return the scripts that activate the environment at `prefix`: file name to content.

    They come from the templates of the standard library.
    """
    with tempfile.TemporaryDirectory() as folder:
        context = SimpleNamespace(
            env_dir=prefix,
            env_name=name,
            # Since Python 3.13 the templates add the parentheses.
            prompt=name if sys.version_info >= (3, 13) else f"({name}) ",
            env_exe=f"{prefix}/bin/python",
            bin_name="bin",
            bin_path=folder,
        )
        templates = Path(venv.__file__).parent / "scripts"
        venv.EnvBuilder(prompt=name).install_scripts(context, str(templates))
        return {
            file.name: file.read_bytes()
            for file in sorted(Path(folder).iterdir())
            if file.name.lower().startswith("activate")
        }
