"""Keep a writable virtual environment on top of one in the store: `overlay.py ENVIRONMENT FOLDER`.

What is installed into the folder comes first, and all of the environment's packages are seen
behind it. A shell runs this when it is entered (lib/shell/overlay.nix), with any Python since 3.8.
It imports only the standard library.
"""

import os
import sys

# Names the environment, and what was written for it; other files in the folder are the user's.
MARKER = "wheelhouse-overlay"
STARTUP = "_wheelhouse_overlay"


def main(environment: str, folder: str) -> None:
    """Make or renew the folder; one that is renewed already stays as it is.

    Raises SystemExit, with a message, for a folder that isn't such an environment.
    """
    marker = os.path.join(folder, MARKER)
    written = read_lines(marker)
    if written[:2] == [environment, folder]:
        return
    if not written and os.path.isdir(folder) and os.listdir(folder):
        sys.exit(
            f"wheelhouse: {folder} is no overlay of a shell; move it away, or name another folder "
            "as `overlay`"
        )
    for name in written[2:]:
        path = os.path.join(folder, name)
        if os.path.lexists(path):
            os.unlink(path)
    files = overlay_files(environment, folder)
    for name, content in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # What the user installed stands before a program of the environment.
        if os.path.lexists(path):
            continue
        if content is None:
            os.symlink(os.path.join(environment, name), path)
        else:
            with open(path, "wb") as file:
                file.write(content)
            os.chmod(path, 0o755 if name.startswith("bin/") else 0o644)
    with open(marker, "w", encoding="utf-8") as file:
        file.write("\n".join([environment, folder, *files]) + "\n")


def read_lines(path: str) -> "list[str]":
    """Return the lines of a file; none if there is no file."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()
    except OSError:
        return []


def overlay_files(environment: str, folder: str) -> "dict[str, bytes | None]":
    """Return the content of each file by its path in the folder; None for a link into the store."""
    site = "lib/python{}.{}/site-packages".format(*sys.version_info)
    line = f"import site; site.addsitedir({os.path.join(environment, site)!r})\n"
    files: dict[str, bytes | None] = {
        f"{site}/{name}": content.encode()
        for name, content in startup_files(line, sys.version_info[:2]).items()
    }
    for name in ("pyvenv.cfg", *sorted(f"bin/{name}" for name in os.listdir(f"{environment}/bin"))):
        files[name] = moved(os.path.join(environment, name), environment, folder)
    return files


def startup_files(line: str, version: "tuple[int, int]") -> "dict[str, str]":
    """Return files of site-packages by which the interpreter runs a line when it starts, by name.

    As in builder/startup.py: from 3.18 on, `site` ignores the import lines of `.pth` files.
    """
    if version < (3, 18):
        return {f"{STARTUP}.pth": line}
    return {
        f"{STARTUP}.start": f"{STARTUP}_start:start\n",
        f"{STARTUP}_start.py": f"def start():\n    {line}",
    }


def moved(path: str, environment: str, folder: str) -> "bytes | None":
    """Return a text of the environment as it is in the folder; None for what isn't a text."""
    if os.path.basename(path).startswith("python"):
        return None
    with open(path, "rb") as file:
        content = file.read()
    if b"\0" in content[:1024]:
        return None
    return content.replace(environment.encode(), folder.encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
