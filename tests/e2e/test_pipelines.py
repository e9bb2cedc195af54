"""The templates for GitHub Actions and GitLab CI: their files are valid, and every script runs.

So does what docs/deployment.md says about CI beside them.

GitHub and GitLab themselves have stand-ins here: a bare repository that keeps what is pushed to it,
and a `gh` that keeps its arguments.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.e2e.conftest import NIXES
from tests.support.documents import code_blocks, console_commands, nix_on_path
from tests.support.nix import Nix
from tests.support.pipelines import (
    GITHUB_SHELL,
    GITLAB_SHELL,
    Step,
    github_steps,
    gitlab_jobs,
    read,
    run,
)
from tests.support.project import ROOT

TEMPLATES = ROOT / "templates"
WORKFLOWS = TEMPLATES / "github-actions" / ".github" / "workflows"
CHECK, UPDATE = WORKFLOWS / "check.yaml", WORKFLOWS / "update.yaml"
GITLAB = TEMPLATES / "gitlab-ci" / ".gitlab-ci.yml"
# What a step uses in place of a script, and why it isn't run here.
USES = {
    "actions/checkout": "the tests clone the repository by themselves",
    "cachix/cachix-action": "its service isn't reached",
    "cachix/install-nix-action": "the tests have Nix already",
}
DOCUMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
CI = DOCUMENT.partition("\n## CI\n")[2].partition("\n## ")[0]
INIT, ANY_CI, UPDATES = map(console_commands, code_blocks(CI, "console"))
[HYDRA] = code_blocks(CI, "nix")
RENOVATE = json.loads(code_blocks(CI, "json")[0])
UV = os.environ.get("WHEELHOUSE_UV", "uv")
BRANCH = "update-python-packages"
ON_MAIN = {
    "CI_PIPELINE_SOURCE": "push",
    "CI_COMMIT_BRANCH": "main",
    "CI_DEFAULT_BRANCH": "main",
}
ON_SCHEDULE = {**ON_MAIN, "CI_PIPELINE_SOURCE": "schedule"}
ON_REQUEST = {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_DEFAULT_BRANCH": "main"}


def git(folder: Path, *arguments: str | Path) -> str:
    """Return what a command of git prints."""
    author = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    done = subprocess.run(
        ["git", *author, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


@dataclass(frozen=True)
class Service:
    """A repository with an outdated lock, what runs its pipelines, and what they did to it."""

    nix: Nix
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> Path:
        """Return the bare repository."""
        return self.folder / "group" / "demo.git"

    def checkout(self, name: str, branch: str = "main") -> Path:
        """Clone a branch as shallowly as the services do."""
        folder = self.folder / name
        git(self.folder, "clone", "-q", "--depth=1", "-b", branch, f"file://{self.origin}", folder)
        return folder

    def succeed(self, steps: list[Step], shell: tuple[str, ...], folder: Path, **more: str) -> None:
        """Run steps one after the other, which must all succeed."""
        for step in steps:
            done = run(step, shell, folder, self.variables | more)
            assert done.returncode == 0, (step.name, done.stderr)

    def pushed(self, name: str) -> str:
        """Return a file of the branch with updates, or its commit's message."""
        what = ["log", "-1", "--format=%B"] if name == "message" else ["show"]
        return git(self.origin, *what, f"{BRANCH}:{name}" if name != "message" else BRANCH)

    def drop_branch(self) -> None:
        """Forget the branch with updates."""
        subprocess.run(["git", "branch", "-qD", BRANCH], cwd=self.origin, check=False)


