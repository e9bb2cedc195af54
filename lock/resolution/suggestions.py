"""Suggests spellings for a project name that no index has."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

NAME = r"[a-z0-9][a-z0-9.-]*"
UNKNOWN = re.compile(
    rf"\b({NAME}) was not found in the package registry"
    # The message for a requirement with extras.
    rf"|there are no versions of ({NAME})\["
)
# Normalized name of an import package → the project that provides it.
PACKAGE_OF: Mapping[str, str] = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "discord": "discord-py",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "pymupdf",
    "git": "gitpython",
    "github": "pygithub",
    "gi": "pygobject",
    "googleapiclient": "google-api-python-client",
    "grpc": "grpcio",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "kafka": "kafka-python",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "memcache": "python-memcached",
    "multipart": "python-multipart",
    "mysqldb": "mysqlclient",
    "nacl": "pynacl",
    "openssl": "pyopenssl",
    "pil": "pillow",
    "pkg-resources": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pywt": "pywavelets",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "socketio": "python-socketio",
    "telegram": "python-telegram-bot",
    "usb": "pyusb",
    "websocket": "websocket-client",
    "wx": "wxpython",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}
# Popular projects: a mistyped name most likely means one of them.
COMMON = (
    *("aiohttp", "boto3", "celery", "click", "cryptography", "django", "fastapi", "flask"),
    *("httpx", "jinja2", "jupyter", "lxml", "matplotlib", "mypy", "numpy", "openpyxl", "pandas"),
    *("pillow", "poetry", "polars", "protobuf", "psycopg", "pydantic", "pytest", "redis"),
    *("requests", "rich", "ruff", "scipy", "setuptools", "sqlalchemy", "tensorflow", "torch"),
    *("tqdm", "transformers", "typer", "urllib3", "uvicorn"),
)
# The least similarity of two names (difflib).
NEAR = 0.75


def unknown(messages: str) -> list[str]:
    """Return the projects that uv's messages say no index has."""
    return sorted({match[1] or match[2] for match in UNKNOWN.finditer(messages)})


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return the likeliest names, among the known ones, popular ones, and those of modules."""
    return list(dict.fromkeys(_near(name, {*known} - {name})))


def _near(name: str, known: set[str]) -> Iterator[str]:
    if PACKAGE_OF.get(name, name) != name:
        yield PACKAGE_OF[name]
    bare = re.sub("[-.]", "", name)
    yield from sorted(other for other in known if re.sub("[-.]", "", other) == bare)
    packages = known | {*PACKAGE_OF.values(), *COMMON} - {name}
    yield from difflib.get_close_matches(name, sorted(packages), n=2, cutoff=NEAR)
