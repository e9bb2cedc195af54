"""What an image has outside of the store."""

from typing import Any

import pytest

from builder.image_root import groups, passwd, root_entries
from builder.image_tar import Entry

USER = {"name": "app", "uid": 1000, "gid": 1001, "home": "/home/app"}


def entries(user: Any = None, folders: tuple[str, ...] = (), links: Any = None) -> dict[str, Entry]:
    root = {"user": user, "folders": folders, "links": links or {}}
    found = list(root_entries(root))
    assert [entry.name for entry in found] == sorted(entry.name for entry in found)
    return {entry.name: entry for entry in found}


def test_there_is_a_folder_for_temporary_files_that_all_may_write_to() -> None:
    assert entries()["tmp"].mode == 0o1777
    assert set(entries()) == {
        "etc", "etc/group", "etc/nsswitch.conf", "etc/passwd", "root", "tmp"
    }  # fmt: skip


def test_a_user_has_a_name_a_group_and_a_home() -> None:
    assert passwd(USER).splitlines()[1] == "app:x:1000:1001::/home/app:/bin/sh"
    assert groups(USER).splitlines()[1] == "app:x:1001:"
    found = entries(USER)
    assert (found["home/app"].owner, found["home/app"].mode) == ((1000, 1001), 0o700)
    assert (found["home"].owner, found["home"].mode) == ((0, 0), 0o755)


def test_folders_belong_to_the_user_and_their_parents_to_root() -> None:
    found = entries(USER, ("/var/lib/data", "/"))
    assert found["var/lib/data"].owner == (1000, 1001)
    assert found["var/lib"].owner == (0, 0)
    assert "" not in found


@pytest.mark.parametrize("place", ["/etc", "/home", "/tmp"])
def test_nothing_is_written_through_a_link(place: str) -> None:
    found = entries(USER, ("/home/app/data", "/tmp/data"), {place: "/nix/store/x-own"})
    assert found[place[1:]].target == "/nix/store/x-own"
    assert [name for name in found if name.startswith(f"{place[1:]}/")] == []


def test_a_link_replaces_a_file_and_a_folder_behind_it_is_not_made() -> None:
    links = {"/etc/passwd": "/nix/store/x-passwd", "/app": "/nix/store/x-app"}
    found = entries(USER, ("/app", "/app/data"), links)
    assert found["etc/passwd"].target == "/nix/store/x-passwd"
    assert found["app"].target == "/nix/store/x-app"
    assert "app/data" not in found
