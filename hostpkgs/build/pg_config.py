"""Make `pg_config` of the values in Debian's, a Perl script: nixpkgs' `libpq.pg_config`.

Environment: debs (one), dev (the store path with the headers), shell, out.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import deb
import relocation

_PROGRAM = """#!{shell}
# Prints the values of `pg_config`'s options, all without one.
values={values}
if (($# == 0)); then
  printf '%s\\n' "$values"
  exit
fi
for argument; do
  name=${{argument#--}} found=
  while IFS= read -r line; do
    if [[ $argument == --* && $line == "${{name^^}} = "* ]]; then
      printf '%s\\n' "${{line#* = }}"
      found=1
    fi
  done <<<"$values"
  if [[ -z $found ]]; then
    echo "pg_config: invalid argument: $argument" >&2
    exit 1
  fi
done
"""


def main() -> None:
    """Make the store path that the environment variables describe."""
    out = Path(os.environ["out"])
    unpacked = Path.cwd() / "unpacked"
    deb.unpack(Path(os.environ["debs"]), unpacked, deb.target_path)
    values = read_values((unpacked / "bin/pg_config").read_text(), Path(os.environ["dev"]))
    program = out / "bin/pg_config"
    program.parent.mkdir(parents=True)
    program.write_text(_PROGRAM.format(shell=os.environ["shell"], values=shlex.quote(values)))
    program.chmod(0o755)


def read_values(script: str, dev: Path) -> str:
    """Return the lines "INCLUDEDIR = …" below a script's `__DATA__`, with the store path."""
    data = script.partition("\n__DATA__\n")[2]
    lines = re.findall(r"^[A-Z_-]+ = .*$", data, re.MULTILINE)
    return relocation.relocated("\n".join(lines), dev)


if __name__ == "__main__":
    main()
