"""Let ssh reach the Nix of a second machine, by a server of the test's own on this one."""

import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.nix import Nix
from tests.support.second_machine import Machine

# What a builder's administrator writes into its nix.conf, where Nix is Debian's.
BUILDER_SETTINGS = """\
sandbox = true
build-users-group =
extra-sandbox-paths = /bin/sh=/usr/bin/bash-static
extra-platforms = aarch64-linux
substituters =
extra-experimental-features = nix-command flakes
"""
# Root may log in with the key alone, and only to run the command beside it.
SERVER = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin forced-commands-only
"""
CLIENT = """\
Host {names}
  HostName 127.0.0.1
  Port {port}
  User root
  IdentityFile {folder}/user
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known
  GlobalKnownHostsFile /dev/null
"""
# The server separates privileges with the help of a user and a folder that this machine may lack.
START = """\
set -eu
mount --bind {folder}/passwd /etc/passwd
mount -t tmpfs tmpfs /run
mkdir -m 755 /run/sshd
exec {program} -D -e -f {folder}/sshd_config
"""


@contextmanager
def reachable(machine: Machine, nix: Nix, folder: Path, *names: str) -> Iterator[str]:
    """Let `ssh` reach the Nix of a machine that has no network of its own.

    Keys and settings are in the new folder. Yields what NIX_SSHOPTS must be, that ssh knows it by
    these names.
    """
    folder.mkdir()
    executable = nix.executable or shutil.which("nix")
    assert executable
    daemon = ["bash", "-c", f'exec -a nix-daemon "{executable}" --stdio']
    _write_program(
        folder / "command",
        # The namespace has its own loopback: nothing of this machine answers there.
        f"export NIX_CONFIG='{BUILDER_SETTINGS}'\n"
        f"exec {shlex.join(machine.command(*daemon, network=False))}\n",
    )
    for key in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True
        )
    port = _free_port()
    public = {key: (folder / f"{key}.pub").read_text("utf-8").strip() for key in ("host", "user")}
    texts = {
        "authorized": f'restrict,command="{folder}/command" {public["user"]}\n',
        "known": f"[127.0.0.1]:{port} {public['host']}\n",
        "passwd": Path("/etc/passwd").read_text("utf-8")
        + "sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin\n",
        "sshd_config": SERVER.format(port=port, folder=folder),
        "ssh_config": CLIENT.format(port=port, folder=folder, names=" ".join(names)),
    }
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    with _server(folder):
        yield f"-F {folder}/ssh_config"


@contextmanager
def _server(folder: Path) -> Iterator[None]:
    program, variables = ssh_server()
    log = folder / "log"
    with log.open("wb") as messages:
        process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", START.format(folder=folder, program=program)],
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=messages,
            stderr=messages,
        )
    try:
        deadline = time.monotonic() + 30
        while "Server listening" not in log.read_text("utf-8"):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


def ssh_server() -> tuple[Path, dict[str, str]]:
    """Return the program `sshd`, and environment variables that it needs.

    Where this machine has none, Debian's is unpacked into the cache: installing it would start it.
    """
    installed = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if installed:
        return Path(installed), {}
    caches = os.environ.get("XDG_CACHE_HOME") or f"{os.environ['HOME']}/.cache"
    folder = Path(caches) / "wheelhouse" / "openssh-server"
    if not folder.exists():
        _unpack_debian(["openssh-server", "libwrap0"], folder)
    libraries = sorted({str(file.parent) for file in folder.rglob("*.so.*")})
    return folder / "usr" / "sbin" / "sshd", {"LD_LIBRARY_PATH": ":".join(libraries)}


def _unpack_debian(packages: Sequence[str], folder: Path) -> None:
    """Unpack packages of this machine's Debian into a new folder."""
    temporary = folder.with_name(f"{folder.name}.{os.getpid()}")
    temporary.mkdir(parents=True)
    subprocess.run(["apt-get", "-q", "download", *packages], cwd=temporary, check=True)
    for file in temporary.glob("*.deb"):
        subprocess.run(["dpkg", "-x", file, temporary / "root"], check=True)
    (temporary / "root").rename(folder)
    shutil.rmtree(temporary)


def _write_program(file: Path, body: str) -> None:
    file.write_text(f"#!/bin/sh\n{body}", encoding="utf-8")
    file.chmod(0o755)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
