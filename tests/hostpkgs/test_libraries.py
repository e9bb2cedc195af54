"""libraries.json: libraries of nixpkgs, what a build finds of them, and what they drag along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Build = Callable[..., subprocess.CompletedProcess[str]]
    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.nix, pytest.mark.index]

EVERYTHING = """
p: let
  at = name: builtins.foldl' (set: part: set.${part}) p
    (builtins.filter builtins.isString (builtins.split "[.]" name));
in builtins.mapAttrs (name: _: let x = at name; in {
  pname = x.pname;
  outputs = map (o: o.drvPath) ([ x x.out ] ++ (if x ? dev then [ x.dev ] else [ ]));
}) (builtins.fromJSON ''%s'')
"""

USER = """\
#include <gssapi/gssapi.h>
#include <mysql.h>
#include <ncurses.h>
#include <pcap.h>
#include <libpq-fe.h>
int main(void) {
  OM_uint32 minor;
  gss_release_cred(&minor, 0);
  if (isendwin() || !PQlibVersion() || !mysql_get_client_version()) return 1;
  return puts(pcap_lib_version()) < 0;
}
"""
BUILD = """pkgs.stdenv.mkDerivation {
  name = "user";
  src = ./.;
  nativeBuildInputs = [ pkgs.pkg-config pkgs.libpq.pg_config ];
  buildInputs = [
    pkgs.gdk-pixbuf pkgs.libkrb5 pkgs.libmysqlclient pkgs.libpcap pkgs.libpq pkgs.ncurses
    pkgs.wayland
  ];
  buildPhase = ''
    pkg-config --exists --print-errors gdk-pixbuf-2.0
    $(pkg-config --variable=wayland_scanner wayland-scanner) --version
    for told in "$(pcap-config --cflags)" "$(krb5-config --cflags --libs gssapi)" \\
      "$(mysql_config --cflags)" "$(mysql_config --libs)" "$(pg_config --includedir)" \\
      "$(pg_config --libdir)" "$(pkg-config --cflags --libs libpq mysqlclient ncurses)"; do
      echo "$told"
    done >told
    $CC main.c $(mysql_config --cflags) $(krb5-config --libs gssapi) \\
      $(pkg-config --libs ncurses mysqlclient) -lpq -lpcap -o main
  '';
  installPhase = "mkdir $out; ./main > $out/ran; cp told main $out";
}"""


def test_every_library_is_a_package(nix: Nix, project: Path) -> None:
    table = (project / "hostpkgs/libraries.json").read_text()
    expression = EVERYTHING % table
    done = nix("eval", "--json", "nixpkgs#legacyPackages.x86_64-linux", "--apply", expression)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told.keys() == json.loads(table).keys()
    assert [name for name, facts in told.items() if facts["pname"] != name] == []


def test_a_build_finds_headers_libraries_and_what_tells_of_them(
    build: Build, tmp_path: Path
) -> None:
    (tmp_path / "main.c").write_text(USER)
    done = build(BUILD)
    assert done.returncode == 0, done.stderr
    out = Path(done.stdout)
    assert (out / "ran").read_text().startswith("libpcap version")
    told = (out / "told").read_text()
    assert "/usr" not in told
    paths = [word for line in told.splitlines() for word in line.split() if "/" in word]
    folders = [path[path.index("/nix/store/") :] for path in paths]
    assert len(folders) >= 8
    assert [folder for folder in folders if not Path(folder).is_dir()] == []
    # the program needs the libraries, not the packages with their headers
    program = (out / "main").read_bytes()
    assert b"-libpcap0.8-" in program
    assert b"-dev-" not in program
