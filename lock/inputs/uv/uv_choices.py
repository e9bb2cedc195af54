"""Reads those of uv's settings that decide which versions and files are chosen."""

from collections.abc import Iterable, Mapping, Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from lock.errors import UsageError
from lock.inputs.documents.toml_tables import Table
from lock.inputs.uv.uv_files import Configuration
from lock.inputs.uv.uv_values import check_choice, check_name, name_list, text_list
from lock.inputs.values.checks import check_extra, check_requirement, check_time
from lock.models.requirements import ALL, Metadata, Settings

RESOLUTIONS = ("highest", "lowest", "lowest-direct")
PRERELEASES = ("disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit")
STRATEGIES = ("first-index", "unsafe-any-match", "unsafe-first-match", "unsafe-best-match")
FORKS = ("fewest", "requires-python")
PROVIDERS = ("disabled", "subprocess")


def settings_of(files: Configuration) -> Settings:
    """Return the settings that hold for a project."""
    table, root = files.settings, files.root
    check_prerelease = check_choice(*PRERELEASES)
    builds = table.table("extra-build-dependencies")
    return Settings(
        resolution=table.checked("resolution", check_choice(*RESOLUTIONS)) or "",
        prerelease=table.checked("prerelease", check_prerelease) or "",
        index_strategy=table.checked("index-strategy", check_choice(*STRATEGIES)) or "",
        fork_strategy=table.checked("fork-strategy", check_choice(*FORKS)) or "",
        prerelease_of={
            name: found
            for name, inner, key in _by_name(table.table("prerelease-package"))
            if (found := inner.checked(key, check_prerelease)) is not None
        },
        exclude_newer_of={
            name: found
            for name, inner, key in _by_name(table.table("exclude-newer-package"))
            if (found := _time(inner, key)) is not None
        },
        excluded=tuple(_excluded(root)),
        build_constraints=tuple(
            sorted(root.checked_all("build-constraint-dependencies", check_requirement))
        ),
        metadata=tuple(_metadata(table.tables("dependency-metadata"))),
        no_binary=_all_or(table, "no-binary", "no-binary-package"),
        no_build=_all_or(table, "no-build", "no-build-package"),
        no_index=table.truth("no-index"),
        build_requires=_extra_builds(builds, at_runtime=False),
        match_runtime=_extra_builds(builds, at_runtime=True),
        variables=_variables(table),
    )


def _by_name(table: Table) -> Iterable[tuple[str, Table, str]]:
    """Yield the normalized project name, the table and the key of each key."""
    for key in table.data:
        name = table.attempt(key, check_name, key)
        if name is not None:
            yield name, table, key


def _time(table: Table, key: str) -> str | None:
    return "false" if table.data[key] is False else table.checked(key, check_time)


def _excluded(root: Table) -> Sequence[str]:
    key = "exclude-dependencies"
    problem = "a dependency can't be excluded from one package alone"
    texts = text_list(root, key, problem, "exclude it from all, by its name")
    return sorted({name for text in texts if (name := root.attempt(key, check_name, text))})


def _all_or(table: Table, every: str, some: str) -> tuple[str, ...]:
    """Return project names; ALL for every one."""
    return (*((ALL,) if table.truth(every) else ()), *name_list(table, some))


def _metadata(tables: Iterable[Table]) -> Iterable[Metadata]:
    for table in tables:
        name = table.checked("name", check_name)
        if name is None:
            if not table.has("name"):
                table.fail("name", "the metadata has no name", "add it")
            continue
        extras = "provides-extra" if table.has("provides-extra") else "provides-extras"
        yield Metadata(
            name,
            table.text("version"),
            tuple(table.checked_all("requires-dist", _check_metadata_requirement)),
            tuple(table.checked_all(extras, check_extra)),
            table.checked("requires-python", _check_range),
        )


def _check_metadata_requirement(text: str) -> str:
    """Check a requirement of a package, whose marker may name an extra."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        return str(Requirement(text))
    except InvalidRequirement:
        raise UsageError(f'"{text}" is no requirement (PEP 508); mend it') from None


def _check_range(text: str) -> str:
    try:
        return str(SpecifierSet(text))
    except InvalidSpecifier:
        raise UsageError(f'"{text}" is no range of versions; write one such as ">=3.11"') from None


def _extra_builds(table: Table, *, at_runtime: bool) -> Mapping[str, tuple[str, ...]]:
    """Return, by project name, what its build has: in any version, or in that `at_runtime`."""
    found: dict[str, tuple[str, ...]] = {}
    for name, _, key in _by_name(table):
        wanted = [_extra_build(table, key, one) for one in table.list_of(key)]
        texts = {text for text, matching in filter(None, wanted) if matching == at_runtime}
        if texts:
            found[name] = tuple(sorted(texts))
    return found


def _extra_build(table: Table, key: str, one: object) -> tuple[str, bool] | None:
    """Return a requirement of a build, and whether it has the version that runs with it."""
    if isinstance(one, str):
        text = table.attempt(key, check_requirement, one)
        return None if text is None else (text, False)
    if isinstance(one, dict) and "requirement" in one:
        inner = Table(one, table.where(key), table.problems)
        text = inner.checked("requirement", check_requirement)
        return None if text is None else (text, inner.truth("match-runtime"))
    table.fail(key, "this is no requirement", "write a text there")
    return None


def _variables(table: Table) -> Mapping[str, str]:
    """Return, as variables, how indexes are reached."""
    truths = {"native-tls": "UV_NATIVE_TLS", "system-certs": "UV_SYSTEM_CERTS"}
    texts = {
        "UV_KEYRING_PROVIDER": table.checked("keyring-provider", check_choice(*PROVIDERS)),
        "UV_INSECURE_HOST": " ".join(table.texts("allow-insecure-host")),
        "HTTP_PROXY": table.text("http-proxy"),
        "HTTPS_PROXY": table.text("https-proxy"),
        "NO_PROXY": ",".join(table.texts("no-proxy")),
        **{variable: "true" if table.truth(key) else "" for key, variable in truths.items()},
    }
    return {variable: text for variable, text in texts.items() if text}
