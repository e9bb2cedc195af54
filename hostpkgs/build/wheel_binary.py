"""Extract one executable from a wheel."""

import os
import zipfile
from pathlib import Path


def main() -> None:
    """Write the script `binary` of `wheel` below `out`."""
    name = os.environ["binary"]
    with zipfile.ZipFile(os.environ["wheel"]) as wheel:
        member = next(
            info for info in wheel.infolist() if info.filename.endswith(f".data/scripts/{name}")
        )
        target = Path(os.environ["out"], "bin", name)
        target.parent.mkdir(parents=True)
        target.write_bytes(wheel.read(member))
        target.chmod(0o755)


if __name__ == "__main__":
    main()
