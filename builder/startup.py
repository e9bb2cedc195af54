"""Write the files by which an interpreter runs lines of Python when it starts."""

# From this version on `site` ignores the import lines of `.pth` files (PEP 829).
FIRST_WITHOUT_IMPORT_LINES = (3, 18)


def startup_files(stem: str, lines: str, version: str) -> dict[str, str]:
    """Return files of site-packages that run `lines`, by name; each line begins with `import`.

    `version` is the interpreter's, as in "3.11". Where import lines of a `.pth` file run, they do
    it, though 3.15 knows `.start` files, too: those run after the import lines of every package,
    and resolving an entry point takes as long as the interpreter's whole start.
    """
    if tuple(map(int, version.removesuffix("t").split("."))) < FIRST_WITHOUT_IMPORT_LINES:
        return {f"{stem}.pth": lines}
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    return {
        f"{stem}.start": f"{stem}_start:start\n",
        f"{stem}_start.py": f"def start():\n{body}",
    }
