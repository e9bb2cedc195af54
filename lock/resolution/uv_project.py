"""The files that ask uv to resolve: a generated pyproject.toml, uv.toml and uv.lock."""

import os
from collections.abc import Iterable, Mapping, Sequence

from lock.models.requirements import ALL, Git, Index, Local, Metadata, Origin, Settings, Url
from lock.models.target import Target
from lock.models.times import utc_time
from lock.resolution import toml
from lock.resolution.request import Member, Options, Preference, Request

# The generated project's name, which no index has.
ROOT = "wheelhouse-requirements-root"
OLDEST_PYTHON = "3.8"
# Of the uv.lock that is read and written.
FORMAT = 1


def pyproject(
    request: Request, indexes: Sequence[Index] = (), settings: Settings | None = None
) -> str:
    """Return the pyproject.toml of a request; `indexes` are those that it may name."""
    settings = settings or Settings()
    groups = [
        f"{toml.string(name)} = {toml.array(texts)}"
        for name, texts in sorted(request.groups.items())
    ]
    environments = dict.fromkeys(map(Target.uv_environment, request.targets))
    return "\n".join(
        [
            "[project]",
            f'name = "{ROOT}"',
            'version = "0"',
            f'requires-python = ">={OLDEST_PYTHON}"',
            f"dependencies = {toml.array(request.requirements)}",
            "",
            "[dependency-groups]",
            *groups,
            "",
            "[tool.uv]",
            "package = false",
            # Markers don't tell glibc from musl, and uv wants each environment once.
            f"environments = {toml.array(environments)}",
            *_list("constraint-dependencies", _constraints(request, settings)),
            *_list("override-dependencies", request.overrides),
            *_list("exclude-dependencies", request.excluded),
            *_list("build-constraint-dependencies", settings.build_constraints),
            "",
            # Without a workspace of its own the project would join one in a parent folder.
            "[tool.uv.workspace]",
            f"members = {toml.array(sorted(members(request)))}",
            "",
            # They hold for the members, too.
            "[tool.uv.sources]",
            *_sources(request),
            "",
            *_index_tables("tool.uv.index", filter(_is_table, indexes)),
        ]
    )


def _constraints(request: Request, settings: Settings) -> Sequence[str]:
    """Return the constraints of a request: those of builds hold for what builds need."""
    more = settings.build_constraints if request.is_build else ()
    return [*request.constraints, *more]


def members(request: Request) -> Mapping[str, str]:
    """Return the pyproject.toml of each member, by its folder as seen from the request's."""
    return {
        f"members/{member.name}": _member(member)
        for member in request.members
        if member.folder is None
    }


def _member(member: Member) -> str:
    return "\n".join(
        [
            "[project]",
            f"name = {toml.string(member.name)}",
            f"version = {toml.string(member.version)}",
            f'requires-python = ">={OLDEST_PYTHON}"',
            f"dependencies = {toml.array(member.requirements)}",
            "",
            "[project.optional-dependencies]",
            *(
                f"{toml.string(extra)} = {toml.array(listed)}"
                for extra, listed in sorted(member.extras.items())
            ),
            "",
            "[tool.uv]",
            "package = false",
            "",
        ]
    )


def _sources(request: Request) -> list[str]:
    """Return the sources of members, and those of packages that name their origins."""
    sources = {member.name: [_source(member)] for member in request.members}
    for name, origins in request.origins.items():
        member = sources.get(name, [""])[0]
        sources[name] = [_origin(origin, member) for origin in origins]
    return [
        f"{toml.string(name)} = " + (one[0] if len(one) == 1 else f"[{', '.join(one)}]")
        for name, one in sorted(sources.items())
    ]


def _origin(origin: Origin, member: str) -> str:
    """Return an origin as a source; `member` is the source of a member of that name."""
    reference = origin.reference
    if isinstance(reference, Local) and member:
        keys = member.strip("{} ")
    elif isinstance(reference, Local):
        keys = f"path = {toml.string(reference.path)}"
    elif isinstance(reference, Git):
        keys = f"git = {toml.string(reference.url)}"
        keys += f", rev = {toml.string(reference.rev)}" if reference.rev else ""
        keys += _below(reference)
    elif isinstance(reference, Url):
        keys = f"url = {toml.string(reference.url)}{_below(reference)}"
    else:
        keys = f"index = {toml.string(origin.index or '')}"
    keys += f", marker = {toml.string(origin.marker)}" if origin.marker else ""
    return f"{{ {keys} }}"


