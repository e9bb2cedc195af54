"""The files that say what the user wants: one module a format, and one way in."""

from collections.abc import Callable
from pathlib import Path

from lock.errors import UsageError
from lock.requirements import Requirements


def read(file: Path) -> Requirements:
    """What a file asks for.

    Raises UsageError, one line an error: `FILE:LINE: key: what is wrong; what to do`.
    """
    text = text_of(file)
    return reader(file.name, text)(text, str(file))


def reader(name: str, text: str) -> Callable[[str, str], Requirements]:
    """What reads a file, by its name, and where that says too little by its content."""
    # Imported here so that only the reader that is used is loaded.
    if name.endswith((".txt", ".in")):
        from lock.inputs.requirements_txt import parse
    elif name == "uv.lock":
        from lock.inputs.uv_lock import parse
    elif name.endswith(".toml"):
        from lock.inputs.pyproject import parse
    else:
        from lock.inputs.requirements_yaml import parse
    return parse


def text_of(file: Path) -> str:
    """The text of a file. Raises UsageError when it can't be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(
            f'{file}: there is no such file; write one with lines such as `Django: ">3.2"`'
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: the file is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a file that can be read") from None
