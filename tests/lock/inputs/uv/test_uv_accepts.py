"""What the lock app accepts, uv reads too: nothing reaches the user from inside of uv's parser."""

import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lock.errors import LockError
from lock.inputs.yaml.requirements_yaml import parse
from tests.support.lock_app import LockApp

NUMBERS = st.one_of(
    st.integers(0, 20).map(str),
    st.sampled_from(
        ["00", "01", "2024", "20240101", "18446744073709551615", "99999999999999999999"]
    ),
)
VERSIONS = st.builds(
    lambda epoch, release, suffix: epoch + ".".join(release) + suffix,
    st.sampled_from(["", "", "", "", "0!", "1!", "99999999999999999999!", "v"]),
    st.lists(NUMBERS, min_size=1, max_size=6),
    st.sampled_from(
        [
            *(
                "",
                "",
                "",
                ".*",
                "a1",
                "b",
                "rc2",
                ".dev0",
                ".post1",
                "-1",
                "+cpu",
                "+1.2",
                "+a_b-c",
            ),
            *(
                "a",
                ".0a1.post2.dev3",
                "_beta_3",
                "c1",
                ".rev2",
                "-alpha",
                "dev",
                "+",
                ".post",
                "a*",
            ),
            *("rc99999999999999999999", ".post99999999999999999999", ".dev99999999999999999999"),
            *("+99999999999999999999", "RC1", "+ABC", "."),
        ]
    ),
)
OPERATORS = st.sampled_from(
    ["", "=", "==", "!=", "<", "<=", ">", ">=", "~=", "^", "~", "===", " ^ ", ">= "]
)
SPECIFIERS = st.one_of(
    st.lists(st.tuples(OPERATORS, VERSIONS).map("".join), max_size=3).map(",".join),
    st.sampled_from(
        ["*", "==*", "!=*", "===abc", "===1.0.foo", "== *", ">=1,", ",", "1,,2", "^0.0"]
    ),
)
NAMES = st.one_of(
    st.from_regex(r"[A-Za-z0-9._-]{1,8}", fullmatch=True),
    st.from_regex(
        r"[a-z][a-z0-9._-]{0,5}(\[[a-z0-9._-]{1,4}(,[a-z0-9._-]{1,4})?\])?", fullmatch=True
    ),
)
MARKERS = st.sampled_from(
    [
        *("", "", "os_name == 'posix'", "python_version >= '3.8' and sys_platform != 'win32'"),
        *("python_version == 'x'", "platform_release > '1'", "'linux' in sys_platform"),
        *("sys_platform == 'a\\\"b'", "python_full_version ~= '3.11.4'", "os.name == 'posix'"),
        *("python_version in '3.8 3.9'", "python_implementation == 'CPython'", "'a' == 'a'"),
        *("python_version === '3.11'", "sys_platform ~= 'linux'", "python_version == '3.*'"),
        *("implementation_version >= '3'", "platform_version not in 'x'", "os_name < 'z'"),
        *("python_version >= '99999999999999999999'", "sys_platform == 'é'", "extra == 'a'"),
    ]
)
ENTRIES = st.tuples(NAMES, SPECIFIERS, MARKERS)


def entry(name: str, specifier: str, marker: str) -> str:
    """Lines of the long form that ask for a package."""
    quoted = [text.replace("'", "''") for text in (name, specifier, marker)]
    return "  '{}': {{version: '{}', markers: '{}'}}\n".format(*quoted)


def is_accepted(line: str) -> bool:
    """Whether the lock app takes a requirement."""
    try:
        parse(f"requirements:\n{line}", "requirements.yaml")
    except LockError:
        return False
    return True


@settings(
    max_examples=10,
    deadline=None,
    database=None,
    # Each example takes a run of uv, so shrinking would take minutes.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(entries=st.lists(ENTRIES, min_size=20, max_size=60))
def test_what_is_accepted_can_be_resolved_or_told(
    entries: list[tuple[str, str, str]], lock: LockApp
) -> None:
    accepted = [line for line in (entry(*parts) for parts in entries) if is_accepted(line)]
    chosen: list[str] = []
    for line in accepted:
        if is_accepted("".join([*chosen, line])):
            chosen.append(line)
    if not chosen:
        return
    lock.write("requirements:\n" + "".join(chosen))
    done = lock.run("3.11", "--system", "x86_64-linux")
    told = done.stderr
    assert done.returncode in (0, 1), told
    for inner in (
        "build",
        "setup.py",
        "pyproject",
        "file://",
        os.fspath(lock.folder),
        "wheelhouse",
    ):
        assert inner not in told.lower(), (inner, told, chosen)
