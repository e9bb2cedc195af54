"""Read the workflows of GitHub Actions and the pipelines of GitLab CI, and run their scripts."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
# What the services run scripts with: GitHub's for `shell: bash`, and that of GitLab's runner, whose
# image has bash by the name of sh.
GITHUB_SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
GITLAB_SHELL = ("bash", "--posix", "-eo", "pipefail", "-c")


def read(file: Path) -> dict[str, Any]:
    """Return a workflow or a pipeline, whose key `on` is a string as the services read it."""
    content: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in content.items()}


@dataclass(frozen=True)
class Step:
    """A step of a job that runs a script, with its environment variables."""

    name: str
    script: str
    variables: Mapping[str, str]


def github_steps(
    workflow: dict[str, Any], job: str, values: Mapping[str, str], conditions: Mapping[str, bool]
) -> list[Step]:
    """Return the steps of a job that run scripts and whose condition holds.

    `values` are those of the expressions `${{ … }}` in the variables, `conditions` those of `if`.
    An unknown one is a KeyError.
    """
    assert workflow["defaults"] == {"run": {"shell": "bash"}}
    content = workflow["jobs"][job]

    def expanded(variables: Mapping[str, str]) -> dict[str, str]:
        return {
            name: EXPRESSION.sub(lambda found: values[found[1]], text)
            for name, text in variables.items()
        }

    return [
        Step(
            step["name"],
            step["run"],
            expanded({**content.get("env", {}), **step.get("env", {})}),
        )
        for step in content["steps"]
        if "run" in step and ("if" not in step or conditions[step["if"]])
    ]


def gitlab_jobs(pipeline: dict[str, Any], variables: Mapping[str, str]) -> dict[str, Step]:
    """Return the jobs that a pipeline with these predefined variables has, by name."""
    rules = pipeline["workflow"]["rules"]
    if not any(_holds(rule["if"], variables) for rule in rules):
        return {}
    return {
        name: Step(
            name,
            "\n".join(job["script"]),
            _substituted({**pipeline["variables"], **job.get("variables", {})} | dict(variables)),
        )
        for name, job in pipeline.items()
        if isinstance(job, dict)
        and "script" in job
        and any(_holds(rule["if"], variables) for rule in job["rules"])
    }


def run(
    step: Step, shell: tuple[str, ...], folder: Path, variables: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run a step in a folder; it may fail."""
    return subprocess.run(
        [*shell, step.script],
        cwd=folder,
        env={**os.environ, **step.variables, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _substituted(variables: Mapping[str, str]) -> dict[str, str]:
    """Return GitLab's variables, with those that are named in their values."""
    return {
        name: re.sub(r"\$(\w+)", lambda found: variables[found[1]], text)
        for name, text in variables.items()
    }


def _holds(condition: str, variables: Mapping[str, str]) -> bool:
    """Return whether a condition of GitLab holds: `$NAME == "text"`, `!=`, or with two names."""
    found = re.fullmatch(r'\$(\w+) (==|!=) (?:"(.*)"|\$(\w+))', condition)
    assert found is not None, condition
    right = found[3] if found[4] is None else variables.get(found[4])
    return (variables.get(found[1]) == right) == (found[2] == "==")
