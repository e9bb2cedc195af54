"""Put the builder, `native` and the libraries that they import into the store.

Run as a script, by path, because nothing can be imported by name yet: the libraries are imported
from their wheels (zip imports), and the builder's own code unpacks those wheels.
"""

import json
import os
import shutil
import sys
from pathlib import Path

SOURCE = Path(__file__).parent
# What the builder is made of, side by side.
PACKAGES = ("builder", "native")


def check_modules() -> None:
    """Exit if this Python can't unpack a wheel, as nixpkgs' python3Minimal can't."""
    try:
        import zlib  # noqa: F401
    except ImportError:
        sys.exit(
            f"wheelhouse: error: {sys.executable} has no module zlib, which every wheel needs to be"
            " unpacked. It was built without its usual libraries, as nixpkgs' python3Minimal is."
            " Take the whole interpreter, such as pkgs.python3."
        )


def main(wheels: list[dict[str, str]], out: Path) -> None:
    """Unpack `wheels` (`path`, `name`) and copy the packages into `out`, byte-compiled.

    Raises SystemExit for a wheel that can't be unpacked, and for a Python that can unpack none.
    """
    check_modules()
    sys.path[:0] = [os.fspath(SOURCE.parent), *(wheel["path"] for wheel in wheels)]
    from builder.bytecode import compile_tree
    from builder.errors import BuildError
    from builder.unpack import unpack_wheel, write_record
    from builder.wheel import package_roots

    out.mkdir()
    roots = package_roots(out, out / "wheelhouse")
    for wheel in wheels:
        try:
            destination, dist_info = unpack_wheel(Path(wheel["path"]), wheel["name"], roots)
            write_record(out, dist_info, destination.entries["site"])
        except BuildError as error:
            sys.exit(f"wheelhouse: error: the builder's own libraries: {error}")
    for name in PACKAGES:
        package = out / name
        package.mkdir()
        for file in (SOURCE.parent / name).iterdir():
            if file.suffix in (".py", ".json"):
                shutil.copyfile(file, package / file.name)
    shutil.copyfile(SOURCE / "__main__.py", out / "__main__.py")
    compile_tree(sys.executable, out)


if __name__ == "__main__":
    main(
        json.loads(Path(os.environ["specPath"]).read_text("utf-8"))["wheels"],
        Path(os.environ["out"]),
    )
