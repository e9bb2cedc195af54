"""What repeated runs do: split words, hash them, and find what was made."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from run import script, warm, with_packages
from tests.support.project import ROOT

BLOCK = b"# /// script\n# dependencies = []\n# ///"


@pytest.mark.parametrize(
    ("words", "own", "command"),
    [
        ("numpy pandas -- python x.py -c", "numpy pandas", "python x.py -c"),
        ("--python 3.13 -- black -- black --version", "--python 3.13 black", "black --version"),
        ("--python=3.13 -- black", "--python=3.13 black", ""),
        ("-- black -- black -- x", "black", "black -- x"),
        ("cowsay -- cowsay -- x", "cowsay", "cowsay -- x"),
        ("-p 3.12 cowsay --refresh", "-p 3.12 cowsay --refresh", ""),
        ("--help", "--help", ""),
        ("", "", ""),
    ],
)
def test_words_are_split_at_the_command(words: str, own: str, command: str) -> None:
    assert with_packages.split(words.split()) == (own.split(), command.split())


@pytest.mark.parametrize(
    ("words", "options", "path", "arguments"),
    [
        ("x.py --refresh -- y", "", "x.py", "--refresh -- y"),
        ("--python 3.12 --refresh x.py", "--python 3.12 --refresh", "x.py", ""),
        ("--locked -- -x.py a", "--locked", "-x.py", "a"),
        ("--help", "--help", "", ""),
    ],
)
def test_what_follows_a_script_is_its_own(
    words: str, options: str, path: str, arguments: str
) -> None:
    assert script.split(words.split()) == (options.split(), path, arguments.split())


@pytest.mark.parametrize(
    ("text", "block"),
    [
        (BLOCK + b"\nimport a\n", BLOCK),
        (b"#!x\n" + BLOCK, BLOCK),
        (b"x\n" + BLOCK + b"\n\n# /// other\n# ///\ny", BLOCK + b"\n\n# /// other\n# ///"),
        (b"\xef\xbb\xbf" + BLOCK + b"\ny", BLOCK),
        (b"x\r" + BLOCK.replace(b"\n", b"\r"), BLOCK.replace(b"\n", b"\r")),
        (b"import a\n", b""),
        (b"# ///\n# /// script", b"# /// script"),
    ],
)
def test_only_the_block_of_a_script_decides(text: bytes, block: bytes) -> None:
    assert script.block(text) == block


def test_only_a_file_with_a_block_is_known(tmp_path: Path) -> None:
    file, pipe = tmp_path / "thing.py", tmp_path / "pipe"
    file.write_bytes(BLOCK)
    known = script.key([], str(file))
    assert known
    file.write_bytes(b"\xef\xbb\xbf" + BLOCK.replace(b"[]", b'["six"]'))
    assert script.key([], str(file)) not in ("", known)
    file.write_bytes(b"print(1)\n")
    os.mkfifo(pipe)
    for path in (file, pipe, tmp_path, tmp_path / "missing"):
        assert script.key([], str(path)) == ""


def test_a_call_is_known_by_its_words_and_by_what_decides_about_them() -> None:
    keys = {
        warm.key([b"a", b"b"], {}),
        warm.key([b"ab"], {}),
        warm.key([b"b", b"a"], {}),
        warm.key([b"a", b"b"], {"UV_INDEX": "x"}),
        warm.key([b"a", b"b"], {"WHEELHOUSE_LIBRARY": "x"}),
    }
    assert len(keys) == 5
    assert warm.key([b"a", b"b"], {"HOME": "x"}) in keys


def test_an_empty_lock_of_a_script_is_not_a_missing_one(tmp_path: Path) -> None:
    file = tmp_path / "thing.py"
    file.write_bytes(BLOCK)
    keys = {script.key([], str(file))}
    for end in script.LOCKS:
        lock = tmp_path / f"thing.py{end}"
        for content in ("", "x"):
            lock.write_text(content)
            keys.add(script.key([], str(file)))
        lock.unlink()
    assert len(keys) == 5


def test_what_was_removed_is_not_found(tmp_path: Path) -> None:
    prefix, cache = tmp_path / "prefix", tmp_path / "cache"
    for folder in (prefix / "bin", cache / "calls", cache / "environments"):
        folder.mkdir(parents=True)
    (prefix / "bin" / "python").touch()
    assert warm.find(str(cache), "call") is None
    (cache / "calls" / "call").write_text("env\nprogram\n")
    assert warm.find(str(cache), "call") is None
    link = cache / "environments" / "env"
    link.symlink_to(prefix)
    os.utime(cache / "calls" / "call", (0, 0))
    assert warm.find(str(cache), "call") == (str(prefix), "program")
    assert (cache / "calls" / "call").stat().st_mtime > 0
    (prefix / "bin" / "python").unlink()
    assert warm.find(str(cache), "call") is None
    (cache / "calls" / "call").write_text("")
    assert warm.find(str(cache), "call") is None


def test_what_is_in_a_read_only_cache_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix, cache = tmp_path / "prefix", tmp_path / "cache"
    for folder in (prefix / "bin", cache / "calls", cache / "environments"):
        folder.mkdir(parents=True)
    (prefix / "bin" / "python").touch()
    (cache / "environments" / "env").symlink_to(prefix)
    (cache / "calls" / "call").write_text("env\n\n")

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    # Root may write everywhere.
    monkeypatch.setattr(os, "utime", refuse)
    assert warm.find(str(cache), "call") == (str(prefix), "")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("", "an empty word: neither in the environment nor on PATH; the environment has tool"),
        ("./gone", "./gone: there is no such file; the environment has tool"),
        ("./broken", "./broken: its first line names an interpreter that isn't there"),
    ],
)
def test_a_command_that_can_t_be_run_is_told(tmp_path: Path, command: str, told: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tool").touch()
    broken = tmp_path / "broken"
    broken.write_text("#!/nowhere/sh\n")
    broken.chmod(0o755)
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from run import warm; "
        f"warm.execute('with', {str(tmp_path)!r}, [{command!r}], {{'PATH': '/nowhere'}})"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (127, f"with: {told}\n")


def test_the_cache_is_where_the_user_s_is() -> None:
    assert warm.folder({"HOME": "/home/x"}) == "/home/x/.cache/wheelhouse/run"
    assert warm.folder({"HOME": "/home/x", "XDG_CACHE_HOME": "/c"}) == "/c/wheelhouse/run"
    assert warm.folder({"HOME": "/home/x", "XDG_CACHE_HOME": "c"}) == (
        "/home/x/.cache/wheelhouse/run"
    )


@pytest.mark.parametrize("name", ["with_packages", "script"])
def test_a_repeated_run_imports_nothing_of_lock(name: str) -> None:
    program = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r}); before = {{*sys.modules}}; "
        f"import run.{name}; print(*sorted({{*sys.modules}} - before))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {*done.stdout.split()} <= {"_blake2", "errno", "run", "run.warm", f"run.{name}"}
