"""The documents of an image."""

import json

from builder.image_config import MANIFEST_TYPE, document_blob, image_config, index

SPEC = {
    "name": "registry.example/web",
    "tag": "1.0",
    "created": 1735689600,
    "platform": {"architecture": "arm64", "os": "linux", "variant": "v8"},
    "config": {"Cmd": ["x"], "Entrypoint": [], "User": "", "Volumes": {}, "WorkingDir": "/"},
}


def test_a_configuration_has_the_platform_the_time_and_what_is_given() -> None:
    config = json.loads(image_config(SPEC, [("interpreter", "aa"), ("application", "bb")]))
    assert config["architecture"] == "arm64"
    assert config["variant"] == "v8"
    assert config["created"] == "2025-01-01T00:00:00Z"
    assert config["config"] == {"Cmd": ["x"], "WorkingDir": "/"}
    assert config["rootfs"] == {"type": "layers", "diff_ids": ["sha256:aa", "sha256:bb"]}
    assert [entry["comment"] for entry in config["history"]] == ["interpreter", "application"]


def test_an_index_names_the_image_for_those_who_look_for_its_tag() -> None:
    blob = document_blob(MANIFEST_TYPE, b"{}")
    (entry,) = json.loads(index(SPEC, blob))["manifests"]
    assert entry["annotations"] == {
        "io.containerd.image.name": "registry.example/web:1.0",
        "org.opencontainers.image.ref.name": "1.0",
    }
    assert entry["size"] == 2
    assert entry["platform"] == SPEC["platform"]
