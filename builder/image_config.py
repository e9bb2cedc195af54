"""The JSON documents of an image, by the image specification of the Open Container Initiative."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

VENDOR = "application/vnd.oci.image"
CONFIG_TYPE = f"{VENDOR}.config.v1+json"
INDEX_TYPE = f"{VENDOR}.index.v1+json"
LAYER_TYPE = f"{VENDOR}.layer.v1.tar+gzip"
MANIFEST_TYPE = f"{VENDOR}.manifest.v1+json"


@dataclass(frozen=True)
class Blob:
    """A document or an archive of an image: its media type, sha256 in hexadecimal, and size."""

    media_type: str
    sha256: str
    size: int

    def descriptor(self) -> dict[str, Any]:
        """Return how other documents refer to it."""
        return {
            "mediaType": self.media_type,
            "digest": f"sha256:{self.sha256}",
            "size": self.size,
        }


def encode(document: Any) -> bytes:
    """Return a document as JSON that is the same for equal documents."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def document_blob(media_type: str, content: bytes) -> Blob:
    """Return the blob of a document."""
    return Blob(media_type, hashlib.sha256(content).hexdigest(), len(content))


def image_config(spec: Mapping[str, Any], layers: Iterable[tuple[str, str]]) -> bytes:
    """Return the configuration of an image.

    `spec` has `platform`, `created` in seconds and `config`, whose empty values are left out. Of
    each layer its title, and the sha256 of its uncompressed archive, are given.
    """
    created = datetime.fromtimestamp(spec["created"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    given = list(layers)
    return encode(
        {
            **spec["platform"],
            "created": created,
            "config": {key: value for key, value in spec["config"].items() if value},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256}" for _, sha256 in given]},
            "history": [
                {"created": created, "created_by": "wheelhouse", "comment": title}
                for title, _ in given
            ],
        }
    )


def manifest(config: Blob, layers: Sequence[Blob]) -> bytes:
    """Return the manifest of an image: its configuration and its layers."""
    return encode(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": config.descriptor(),
            "layers": [layer.descriptor() for layer in layers],
        }
    )


def index(spec: Mapping[str, Any], image: Blob) -> bytes:
    """Return the index of a folder that has one image."""
    names = {
        "io.containerd.image.name": f"{spec['name']}:{spec['tag']}",
        "org.opencontainers.image.ref.name": spec["tag"],
    }
    entry = {**image.descriptor(), "platform": spec["platform"], "annotations": names}
    return encode({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [entry]})


def archive_manifest(spec: Mapping[str, Any], config: str, layers: Sequence[str]) -> bytes:
    """Return the manifest of a docker-archive, by the names of its files."""
    name = f"{spec['name']}:{spec['tag']}"
    return encode([{"Config": config, "RepoTags": [name], "Layers": layers}])
