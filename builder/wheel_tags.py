"""Check the tags in a wheel's name against an interpreter."""

from builder.errors import BuildError


def check_tags(name: str, python: str, libc: str, remedy: str) -> None:
    """Raise BuildError, which ends with `remedy`, for a wheel that doesn't fit an interpreter.

    `python` is its version as locks name it ("3.13t" without the global lock), `libc` its libc.
    The architecture isn't looked at. PEP 425, 600, 656, 703 and 803.
    """
    parts = name.removesuffix(".whl").rsplit("-", 3)
    if len(parts) < 4:
        # `installer` refuses the name.
        return
    interpreters, abis, platforms = (part.lower().split(".") for part in parts[1:])
    for other, prefix in (("musl", "musllinux"), ("glibc", "manylinux")):
        if libc != other and all(platform.startswith(prefix) for platform in platforms):
            raise BuildError(
                f"{name} is built for {other}, and the interpreter for {libc}; {remedy}"
            )
    if not _fits(interpreters, abis, python):
        tags = f"{parts[1]}-{parts[2]}"
        raise BuildError(f"{name} doesn't fit Python {python}: it is built for {tags}; {remedy}")


def _fits(interpreters: list[str], abis: list[str], python: str) -> bool:
    """Return whether the tags of a wheel's interpreters and ABIs are among those of a Python."""
    digits = python.removesuffix("t").replace(".", "")
    # Nearly all wheels; importing packaging takes as long as unpacking a small one.
    if "py3" in interpreters and "none" in abis:
        return True
    if f"cp{digits}" in interpreters and f"cp{python.replace('.', '')}" in abis:
        return True
    from packaging.tags import compatible_tags, cpython_tags

    version = int(digits[0]), int(digits[1:])
    abi, interpreter = f"cp{python.replace('.', '')}", f"cp{digits}"
    tags = [
        *cpython_tags(version, abis=[abi], platforms=["any"]),
        *compatible_tags(version, interpreter=interpreter, platforms=["any"]),
    ]
    return any(tag.interpreter in interpreters and tag.abi in abis for tag in tags)
