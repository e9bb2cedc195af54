"""Archives of store paths depend on nothing but what a store path is."""

import io
import os
import tarfile
from pathlib import Path

from builder.image_tar import Entry, archive_size, file, header, link, store_entries, write_archive


def archive(*entries: Entry) -> bytes:
    written = io.BytesIO()
    write_archive(entries, written.write)
    return written.getvalue()


def read(content: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(content), errors="surrogateescape") as opened:
        return {member.name: member for member in opened.getmembers()}


def path_with(folder: Path, name: str = "0123-demo") -> Path:
    path = folder / name
    (path / "bin").mkdir(parents=True)
    (path / "bin" / "demo").write_text("program")
    (path / "bin" / "demo").chmod(0o700)
    (path / "data").write_text("text")
    (path / "link").symlink_to("data")
    return path


def test_members_are_sorted_with_fixed_times_owners_and_modes(tmp_path: Path) -> None:
    members = read(archive(*store_entries([str(path_with(tmp_path))])))
    assert [(name, oct(member.mode)) for name, member in members.items()] == [
        ("nix", "0o755"),
        ("nix/store", "0o755"),
        ("nix/store/0123-demo", "0o555"),
        ("nix/store/0123-demo/bin", "0o555"),
        ("nix/store/0123-demo/bin/demo", "0o555"),
        ("nix/store/0123-demo/data", "0o444"),
        ("nix/store/0123-demo/link", "0o777"),
    ]
    assert {(one.mtime, one.uid, one.gid, one.uname) for one in members.values()} == {(1, 0, 0, "")}
    assert members["nix/store/0123-demo/link"].linkname == "data"


def test_a_folder_of_many_files_is_sorted(tmp_path: Path) -> None:
    names = [f"{number * 37 % 100:02}" for number in range(100)]
    for name in names:
        (tmp_path / name).touch()
    members = list(read(archive(*store_entries([str(tmp_path)]))))
    assert [name.rpartition("/")[2] for name in members[3:]] == sorted(names)


def test_the_order_of_paths_and_the_time_of_files_do_not_matter(tmp_path: Path) -> None:
    first, second = path_with(tmp_path), path_with(tmp_path, "4567-other")
    before = archive(*store_entries([str(first), str(second)]))
    os.utime(first / "data", (5, 5))
    (first / "data").chmod(0o600)
    assert archive(*store_entries([str(second), str(first), str(second)])) == before


def test_files_that_an_optimised_store_links_are_written_whole(tmp_path: Path) -> None:
    path = path_with(tmp_path)
    (path / "same").write_text("text")
    before = archive(*store_entries([str(path)]))
    (path / "same").unlink()
    (path / "same").hardlink_to(path / "data")
    assert archive(*store_entries([str(path)])) == before


def test_long_and_foreign_names_are_read_back() -> None:
    names = ["a" * 300, "/".join(["b" * 90] * 4), "ü/☃", os.fsdecode(b"\xff\xfe")]
    members = read(archive(*(link(name, f"{name}/target") for name in names)))
    assert list(members) == names
    assert [member.linkname for member in members.values()] == [f"{name}/target" for name in names]


def test_the_size_is_known_before_anything_is_read(tmp_path: Path) -> None:
    entries = [*store_entries([str(path_with(tmp_path))]), file("x" * 200, b"content")]
    assert archive_size(entries) == len(archive(*entries))
    assert archive_size(entries) % 512 == 0


def test_a_file_may_have_more_than_eight_gigabytes() -> None:
    size = 9 * 2**30
    entry = Entry("large", tarfile.REGTYPE, 0o444, size=size)
    with tarfile.open(fileobj=io.BytesIO(header(entry)), mode="r|") as opened:
        member = opened.next()
    assert member is not None
    assert member.size == size
    assert archive_size([entry]) > size
