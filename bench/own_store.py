"""A store with its own root, as another machine or another file system has one."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from bench.nix import Nix
from bench.running import Command, output, run


@dataclass(frozen=True)
class OwnStore:
    """A store below `root`, and the arguments of the environment that is built in it."""

    nix: Nix
    root: Path
    arguments: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)

    def evaluate(self, *arguments: str) -> None:
        """Write the environment's derivations to the store, which isn't measured."""
        run(self._asking("", self.nix.instantiate("environment", *self.arguments, *arguments)))

    def build(self, cache: str, *arguments: str, settings: str = "") -> Command:
        """Return a command that builds the environment; an empty `cache` is none."""
        command = self.nix.build("environment", *self.arguments, *arguments)
        return self._asking(cache, command, settings)

    def copy_inputs(self) -> None:
        """Copy what the environment's builds start from, of the machine's own store."""
        dry_run = self.nix.build("environment", *self.arguments, "--dry-run")
        told = output(dry_run, errors=True)
        missing = re.findall(r"^\s+(/\S+\.drv)$", told, re.MULTILINE)
        query = self._query
        inputs = {*query("--references", *missing)} - {*missing}
        derivations = {path for path in inputs if path.endswith(".drv")}
        outputs = query("--outputs", *derivations)
        # An output that nothing uses needn't be there.
        invalid = {
            *output(
                self.nix.command("nix-store", "--check-validity", "--print-invalid", *outputs)
            ).split()
        }
        paths = sorted(({*outputs} - invalid) | (inputs - derivations))
        store = f"local?root={self.root}"
        run(self.nix.command("nix", "copy", "--no-check-sigs", "--to", store, *paths))

    def _query(self, question: str, *paths: str) -> list[str]:
        return output(self.nix.command("nix-store", "--query", question, *paths)).split()

    def _asking(self, cache: str, command: Command, settings: str = "") -> Command:
        assert command.variables is not None
        settings = f"substituters = {cache}\nrequire-sigs = false\n{settings}"
        return Command(
            command.arguments,
            variables={
                **command.variables,
                **self.variables,
                "NIX_CONFIG": command.variables["NIX_CONFIG"] + settings,
                "NIX_REMOTE": f"local?root={self.root}",
            },
        )
