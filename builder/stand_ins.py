"""What the builder's libraries import, but hardly use, in a form that costs next to nothing.

Each stand-in does what the real one does for the libraries (tests/builder/test_stand_ins.py), or
imports it and leaves the work to it. Only `library_imports` hands them out, and only to libraries:
the modules of the standard library are never changed, nor hidden from anything else.
"""

from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace

# Real types only matter to type checkers.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def deferred(module: str, name: str) -> "Callable[..., Any]":
    """Return a function that imports what it is named after when it is called, and calls that."""

    def call(*arguments: object, **options: object) -> object:
        return getattr(import_module(module), name)(*arguments, **options)

    return call


class Headers:
    """The fields of metadata; a field's name may be in lower or upper case."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields

    def __getitem__(self, name: str) -> str | None:
        """Return the value of a field, the first of several; None for one that isn't there."""
        return self.fields.get(name.lower())


class FeedParser:
    """A parser of metadata, by default under the policy of Python 3.2."""

    def __init__(self, policy: None) -> None:
        self.policy = policy
        self.text = ""

    def feed(self, text: str) -> None:
        """Add to the text."""
        self.text += text

    def close(self) -> "Headers | Any":
        """Return the fields. What isn't plain fields of ASCII is read by the standard library."""
        fields: dict[str, str] = {}
        for line in self.text.rstrip("\n").split("\n"):
            name, colon, value = line.partition(":")
            plain = name.replace("-", "").isalnum() and line.isascii() and line.isprintable()
            if not (colon and plain):
                return read_message(self.text)
            fields.setdefault(name.lower(), value.lstrip(" "))
        return Headers(fields)


def read_message(text: str) -> "Any":
    """Return the fields of any text, as the standard library reads them."""
    from email.parser import FeedParser as RealParser
    from email.policy import compat32

    parser = RealParser(policy=compat32)
    parser.feed(text)
    return parser.close()


def dataclass(cls: "type[Any]") -> "type[Any]":
    """Add to a class what the decorator of the standard library adds by default."""
    names = tuple(cls.__annotations__)
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    parameters = [f"{name}=defaults[{name!r}]" if name in defaults else name for name in names]
    lines = [f"self.{name} = {name}" for name in names]
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "".join(f"    {line}\n" for line in lines)
    scope: dict[str, Any] = {"defaults": defaults}
    exec(f"def __init__(self, {', '.join(parameters)}):\n{body}", scope)

    def represent(self: object) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({fields})"

    def equal(self: object, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented  # type: ignore[no-any-return]
        return all(getattr(self, name) == getattr(other, name) for name in names)

    added = {
        "__init__": scope["__init__"],
        "__repr__": represent,
        "__eq__": equal,
        "__match_args__": names,
    }
    if "__hash__" not in cls.__dict__:
        # Python itself writes this one where a class has an `__eq__` of its own.
        added["__hash__"] = None
    for name, value in added.items():
        if name not in cls.__dict__:
            setattr(cls, name, value)
    return cls


class SpecialForm:
    """A type that only a type checker tells from others."""

    def __class_getitem__(cls, _parameters: object) -> type:
        return cls


def second(_first: object, value: object) -> object:
    """Return the second argument: a value that is cast, or the type that a new type is made of."""
    return value


# What a module is to an `import` of these names.
STAND_INS = {
    "configparser": SimpleNamespace(ConfigParser=deferred("configparser", "ConfigParser")),
    "dataclasses": SimpleNamespace(dataclass=dataclass),
    "email.message": SimpleNamespace(Message=Headers),
    "email.parser": SimpleNamespace(FeedParser=FeedParser),
    "email.policy": SimpleNamespace(compat32=None),
    # The builder writes launchers itself.
    "installer.scripts": SimpleNamespace(Script=deferred("installer.scripts", "Script")),
    "typing": SimpleNamespace(
        TYPE_CHECKING=False,
        BinaryIO=SpecialForm,
        ClassVar=SpecialForm,
        NewType=second,
        Union=SpecialForm,
        cast=second,
    ),
}