def _below(reference: Git | Url) -> str:
    below = reference.subdirectory
    return f", subdirectory = {toml.string(below)}" if below else ""


def _source(member: Member) -> str:
    if member.folder is None:
        return "{ workspace = true }"
    return f"{{ path = {toml.string(os.fspath(member.folder))} }}"


def settings(options: Options, request: Request | None = None) -> str:
    """Return the uv.toml of some options, for a request or another command of uv."""
    wanted = options.settings
    without = request.without_dependencies if request else ()
    declared = [*wanted.metadata, *(request.declared if request else ())]
    builds = {name: [*texts] for name, texts in options.build_requires.items()}
    for name, texts in wanted.match_runtime.items():
        builds[name] = [*builds.get(name, ()), *texts]
    tables = [f"{name} = {toml.array(texts)}" for name, texts in sorted(builds.items())]
    return "\n".join(
        [
            *_text("exclude-newer", options.exclude_newer or ""),
            *_text("index-strategy", wanted.index_strategy),
            *(["no-index = true"] if wanted.no_index else []),
            *_plain_indexes(options.indexes),
            *(_formats(options) if request else []),
            *(_choices(wanted) if request and not request.is_build else []),
            *_table("exclude-newer-package", _times(wanted)),
            *(["[extra-build-dependencies]", *tables, ""] if tables else []),
            *_index_tables("index", filter(_is_table, options.indexes)),
            *_metadata_tables((one for one in declared if _counts(one, request)), without),
        ]
    )


def preferences_lock(
    preferences: Iterable[Preference], options: Options | None = None, *, is_build: bool = False
) -> str:
    """Return a uv.lock that makes uv choose some versions where it can; it resolves anew."""
    lines = [f"version = {FORMAT}", f'requires-python = ">={OLDEST_PYTHON}"']
    # uv ignores a lock that was made with others.
    lines += _lock_options(options or Options(), is_build=is_build)
    for preference in preferences:
        lines += ["[[package]]", f"name = {toml.string(preference.name)}"]
        lines.append(f"version = {toml.string(preference.version)}")
        place = ("git", preference.git) if preference.git else ("registry", preference.registry)
        lines.append(f"source = {{ {place[0]} = {toml.string(place[1])} }}")
        if preference.markers:
            lines.append(f"resolution-markers = {toml.array(preference.markers)}")
    return "\n".join([*lines, ""])


def _lock_options(options: Options, *, is_build: bool) -> list[str]:
    """Return the table `options` of a uv.lock, if it has any."""
    settings = Settings() if is_build else options.settings
    lines = [
        *_text("resolution-mode", settings.resolution),
        *_text("prerelease-mode", settings.prerelease),
        *_text("fork-strategy", settings.fork_strategy),
        *_text("exclude-newer", options.exclude_newer or ""),
        *_table("options.prerelease-package", _strings(settings.prerelease_of)),
        *_table("options.exclude-newer-package", _times(options.settings)),
    ]
    return ["[options]", *lines] if lines else []


def _choices(settings: Settings) -> list[str]:
    """Return the settings that hold for the user's own requirements, and not for builds."""
    return [
        *_text("resolution", settings.resolution),
        *_text("prerelease", settings.prerelease),
        *_text("fork-strategy", settings.fork_strategy),
        *_table("prerelease-package", _strings(settings.prerelease_of)),
    ]


def _formats(options: Options) -> list[str]:
    """Return the settings of the formats of packages, as far as uv can say them.

    uv knows neither exceptions from `:all:`, nor that it leaves direct references alone; the files
    are then only chosen after it (lock.selection.files).
    """
    no_binary, no_build = {*options.settings.no_binary}, {*options.settings.no_build}
    lines = []
    for key, names, others in (
        ("no-binary", no_binary, no_build),
        ("no-build", no_build, no_binary),
    ):
        if ALL in names and not (others or options.direct):
            lines.append(f"{key} = true")
        lines += _list(f"{key}-package", sorted(names - others - options.direct - {ALL}))
    return lines


