"""The files that ask uv to resolve: a generated pyproject.toml, uv.toml and uv.lock."""

import os
from collections.abc import Iterable, Mapping, Sequence

from lock.models.requirements import Git, Index, Local, Origin, Url
from lock.models.target import Target
from lock.resolution import toml
from lock.resolution.request import Member, Options, Preference, Request

# The generated project's name, which no index has.
ROOT = "wheelhouse-requirements-root"
OLDEST_PYTHON = "3.8"
# Of the uv.lock that is read and written.
FORMAT = 1


def pyproject(request: Request, indexes: Sequence[Index] = ()) -> str:
    """Return the pyproject.toml of a request; `indexes` are those that it may name."""
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
            *_list("constraint-dependencies", request.constraints),
            *_list("override-dependencies", request.overrides),
            "",
            # Without a workspace of its own the project would join one in a parent folder.
            "[tool.uv.workspace]",
            f"members = {toml.array(sorted(members(request)))}",
            "",
            # They hold for the members, too.
            "[tool.uv.sources]",
            *_sources(request),
            "",
            *_index_tables("tool.uv.index", indexes),
        ]
    )


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
    elif isinstance(reference, Url):
        keys = f"url = {toml.string(reference.url)}"
    else:
        keys = f"index = {toml.string(origin.index or '')}"
    keys += f", marker = {toml.string(origin.marker)}" if origin.marker else ""
    return f"{{ {keys} }}"


def _source(member: Member) -> str:
    if member.folder is None:
        return "{ workspace = true }"
    return f"{{ path = {toml.string(os.fspath(member.folder))} }}"


def settings(options: Options, without_dependencies: Sequence[tuple[str, str]] = ()) -> str:
    """Return the uv.toml of some options, and of a request's `without_dependencies`."""
    builds = [
        f"{name} = {toml.array(texts)}" for name, texts in sorted(options.build_requires.items())
    ]
    return "\n".join(
        [
            *(
                [f"exclude-newer = {toml.string(options.exclude_newer)}"]
                if options.exclude_newer
                else []
            ),
            *(["[extra-build-dependencies]", *builds, ""] if builds else []),
            *_index_tables("index", options.indexes),
            *(
                f"[[dependency-metadata]]\nname = {toml.string(name)}\n"
                f"version = {toml.string(version)}\nrequires-dist = []\n"
                for name, version in without_dependencies
            ),
        ]
    )


def preferences_lock(preferences: Iterable[Preference], exclude_newer: str | None = None) -> str:
    """Return a uv.lock that makes uv choose some versions where it can; it resolves anew."""
    lines = [f"version = {FORMAT}", f'requires-python = ">={OLDEST_PYTHON}"']
    if exclude_newer:
        # uv ignores a lock that was made with another one.
        lines += ["[options]", f"exclude-newer = {toml.string(exclude_newer)}"]
    for preference in preferences:
        lines += ["[[package]]", f"name = {toml.string(preference.name)}"]
        lines.append(f"version = {toml.string(preference.version)}")
        lines.append(f"source = {{ registry = {toml.string(preference.registry)} }}")
        if preference.markers:
            lines.append(f"resolution-markers = {toml.array(preference.markers)}")
    return "\n".join([*lines, ""])


def _list(key: str, texts: Sequence[str]) -> list[str]:
    return [f"{key} = {toml.array(texts)}"] if texts else []


def _index_tables(header: str, indexes: Iterable[Index]) -> list[str]:
    lines = []
    for index in indexes:
        lines += [f"[[{header}]]", f"name = {toml.string(index.name)}"]
        lines.append(f"url = {toml.string(index.url)}")
        lines += ["explicit = true"] if index.explicit else []
        lines += ["default = true"] if index.default else []
        lines += ['format = "flat"'] if index.flat else []
        cache_control = {"api": index.pages_cache_control, "files": index.files_cache_control}
        values = [f"{key} = {toml.string(text)}" for key, text in cache_control.items() if text]
        lines += [f"cache-control = {{ {', '.join(values)} }}"] if values else []
        lines.append("")
    return lines
