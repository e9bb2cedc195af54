"""What can be started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# The kind for a folder that has requirements already.
EXISTING = "existing"
RUN = ("nix run", "start it")
CHECK = ("nix flake check", "run its checks")
SHELL = ("nix develop", "a shell with its packages")
EDITABLE = ("nix develop", "a shell in which your edits count at once")


@dataclass(frozen=True)
class Kind:
    """A kind of starting point."""

    # The folder of templates/ that has its files.
    template: str
    # What it is, for the help and the questions.
    what: str
    # What to do next: commands with flakes, and what they do. Names in them are the template's.
    next: Sequence[tuple[str, str]]
    # Name in the template → the user's, where `{}` stands for the name that the user gives. The
    # names of modules follow: those with `_` in place of `-`.
    names: Mapping[str, str] = field(default_factory=dict)
    # The program that `nix run` runs, if it isn't called as the project is.
    program: str = "{}"
    # Where its lock is, and what `lock` is told.
    sources: str = "sources.yaml"
    locked: Sequence[str] = ()
    # The file of requirements to which `--with` adds.
    requirements: str = "pyproject.toml"


KINDS: Mapping[str, Kind] = {
    "environment": Kind(
        "default",
        "an environment of packages, without a project",
        (SHELL, ("nix build", "the environment, as result/")),
        requirements="requirements.yaml",
    ),
    "project": Kind(
        "project", "a project: a program and its tests", (RUN, EDITABLE, CHECK), {"demo-app": "{}"}
    ),
    "workspace": Kind(
        "workspace",
        "several projects in one: a service and a library",
        (RUN, EDITABLE, CHECK),
        {"demo-workspace": "{}", "demo-service": "{}-service", "demo-core": "{}-core"},
        program="{}-service",
        requirements="packages/demo-service/pyproject.toml",
    ),
    "script": Kind(
        "script",
        "a script, with the packages that it names itself",
        (("nix run . -- demo_script.py", "run it"), SHELL, CHECK),
        {"demo-script": "{}"},
        sources="demo_script.py.sources.yaml",
        locked=("demo_script.py",),
        requirements="demo_script.py",
    ),
    "jupyter": Kind(
        "jupyter",
        "JupyterLab with pandas and matplotlib, and a notebook",
        (("nix run", "start JupyterLab"), SHELL, ("nix flake check", "run all notebooks")),
        program="jupyter-lab",
        requirements="requirements.yaml",
    ),
    "django": Kind(
        "django",
        "a service with Django",
        (("DEBUG=1 nix run", "start it, with its errors shown"), EDITABLE, CHECK),
        {"demo-site": "{}"},
    ),
    "fastapi": Kind(
        "fastapi", "a service with FastAPI", (RUN, EDITABLE, CHECK), {"demo-api": "{}"}
    ),
    EXISTING: Kind(
        "flake",
        "only the flake and the lock, for a project that is there already",
        (("nix build", "the project's programs, as result/"), EDITABLE, CHECK),
    ),
}
