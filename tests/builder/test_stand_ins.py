"""Stand-ins do for the builder's libraries what the real ones do."""

import dataclasses
import re
from collections.abc import Callable
from email.parser import FeedParser as RealParser
from email.policy import compat32
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from installer import records

from builder import stand_ins
from tests.support.wheels import Wheel

WHEEL = Wheel().contents()["demo-1.0.dist-info/WHEEL"].decode()
NAMES = ("Wheel-Version", "wheel-version", "Root-Is-Purelib", "Tag", "Build", "a", "From", "From a")
FIELDS = st.builds(
    "{}{}{}".format,
    st.sampled_from([*NAMES, "", " a", "\ta", "größe", "a b", "-"]),
    st.sampled_from([":", ": ", ":\t", ":  ", " : ", ""]),
    st.text("ab1 .:\t-ü\x00\x85", max_size=5),
)
TEXTS = st.builds(
    "".join,
    st.lists(
        st.builds(
            "{}{}".format,
            FIELDS | st.sampled_from(["", " folded", "From me", "a"]),
            st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\x0b", "\x0c", "\u2028", ""]),
        ),
        max_size=5,
    ),
)


def real_fields(text: str) -> Any:
    """Return what the standard library reads."""
    parser = RealParser(policy=compat32)
    parser.feed(text)
    return parser.close()


def fields(text: str) -> Any:
    """Return what the stand-in reads."""
    parser = stand_ins.FeedParser(policy=None)
    parser.feed(text)
    return parser.close()


@given(TEXTS)
@example(WHEEL)
@example(WHEEL.replace("\n", "\r\n"))
@example("A: 1\na: 2\n")
@example("A: 1\n b\n")
@example("a:\n")
def test_metadata_is_read_as_by_the_standard_library(text: str) -> None:
    found, expected = fields(text), real_fields(text)
    assert {name: found[name] for name in NAMES} == {name: expected[name] for name in NAMES}


def test_a_plain_wheel_file_is_read_without_the_standard_library() -> None:
    assert isinstance(fields(WHEEL), stand_ins.Headers)


def test_text_is_fed_in_pieces() -> None:
    parser = stand_ins.FeedParser(policy=None)
    for piece in ("Wheel-Ver", "sion: 1.0\nTa", "g: x\n"):
        parser.feed(piece)
    assert parser.close()["wheel-version"] == "1.0"


def plain(decorator: Callable[[type[Any]], type[Any]]) -> type[Any]:
    """Return a class with one field that has a default."""

    class Plain:
        """A class."""

        path: str
        size: int | None = None

    return decorator(Plain)


def with_methods(decorator: Callable[[type[Any]], type[Any]]) -> type[Any]:
    """Return an exception with methods of its own."""

    class OwnMethodsError(Exception):
        """A class."""

        elements: tuple[str, ...]
        issues: tuple[str, ...]

        def __post_init__(self) -> None:
            super().__init__(", ".join(self.issues))

        def __repr__(self) -> str:
            return "own"

    return decorator(OwnMethodsError)


CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    (("a",), {}),
    (("a", ("b", "c")), {}),
    (("a",), {"issues": ("x",)}),
    ((), {"path": "a", "size": 1}),
    ((), {"elements": "a", "issues": ("b",)}),
    (("a", "b", "c"), {}),
    (("a",), {"path": "b"}),
    (("a",), {"nothing": "b"}),
]


@pytest.mark.parametrize("make", [plain, with_methods])
@pytest.mark.parametrize("call", CALLS, ids=repr)
def test_a_class_takes_and_shows_what_a_dataclass_does(
    make: Callable[[Callable[[type[Any]], type[Any]]], type[Any]],
    call: tuple[tuple[Any, ...], dict[str, Any]],
) -> None:
    def seen(decorator: Callable[[type[Any]], type[Any]]) -> object:
        made = make(decorator)
        arguments, options = call
        try:
            one, other = made(*arguments, **options), made(*arguments, **options)
        except TypeError as error:
            # Names of nested functions differ, and so does what stands before them.
            return re.sub(r"^.*__init__", "__init__", str(error))
        state = {name: getattr(one, name) for name in made.__match_args__}
        places = re.sub(r"^.*<locals>", "", repr(one))
        return state, places, str(one).rpartition(">")[2], one == other, one == 1, made.__hash__

    assert seen(stand_ins.dataclass) == seen(dataclasses.dataclass)


@pytest.mark.parametrize("name", ["Hash", "RecordEntry", "InvalidRecordEntry"])
def test_the_dataclasses_of_the_library_ask_for_no_more_than_the_defaults(name: str) -> None:
    real = getattr(records, name)
    parameters = real.__dataclass_params__
    assert (parameters.eq, parameters.order, parameters.frozen) == (True, False, False)
    assert not any(
        isinstance(field.default_factory, type) or not field.init or field.kw_only
        for field in dataclasses.fields(real)
    )


def test_a_deferred_function_calls_the_one_that_it_is_named_after(tmp_path: Path) -> None:
    made = stand_ins.deferred("pathlib", "Path")(tmp_path, "a")
    assert made == tmp_path / "a"
    parser = stand_ins.STAND_INS["configparser"].ConfigParser(delimiters="=")
    parser.read_string("[a]\nb:c = d\n")
    assert parser["a"]["b:c"] == "d"
