"""Distributions as an index might have them."""

from dataclasses import replace

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from init.nixpkgs.distribution import Build, Distribution, SourceFile
from native.tables import Inputs

SHA256 = "00" * 32
HASH = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def requirements(*texts: str) -> tuple[Requirement, ...]:
    return tuple(map(Requirement, texts))


def build(*requires: str, **others: object) -> Build:
    return replace(Build(requirements(*requires), ""), **others)  # type: ignore[arg-type]


DEMO = Distribution(
    "demo",
    "1.2",
    "A demonstration.",
    {"Homepage": "https://demo.example", "Changelog": "https://demo.example/changes/1.2"},
    "MIT",
    "",
    SpecifierSet(">=3.8"),
    requirements("click>=8"),
    (),
    ("demo",),
    ("demo",),
    sdist=SourceFile("demo-1.2.tar.gz", SHA256),
    build=build("setuptools>=61"),
    wheel=SourceFile("demo-1.2-py3-none-any.whl", SHA256),
)
RUST = replace(
    DEMO,
    build=build(
        "maturin>=1,<2",
        inputs=Inputs(("openssl",), ("cargo", "pkg-config", "rustc")),
        cargo_root="rust",
    ),
)
MANY = replace(
    DEMO,
    sdist=SourceFile("De_mo-1.2.zip", SHA256),
    requires_python=SpecifierSet(">=3.12"),
    build=build("setuptools", "wheel", "cython; python_version >= '3.8'", inputs=Inputs(("zstd",))),
    requires=requirements(
        "click>=8",
        "tomli; python_version < '3.13'",
        "appnope; sys_platform == 'darwin'",
        "colorama; sys_platform == 'win32'",
        "httpx[http2]>=0.27",
        "pygobject",
        "rich; extra == 'color'",
        "demo[color]; extra == 'all'",
        "brotli; extra == 'all'",
        "pytest; extra == 'test'",
    ),
    extras=("all", "color", "test"),
    programs=("demo-run", "demo", "demo-stop"),
)
WHEEL_ONLY = replace(DEMO, sdist=None, build=None, wheel=DEMO.wheel)
NATIVE_WHEEL_ONLY = replace(
    WHEEL_ONLY, wheel=SourceFile("demo-1.2-cp313-cp313-manylinux_2_28_x86_64.whl", SHA256)
)
EVERY = {
    "plain": DEMO,
    "rust": RUST,
    "many": MANY,
    "wheel": WHEEL_ONLY,
    "native-wheel": NATIVE_WHEEL_ONLY,
}