def _times(settings: Settings) -> dict[str, str]:
    """Return, by project name, the value of `exclude-newer-package`."""
    return {
        name: text if text == "false" else toml.string(utc_time(text))
        for name, text in settings.exclude_newer_of.items()
    }


def _strings(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: toml.string(text) for key, text in texts.items()}


def _counts(one: Metadata, request: Request | None) -> bool:
    """Return whether declared metadata is given to uv.

    uv takes it for that of a member of the name, even if it is for another version.
    """
    if request is None:
        return True
    versions = {member.name: member.version for member in request.members}
    is_of_member = one.version is None or versions.get(one.name, one.version) == one.version
    return one.name not in request.stand_ins and is_of_member


def _metadata_tables(
    metadata: Iterable[Metadata], without_dependencies: Sequence[tuple[str, str]]
) -> list[str]:
    """Return the tables of metadata that replaces a package's own."""
    lines = [
        f"[[dependency-metadata]]\nname = {toml.string(name)}\n"
        f"version = {toml.string(version)}\nrequires-dist = []\n"
        for name, version in without_dependencies
    ]
    for one in metadata:
        if (one.name, one.version) in without_dependencies:
            continue
        lines += ["[[dependency-metadata]]", f"name = {toml.string(one.name)}"]
        lines += _text("version", one.version or "")
        lines.append(f"requires-dist = {toml.array(one.requires)}")
        lines += _text("requires-python", one.requires_python or "")
        lines += [*_list("provides-extra", one.extras), ""]
    return lines


def _text(key: str, text: str) -> list[str]:
    return [f"{key} = {toml.string(text)}"] if text else []


def _table(header: str, values: Mapping[str, str]) -> list[str]:
    """Return a table, each value of which is in TOML; none without values."""
    lines = [f"{toml.string(key)} = {value}" for key, value in sorted(values.items())]
    return [f"[{header}]", *lines, ""] if values else []


def _list(key: str, texts: Sequence[str]) -> list[str]:
    return [f"{key} = {toml.array(texts)}"] if texts else []


def _is_table(index: Index) -> bool:
    """Return whether an index is written as a table, which alone can have further keys."""
    return not index.unnamed or index.files_cache_control is not None


def _plain_indexes(indexes: Iterable[Index]) -> list[str]:
    """Return the settings of the indexes that are written by their addresses alone."""
    plain = [index for index in indexes if not _is_table(index)]
    links = [index.url for index in plain if index.flat]
    extra = [index.url for index in plain if not (index.flat or index.default)]
    default = [index.url for index in plain if index.default]
    return [
        *_text("index-url", default[0] if default else ""),
        *_list("extra-index-url", extra),
        *_list("find-links", links),
    ]


def _index_tables(header: str, indexes: Iterable[Index]) -> list[str]:
    lines = []
    for index in indexes:
        lines += [f"[[{header}]]", f"name = {toml.string(index.name)}"]
        lines.append(f"url = {toml.string(index.url)}")
        lines += ["explicit = true"] if index.explicit else []
        lines += ["default = true"] if index.default else []
        lines += ['format = "flat"'] if index.flat else []
        lines += _text("authenticate", index.authenticate)
        codes = ", ".join(map(str, index.ignore_error_codes))
        lines += [f"ignore-error-codes = [{codes}]"] if codes else []
        lines += _exclude_newer(index)
        cache_control = {"api": index.pages_cache_control, "files": index.files_cache_control}
        values = [f"{key} = {toml.string(text)}" for key, text in cache_control.items() if text]
        lines += [f"cache-control = {{ {', '.join(values)} }}"] if values else []
        lines.append("")
    return lines


def _exclude_newer(index: Index) -> list[str]:
    if index.exclude_newer == "false":
        return ["exclude-newer = false"]
    return _text("exclude-newer", utc_time(index.exclude_newer) if index.exclude_newer else "")