@pytest.fixture(scope="module", params=list(NIXES)[-1:])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The template of a project with both pipelines, locked as it was at the begin of 2026.

    Only with the newest Nix, as the services have one.
    """
    nix = Nix(NIXES[request.param])
    folder = tmp_path_factory.mktemp("service")
    mine = folder / "mine"
    mine.mkdir()
    shutil.copytree(TEMPLATES / "project", mine, dirs_exist_ok=True)
    for line in INIT:
        words = line.replace("PATH_OR_URL_OF_THIS_FLAKE", str(ROOT)).split()
        nix.output(*words[1:], cwd=mine)
    # The second run keeps the old versions, and the lock that it writes is fresh.
    nix.lock(mine, "--exclude-newer", "2026-01-01")
    nix.lock(mine)
    git(mine, "init", "-q", "-b", "main")
    git(mine, "add", "--all")
    git(mine, "commit", "-q", "-m", "Begin")
    made = Service(nix, folder)
    made.origin.parent.mkdir()
    git(folder, "clone", "-q", "--bare", mine, made.origin)
    git(made.origin, "config", "receive.advertisePushOptions", "true")
    _program(
        made.origin / "hooks" / "pre-receive",
        f'env | grep ^GIT_PUSH_OPTION_ | sort >"{folder}/options"',
    )
    made.variables.update(
        nix_on_path(nix, folder / "bin"),
        GIT_CONFIG_GLOBAL=os.devnull,
        RUNNER_TEMP=str(folder),
        # GitLab's address leads to the bare repository.
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0=f"url.file://{folder}/.insteadOf",
        GIT_CONFIG_VALUE_0="https://update:token@gitlab.example:8443/",
    )
    _program(
        folder / "bin" / "gh",
        f"""echo "$@" >>"{folder}/asked"
        case "$1 $2" in
          "pr list") cat "{folder}/open" ;;
          "pr create" | "pr edit") for file; do :; done; cat "$file" >"{folder}/posted" ;;
        esac""",
    )
    yield made
    # A cache with a whole Python.
    shutil.rmtree(folder, ignore_errors=True)


def _program(file: Path, script: str) -> None:
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """A function that reads a schema of the services' files, by name."""
    folder = tmp_path_factory.mktemp("schemas")
    wanted = ["--no-deps", "--target", folder, "check-jsonschema==0.39.0"]
    subprocess.run(
        [UV, "pip", "install", "-q", "--python", sys.executable, *wanted], cwd=folder, check=True
    )
    vendored = folder / "check_jsonschema" / "builtin_schemas" / "vendor"
    return lambda name: json.loads((vendored / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.index
@pytest.mark.parametrize(
    ("name", "file"),
    [("github-workflows", CHECK), ("github-workflows", UPDATE), ("gitlab-ci", GITLAB)],
    ids=["check", "update", "gitlab"],
)
def test_a_file_is_what_its_service_reads(schemas, name, file):
    schema = schemas(name)
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(read(file))] == []


@pytest.mark.index
def test_an_auditor_of_workflows_finds_nothing(tmp_path):
    """The auditor wants pinned actions, few permissions, and no expressions in scripts."""
    arguments = ["--offline", "--persona", "pedantic", "--format", "json", WORKFLOWS]
    done = subprocess.run(
        [UV, "tool", "run", "-q", "--python", sys.executable, "zizmor==1.32.0", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(done.stdout or done.stderr) == []


@pytest.mark.parametrize("file", [CHECK, UPDATE], ids=lambda file: file.stem)
def test_actions_that_no_test_runs_are_known_and_pinned(file):
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert used
    for action in used:
        pinned = re.fullmatch(r"(\S+)@[0-9a-f]{40} # v[\d.]+", action)
        assert pinned is not None, action
        assert pinned[1] in USES


def test_scripts_are_sound():
    scripts = [
        *(step for file in (CHECK, UPDATE) for step in _scripts(file)),
        *(job.script for job in gitlab_jobs(read(GITLAB), ON_MAIN | _cache(Path("/x"))).values()),
        *(job.script for job in gitlab_jobs(read(GITLAB), ON_SCHEDULE).values()),
    ]
    assert len(scripts) == 9
    for script in scripts:
        subprocess.run(["bash", "-n", "-c", script], check=True)
        assert "${{" not in script


def _scripts(file: Path) -> list[str]:
    return [
        step["run"] for job in read(file)["jobs"].values() for step in job["steps"] if "run" in step
    ]


@pytest.mark.parametrize(
    ("variables", "jobs"),
    [
        (ON_MAIN, {"check"}),
        (ON_REQUEST, {"check"}),
        (ON_SCHEDULE, {"update"}),
        ({**ON_MAIN, "CI_COMMIT_BRANCH": "other"}, set()),
    ],
    ids=["main", "request", "schedule", "other"],
)
def test_gitlab_runs_the_jobs_of_an_event(variables, jobs):
    assert set(gitlab_jobs(read(GITLAB), variables)) == jobs


def _cache(folder: Path) -> dict[str, str]:
    return {"CACHE_PUSH_URL": f"file://{folder}/cache?compression=none"}


def github_check(service: Service, *, push: bool = False) -> list[Step]:
    """Return the steps of GitHub's check that run: all, or those of a pull request."""
    key = service.folder / "key"
    if push and not key.exists():
        key.write_text(service.nix.output("key", "generate-secret", "--key-name", "test-1"))
    return github_steps(
        read(CHECK),
        "check",
        {
            "matrix.system": "x86_64-linux",
            "vars.CACHE_PUSH_URL": _cache(service.folder)["CACHE_PUSH_URL"],
            "secrets.CACHE_SECRET_KEY": key.read_text() if push else "",
            "secrets.AWS_ACCESS_KEY_ID": "",
            "secrets.AWS_SECRET_ACCESS_KEY": "",
        },
        {"github.event_name == 'push' && vars.CACHE_PUSH_URL != ''": push},
    )


def signed_paths(service: Service) -> set[str]:
    """Return the names of what the cache has and the test's key has signed."""
    notes = [file.read_text() for file in (service.folder / "cache").glob("*.narinfo")]
    assert all("\nSig: test-1:" in note for note in notes)
    return {note.split()[1][44:] for note in notes}


@pytest.mark.nix
@pytest.mark.index
def test_github_checks_builds_and_fills_a_cache(service):
    folder = service.checkout("github-check")
    steps = github_check(service, push=True)
    assert [step.name for step in steps] == [
        "The lock is fresh",
        "Run the checks",
        "Build",
        "Push to the cache",
    ]
    service.succeed(steps, GITHUB_SHELL, folder)
    assert signed_paths(service) >= {"demo-app", "env-shell"}


@pytest.mark.nix
@pytest.mark.index
def test_gitlab_runs_the_commands_of_github_and_fills_a_cache(service):
    steps = github_check(service, push=True)
    key = {"CACHE_SECRET_KEY": str(service.folder / "key"), **_cache(service.folder)}
    [job] = gitlab_jobs(read(GITLAB), ON_MAIN | key).values()
    *commands, push = read(GITLAB)["check"]["script"]
    assert commands == [step.script for step in steps[:-1]]
    service.succeed([replace(job, script=push)], GITLAB_SHELL, service.checkout("gitlab-check"))
    assert signed_paths(service) >= {"demo-app", "env-shell"}
    other = replace(job, script=push, variables={**job.variables, "CI_COMMIT_BRANCH": "other"})
    service.succeed([other], GITLAB_SHELL, service.folder)


@pytest.mark.nix
@pytest.mark.index
def test_a_stale_lock_ends_a_job(service):
    folder = service.checkout("stale")
    project = folder / "pyproject.toml"
    project.write_text(project.read_text().replace("click>=8", "click<8"))
    [job] = gitlab_jobs(read(GITLAB), ON_REQUEST).values()
    done = run(job, GITLAB_SHELL, folder, service.variables)
    assert done.returncode == 1
    assert "the lock is stale against pyproject.toml" in done.stderr
    # Nothing ran after it.
    assert "evaluating" not in done.stderr


def github_update() -> list[Step]:
    """Return the steps of GitHub's update."""
    values = {
        "github.ref_name": "main",
        "secrets.UPDATE_TOKEN || github.token": "token",
    }
    return github_steps(read(UPDATE), "update", values, {})


def asked(service: Service) -> list[str]:
    """Return the commands of gh that were run."""
    file = service.folder / "asked"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return lines


@pytest.mark.nix
@pytest.mark.index
def test_github_gets_a_pull_request_with_the_changes_as_its_text(service):
    service.drop_branch()
    (service.folder / "open").write_text("")
    service.succeed(github_update(), GITHUB_SHELL, service.checkout("github-update"))
    assert asked(service) == [
        "auth setup-git",
        f"pr list --head {BRANCH} --base main --json number --jq .[].number",
        f"pr create --head {BRANCH} --base main --title Update Python packages"
        f" --body-file {service.folder}/text",
    ]
    text = (service.folder / "posted").read_text()
    changed = re.fullmatch(
        r"```\nsources\.yaml:\n((?:  . .*\n)*  ~ click 8\.3\.1 -> (.*)\n(?:  . .*\n)*)\n```\n", text
    )
    assert changed is not None, text
    assert changed[1] in service.pushed("message")
    assert f"click-{changed[2]}-" in service.pushed("sources.yaml")

    # A second run renews what is open; with nothing newer there is nothing to do.
    (service.folder / "open").write_text("7\n")
    (service.folder / "posted").unlink()
    propose = github_update()[-1]
    folder = service.folder / "github-update"
    git(folder, "reset", "-q", "--mixed", "HEAD^")
    service.succeed([propose], GITHUB_SHELL, folder)
    assert asked(service)[-1] == f"pr edit 7 --body-file {service.folder}/text"
    assert (service.folder / "posted").read_text() == text
    service.succeed([propose], GITHUB_SHELL, folder)
    assert asked(service) == []


@pytest.mark.nix
@pytest.mark.index
def test_gitlab_gets_a_merge_request_with_the_changes_as_its_text(service):
    service.drop_branch()
    predefined = {
        **ON_SCHEDULE,
        "CI_PROJECT_PATH": "group/demo",
        "CI_SERVER_FQDN": "gitlab.example:8443",
        "GITLAB_USER_NAME": "x",
        "GITLAB_USER_EMAIL": "x@example.org",
        "UPDATE_TOKEN": "token",
    }
    [job] = gitlab_jobs(read(GITLAB), predefined).values()
    folder = service.checkout("gitlab-update")
    service.succeed([job], GITLAB_SHELL, folder)
    options = dict(
        line.partition("=")[2].partition("=")[::2]
        for line in (service.folder / "options").read_text().splitlines()
    )
    assert set(options) == {"5"} | {
        f"merge_request.{name}"
        for name in ("create", "target", "title", "description", "remove_source_branch")
    }
    assert options["merge_request.target"] == "main"
    text = options["merge_request.description"].replace("\\n", "\n")
    changed = re.fullmatch(
        r"```\nsources\.yaml:\n(.*  ~ click 8\.3\.1 -> .*\n)```", text, re.DOTALL
    )
    assert changed is not None, text
    assert changed[1] in service.pushed("message")
    assert '"version": "8.3.1"' not in service.pushed("sources.yaml")

    # With nothing newer there is nothing to push.
    (service.folder / "options").unlink()
    propose = replace(job, script=f"changes=/dev/null\n{read(GITLAB)['update']['script'][-1]}")
    service.succeed([propose], GITLAB_SHELL, folder)
    assert not (service.folder / "options").exists()


def test_the_document_has_the_commands_of_the_workflows():
    run_on_push = [step.splitlines()[-1] for step in _scripts(CHECK)]
    assert [*run_on_push[:-1], run_on_push[-1].replace("$url", "$CACHE_PUSH_URL")] == ANY_CI
    in_update = "\n".join(_scripts(UPDATE))
    for command in UPDATES:
        assert f"{command}\n" in f"{in_update}\n" or f"{command} >" in in_update
        assert any(command in line for line in read(GITLAB)["update"]["script"])


@pytest.mark.nix
@pytest.mark.index
def test_hydra_s_jobs_of_a_project_need_no_build_to_be_evaluated(service):
    folder = service.checkout("hydra")
    flake = folder / "flake.nix"
    before, checks, after = flake.read_text().rpartition("      checks =")
    text = f"{before}{HYDRA}{checks}{after}".replace("{ nixpkgs, wheel", "{ self, nixpkgs, wheel")
    flake.write_text(text)
    jobs = hydra_jobs(service.nix, folder)
    assert set(jobs) == {
        f"{output}.{system}.{name}"
        for system in ("x86_64-linux", "aarch64-linux")
        for output, name in (
            ("checks", "demo-app"),
            ("devShells", "default"),
            ("packages", "default"),
            ("packages", "lock"),
        )
    }
    # Nix checks the jobs' shape, too.
    service.nix.output("flake", "check", "--no-build", cwd=folder)


@pytest.mark.nix
def test_hydra_s_jobs_of_this_project_need_no_build_to_be_evaluated(nix):
    jobs = hydra_jobs(nix, ROOT)
    assert {"packages.x86_64-linux.lock", "checks.x86_64-linux.imports"} <= set(jobs)


DERIVATIONS = "let each = builtins.mapAttrs; in each (_: each (_: each (_: job: job.drvPath)))"


def hydra_jobs(nix: Nix, folder: Path) -> dict[str, str]:
    """Return the derivation of each job of a flake, by name; nothing may be built for it."""
    jobs = nix.evaluate(
        ".#hydraJobs",
        *("--option", "allow-import-from-derivation", "false"),
        *("--apply", DERIVATIONS),
        cwd=folder,
    )
    return {
        f"{output}.{system}.{name}": derivation
        for output, systems in jobs.items()
        for system, made in systems.items()
        for name, derivation in made.items()
    }


@pytest.mark.index
def test_renovate_s_configuration_is_what_renovate_reads(schemas):
    schema = schemas("renovate")
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(RENOVATE)] == []


def test_renovate_finds_the_requirements_that_have_a_version():
    [manager] = RENOVATE["customManagers"]
    [pattern], [file] = manager["matchStrings"], manager["managerFilePatterns"]
    found = re.finditer(
        pattern.replace("(?<", "(?P<"),
        'aioextensions: "*"\nDjango: ">3.2"\nnumpy: ^1.26\nhttpx[http2]: ~0.27\n'
        "python: 3.11\nglibc: 2.28\nmacos: 12.0\nmusl: 1.2\nexclude-newer: 2026-10-01\n"
        'requirements:\n  idna: 3.10\n  six:\n    version: "1.16"\n',
    )
    versions = {one["depName"]: one["currentValue"] for one in found}
    [disabled] = RENOVATE["packageRules"]
    for name in disabled["matchPackageNames"]:
        del versions[name]
    assert versions == {"Django": ">3.2", "numpy": "^1.26", "httpx": "~0.27", "idna": "3.10"}
    assert re.search(file.strip("/"), "service/requirements.yaml")


@pytest.mark.nix
@pytest.mark.index
def test_a_requirement_that_renovate_raises_is_locked_by_its_task(tmp_path):
    nix = Nix(NIXES["at hand"])
    requirements = tmp_path / "requirements.yaml"
    requirements.write_text("idna: 3.9\n")
    nix.lock(tmp_path, "3.12")
    requirements.write_text("idna: 3.10\n")
    assert nix.try_lock(tmp_path, "--check").returncode == 1
    assert RENOVATE["postUpgradeTasks"]["commands"] == ["nix run .#lock"]
    nix.lock(tmp_path)
    assert nix.try_lock(tmp_path, "--check").returncode == 0
    assert "idna-3.10" in (tmp_path / RENOVATE["postUpgradeTasks"]["fileFilters"][0]).read_text()
