"""Read images of the image layout, and run them in a folder."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Image:
    """A folder by the image layout of the Open Container Initiative, with one image."""

    folder: Path

    def blob(self, digest: str) -> Path:
        """Return the file of a digest."""
        return self.folder / "blobs" / Path(*digest.split(":"))

    @property
    def manifest(self) -> dict[str, Any]:
        """Return the manifest."""
        (entry,) = json.loads((self.folder / "index.json").read_text())["manifests"]
        return self._document(entry["digest"])

    @property
    def config(self) -> dict[str, Any]:
        """Return the configuration."""
        return self._document(self.manifest["config"]["digest"])

    @property
    def layers(self) -> dict[str, Path]:
        """Return the files of the layers by the titles that the history has."""
        files = [self.blob(layer["digest"]) for layer in self.manifest["layers"]]
        titles = [entry["comment"] for entry in self.config["history"]]
        return dict(zip(titles, files, strict=True))

    def unpack(self, root: Path) -> None:
        """Unpack the layers into a folder, the lowest first."""
        root.mkdir()
        for file in self.layers.values():
            command = ["tar", "-xzpf", file, "-C", root, "--numeric-owner"]
            subprocess.run(command, check=True)

    @contextmanager
    def running(self, root: Path, **variables: str) -> "Iterator[subprocess.Popen[str]]":
        """Run the image in the folder that it was unpacked into, as a container would."""
        settings = self.config["config"]
        given = dict(line.split("=", 1) for line in settings["Env"]) | variables
        # It changes the owner of what runs to that of the image, but root alone may do that.
        enter: list[str | Path] = [_program("chroot"), root]
        if os.geteuid() == 0:
            enter.insert(1, f"--userspec={settings.get('User', '0:0')}")
        else:
            enter[:0] = [_program("unshare"), "--map-root-user"]
        process = subprocess.Popen(
            [*enter, *settings.get("Entrypoint", []), *settings.get("Cmd", [])],
            env=given,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def _document(self, digest: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.blob(digest).read_text())
        return document


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found is not None, f"this machine has no {name}"
    return found
