"""Scripts that can't be run where a build runs are replaced by such that can."""

import os
import subprocess
import venv
from pathlib import Path

import pytest

from builder.build_prefix import make_prefix
from builder.stranded_scripts import mended_line, replace_scripts, stranded_scripts

SEARCH = "/usr/bin:/bin"


def test_a_build_runs_the_scripts_of_its_packages(tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    (site,) = environment.glob("lib/python*/site-packages")
    package = tmp_path / "store" / "tool"
    (package / "bin").mkdir(parents=True)
    (package / "__init__.py").write_text("import os\nHERE = os.path.dirname(__file__)\n", "utf-8")
    script = package / "bin" / "tool-config"
    script.write_text('#!/absent/bin/env bash\necho "$(dirname "$0")"\n', "utf-8")
    script.chmod(0o755)
    (package / "bin" / "note").write_text("#!/absent/bin/env bash\n", "utf-8")
    (site / "tool").symlink_to(package)
    below = os.path.relpath(site, environment)
    scripts = dict(stranded_scripts(site, SEARCH))
    assert [*scripts] == ["tool/bin/tool-config"]
    python = make_prefix(environment / "bin" / "python", [], [], tmp_path / "prefix")
    replace_scripts(tmp_path / "prefix", below, scripts)
    code = "import subprocess, tool\nsubprocess.run([tool.HERE + '/bin/tool-config'], check=True)\n"
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == f"{tmp_path / 'prefix' / below / 'tool' / 'bin'}\n"
    assert script.read_text("utf-8").startswith("#!/absent")


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        (b"#!/absent/bash -e\n", b"#!/bin/bash -e\n"),
        (b"#! /absent/env bash\n", b"#!/bin/bash\n"),
        (b"#!/bin/sh\n", None),
        (b"#!/absent/env\n", None),
        (b"#!/absent/unheard-of\n", None),
        (b"#!python\n", None),
        (b"\x7fELF", None),
    ],
)
def test_a_line_gets_a_program_that_is_there(line: bytes, mended: bytes | None) -> None:
    found = mended_line(line, SEARCH)
    assert (found and found.replace(b"/usr/bin/", b"/bin/")) == mended
