"""What a user must still do with an expression, a line each."""

from collections.abc import Iterator

from init.nixpkgs import licenses, needs
from init.nixpkgs.distribution import Distribution
from init.nixpkgs.expression import Style


def notes(distribution: Distribution, style: Style) -> Iterator[str]:
    """Yield what an expression leaves open."""
    build = distribution.build
    if style.repository:
        yield (
            "the tag of the repository is a guess (v and the version), and the hash of the source "
            "isn't known: compare the tag, build once, and take the hash that Nix tells"
        )
    if build is None and not style.repository:
        yield (
            "the index has no source distribution of this version; nixpkgs prefers one, or the "
            "repository: --repository"
        )
    if build is None:
        wheel = distribution.wheel.name if distribution.wheel else ""
        if not wheel.endswith("-any.whl"):
            yield f"{wheel} is for one system and maybe one version of Python only"
    elif build.is_rust and build.cargo_root is None:
        yield "its source has no Cargo.lock: take the one of the repository"
    elif build.is_rust:
        yield "the hash of cargoDeps isn't known: build once, and take the one that Nix tells"
    if build is not None and build.opened:
        listed = ", ".join(build.opened)
        yield f"its code opens {listed} by name: patch the path of the library into it"
    lacking = [] if style.package_set is None else _lacking(distribution, style)
    if lacking:
        yield (
            f"the package set lacks {', '.join(lacking)}; --requirements writes expressions of "
            "these, too"
        )
    if not (distribution.license and licenses.expression(distribution.license)):
        yield "its metadata don't name its licence by an SPDX expression: check meta.license"


def _lacking(distribution: Distribution, style: Style) -> list[str]:
    asked = (*needs.always(distribution, style.extras), *needs.of_build(distribution.build))
    return sorted({*needs.missing(asked, style.package_set)})
