"""Put the builder and the libraries that it imports into the store.

Run as a script, by path, because nothing can be imported by name yet: the libraries are imported
from their wheels (zip imports), and the builder's own code unpacks those wheels.
"""

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

SOURCE = Path(__file__).parent


def load_builder() -> None:
    """Make `builder` importable although its folder has another name in the store."""
    location = SOURCE / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        "builder", location, submodule_search_locations=[os.fspath(SOURCE)]
    )
    assert spec is not None and spec.loader is not None, location
    module = importlib.util.module_from_spec(spec)
    sys.modules["builder"] = module
    spec.loader.exec_module(module)


def main(wheels: list[dict[str, str]], out: Path) -> None:
    """Unpack `wheels` (`path`, `name`) and copy the builder into `out`, byte-compiled.

    Raises SystemExit for a wheel that can't be unpacked.
    """
    sys.path[:0] = [wheel["path"] for wheel in wheels]
    load_builder()
    from builder.bytecode import compile_tree
    from builder.errors import BuildError
    from builder.unpack import unpack_wheel
    from builder.wheel import package_roots

    out.mkdir()
    roots = package_roots(out, out / "wheelhouse")
    for wheel in wheels:
        try:
            unpack_wheel(Path(wheel["path"]), wheel["name"], roots)
        except BuildError as error:
            sys.exit(f"wheelhouse: error: the builder's own libraries: {error}")
    package = out / "builder"
    package.mkdir()
    for file in SOURCE.glob("*.py"):
        shutil.copyfile(file, package / file.name)
    shutil.copyfile(SOURCE / "__main__.py", out / "__main__.py")
    compile_tree(sys.executable, out)


if __name__ == "__main__":
    main(
        json.loads(Path(os.environ["specPath"]).read_text("utf-8"))["wheels"],
        Path(os.environ["out"]),
    )
