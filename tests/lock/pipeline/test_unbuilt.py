"""Metadata that can't be built on this machine, against an index on this machine."""

import yaml

from tests.lock.builds.test_locked_builds import backend
from tests.support.index_server import Index
from tests.support.lock_app import LockApp

# PEP 643 isn't followed, so that only a build tells what is required.
OLD = {"PKG-INFO": "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n"}
LACKING = backend("raise SystemExit('fatal error: pcap.h: No such file or directory')")
MADE = {
    "src/alpha.egg-info/PKG-INFO": "Metadata-Version: 2.1\n",
    "src/alpha.egg-info/requires.txt": (
        'beta>=1\n\n[:sys_platform == "win32"]\ngamma\n\n[more]\ndelta\n'
    ),
}


def test_where_a_library_is_missing_the_requirements_are_those_of_the_egg_info(
    lock: LockApp, index: Index
) -> None:
    index.sdist("alpha", "1.0", files=LACKING | OLD | MADE)
    for name in ("beta", "gamma", "delta", "epsilon"):
        index.wheel(name, "1.0")
    lock.write("alpha[more]:\nepsilon:\n")
    done = lock.run("3.11")
    assert done.returncode == 0
    found = yaml.safe_load((lock.folder / "sources.yaml").read_text("utf-8"))
    assert [*found["closure"]] == ["alpha", "beta", "delta", "epsilon"]
    assert (
        "requirements.yaml: alpha 1.0: its metadata can't be built here (fatal error: pcap.h: No "
        "such file or directory); taken is what it required when it was made: beta>=1, "
    ) in done.stderr


def test_without_egg_info_the_failure_is_an_error(lock: LockApp, index: Index) -> None:
    index.sdist("alpha", "1.0", files=LACKING | OLD)
    lock.write("alpha:\n")
    message = lock.fail(1, "3.11")
    assert "Failed to build `alpha==1.0`" in message
    assert "pcap.h: No such file" in message


def test_another_failure_is_an_error(lock: LockApp, index: Index) -> None:
    files = backend("raise SystemExit('this is for Python 2')") | OLD | MADE
    index.sdist("alpha", "1.0", files=files)
    lock.write("alpha:\n")
    assert "this is for Python 2" in lock.fail(1, "3.11")
