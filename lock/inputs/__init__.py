"""The files that say what the user wants: one module a format, and one way in."""

from pathlib import Path

from lock.errors import UsageError
from lock.requirements import Requirements


def read(file: Path) -> Requirements:
    """What a file asks for.

    Raises UsageError, one line an error: `FILE:LINE: key: what is wrong; what to do`.
    """
    text = text_of(file)
    # Imported here so that only the reader that is used is loaded.
    if file.suffix in (".txt", ".in"):
        from lock.inputs import requirements_txt

        return requirements_txt.parse(text, str(file))
    if file.suffix == ".toml":
        from lock.inputs import pyproject

        return pyproject.parse(text, str(file))
    from lock.inputs import requirements_yaml

    return requirements_yaml.parse(text, str(file))


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
