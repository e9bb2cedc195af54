"""A build finds its headers and libraries below sys.prefix."""

import subprocess
import venv
from pathlib import Path

import pytest

from builder.build_prefix import looks_there, make_prefix


def test_the_prefix_has_headers_libraries_and_packages(tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "helper.py").write_text("x = 5\n", "utf-8")
    for name in ("inputs/include/pcap/pcap.h", "inputs/lib/libpcap.so"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    inputs = tmp_path / "inputs"
    python = make_prefix(
        environment / "bin" / "python",
        [str(inputs / "include"), str(tmp_path / "absent")],
        [str(inputs / "lib")],
        tmp_path / "prefix",
    )
    code = (
        "import helper, os, sys\n"
        "print(helper.x, sys.prefix, sorted(os.listdir(sys.prefix + '/include/pcap')),"
        " os.path.exists(sys.prefix + '/lib/libpcap.so'))"
    )
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == f"5 {tmp_path / 'prefix'} ['pcap.h'] True\n"


@pytest.mark.parametrize(
    ("script", "looks"),
    [
        ("find(sys.prefix, 'include')", True),
        ("sys.exec_prefix", True),
        ("prefix = '/usr'", False),
        (None, False),
    ],
)
def test_only_scripts_that_look_there_need_it(
    script: str | None, looks: bool, tmp_path: Path
) -> None:
    if script is not None:
        (tmp_path / "setup.py").write_text(script, "utf-8")
    assert looks_there(tmp_path) is looks
