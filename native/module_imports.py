"""Find which modules a package's sources import, and which of them reach another."""

import ast
import re
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from native.linux_branches import is_linux_name, linux_nodes, linux_statements

DATA_FOLDER = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")
# Folders at the top of a wheel that no program imports.
NO_MODULES = frozenset(
    {
        *("benchmark", "benchmarks", "conftest", "doc", "docs", "example", "examples", "setup"),
        *("test", "testing", "tests"),
    }
)
# All that an edge to a module may come from: statements, and names of modules in strings.
MENTION = re.compile(
    rb"^[ \t]*(?:from[^\n]*import[ \t]*\([^)]*|(?:from|import)\b[^\n]*(?:\\\r?\n[^\n]*)*)"
    rb"|[;:][ \t]*(?:from|import)\b[^\n]*"
    rb"|[\"'][A-Za-z_]\w*(?:\.\w+)+[\"']",
    re.MULTILINE,
)
FROM = re.compile(r"\s*from\s*(\.*)\s*([\w.]*)\s*import\b(.*)", re.DOTALL)
IMPORT = re.compile(r"\s*import\b(.*)", re.DOTALL)
MODULE_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


class Module:
    """A module of a wheel: its dotted name, whether it is a package, and its source."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path = path
        self.source = source
        self.name, self.is_package = module_name(path)

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree; None for source that isn't of this Python."""
        return parse(self.source)

    @cached_property
    def mentions(self) -> list[str]:
        """The texts of all import statements and of strings that may name a module, and others."""
        return [text.decode("utf-8", "replace") for text in MENTION.findall(self.source)]

    @cached_property
    def has_names(self) -> bool:
        """Whether a string of the source may be a dotted name of a module."""
        return any(text[0] in "\"'" for text in self.mentions)

    @cached_property
    def possible_imports(self) -> frozenset[str]:
        """The names of `imports` and others: found without parsing, which takes ten times longer.

        Other names come from documentation, and from what only other systems import.
        """
        return frozenset(mentioned_names(self))

    @cached_property
    def imports(self) -> frozenset[str]:
        """The dotted names that the module imports, absolute, with names that may be modules."""
        return frozenset(imported_names(self)) if self.tree is not None else frozenset()

    def absolute(self, level: int, name: str) -> str | None:
        """Return the absolute name of one that a `from` with so many dots has."""
        if not level:
            return name
        parts = self.name.split(".")
        keep = len(parts) - level + self.is_package
        return ".".join([*parts[:keep], *([name] if name else [])]) if keep > 0 else None


class Modules:
    """The modules of a wheel by name, and which of them import which."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        modules = [Module(path, source) for path, source in sources.items() if is_module(path)]
        self.by_path = {module.path: module for module in modules}
        self.by_name = {module.name: module for module in modules}
        self.importable = [module for module in modules if not is_test(module.name)]
        self._targets: dict[str, frozenset[str]] = {}

    @cached_property
    def top_level(self) -> tuple[str, ...]:
        """The modules that nothing of the wheel stands above, sorted.

        Those are packages and modules at the top, or inside of namespace packages.
        """
        names = [name for name in self.by_name if name.split(".")[0] not in NO_MODULES]
        return tuple(
            sorted(name for name in names if not any(p in self.by_name for p in parents(name)))
        )

    @cached_property
    def surface(self) -> tuple[str, ...]:
        """The modules that programs import: those at the top, and what empty packages hold.

        Of a package whose `__init__` has no functions and imports nothing of the wheel, programs
        import the modules.
        """
        pending = list(self.top_level)
        surface = []
        while pending:
            name = pending.pop()
            surface.append(name)
            module = self.by_name[name]
            if module.is_package and self._is_empty(module):
                pending.extend(self._public_modules(name))
        return tuple(sorted(surface))

    def _is_empty(self, package: Module) -> bool:
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return not self.targets(package) and not (
            package.tree and any(isinstance(node, definitions) for node in package.tree.body)
        )

    def _public_modules(self, package: str) -> Iterator[str]:
        for name in self.by_name:
            parent, _, last = name.rpartition(".")
            if parent == package and not last.startswith("_") and last not in NO_MODULES:
                yield name

    def targets(self, module: Module) -> frozenset[str]:
        """Return the other modules of the wheel that a module imports, with their packages."""
        if module.name not in self._targets:
            self._targets[module.name] = self._modules_of(module, module.imports)
        return self._targets[module.name]

    def _modules_of(self, module: Module, names: Iterable[str]) -> frozenset[str]:
        """Return the modules of the wheel among names and the packages above, but its own."""
        own = {module.name, *parents(module.name)}
        named = {target for name in names for target in (name, *parents(name))}
        return frozenset(named & self.by_name.keys() - own)

    @cached_property
    def _possible_importers(self) -> Mapping[str, Sequence[Module]]:
        importers: defaultdict[str, list[Module]] = defaultdict(list)
        for module in self.importable:
            for target in self._modules_of(module, module.possible_imports):
                importers[target].append(module)
        return importers

    def reached_from(self, name: str, stop: Iterable[str]) -> tuple[str, ...]:
        """Return the modules whose import reaches a module, the module itself included.

        A package stands for all below it. If one of the modules of `stop` is among them, only those
        of `stop` that were found by then are returned: they are imported anyway.
        """
        last = frozenset(stop)
        reached = {name}
        pending = [name]
        while pending:
            if found := reached & last:
                return tuple(sorted(found))
            target = pending.pop()
            for module in self._importers(target):
                if module.name not in reached:
                    reached.add(module.name)
                    pending.append(module.name)
        return tuple(
            sorted(name for name in reached if not any(p in reached for p in parents(name)))
        )

    def _importers(self, target: str) -> Iterator[Module]:
        for module in self._possible_importers.get(target, ()):
            if target in self.targets(module):
                yield module

    def imports_among(self, wanted: Collection[str]) -> tuple[str, ...]:
        """Return what the modules that programs reach import of some of other distributions.

        The names are dotted and sorted: those of wanted modules, and of what is below one.
        """
        foreign = {name for name in wanted if name.partition(".")[0] not in self.by_name}
        tops = {name.partition(".")[0].encode() for name in foreign}
        found: set[str] = set()
        for module in self.importable:
            if not any(top in module.source for top in tops):
                continue
            if not any(is_at_or_below(name, foreign) for name in module.possible_imports):
                continue
            names = {name for name in module.imports if is_at_or_below(name, foreign)}
            if not names <= found and self.is_reached(module.name):
                found |= names
        return tuple(sorted(found))

    def is_reached(self, name: str) -> bool:
        """Return whether programs that import the wheel's modules reach a module."""
        return not frozenset(self.surface).isdisjoint(self.reached_from(name, self.surface))


def is_at_or_below(name: str, modules: Collection[str]) -> bool:
    """Return whether a module is one of some, or stands below one."""
    return name in modules or any(parent in modules for parent in parents(name))


def is_test(name: str) -> bool:
    """Return whether a module, by its dotted name, belongs to tests or examples."""
    return any(part in NO_MODULES or part.startswith("test_") for part in name.split("."))


def is_module(path: str) -> bool:
    """Return whether a file of a wheel is a module that can be imported by a dotted name."""
    name, _ = module_name(path)
    return path.endswith(".py") and all(part.isidentifier() for part in name.split("."))


def may_be_imported(path: str) -> bool:
    """Return whether programs import a file of a wheel: a module that belongs to no tests."""
    return is_module(path) and not is_test(module_name(path)[0])


def module_name(path: str) -> tuple[str, bool]:
    """Return the dotted name of a wheel's file, and whether it is that of a package."""
    parts = DATA_FOLDER.sub("", path).removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        return ".".join(parts[:-1]), True
    return ".".join(parts), False


def parents(name: str) -> Iterator[str]:
    """Yield the packages above a dotted name, the innermost first."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def parse(source: bytes) -> ast.Module | None:
    """Return the syntax tree of a file; None where it isn't Python of today."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    # A template or a file of Python 2; source that is too deep; null bytes.
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def mentioned_names(module: Module) -> Iterator[str]:
    """Yield the dotted names that the text of a module has where it may import one."""
    for mention in module.mentions:
        if mention[0] in "\"'":
            yield mention[1:-1]
            continue
        for statement in mention.lstrip(";: \t").split(";"):
            if match := FROM.match(statement):
                base = module.absolute(len(match[1]), match[2])
                if base is not None:
                    yield base
                    yield from (f"{base}.{name}" for name in re.findall(r"\w+", match[3]))
            elif match := IMPORT.match(statement):
                yield from re.findall(r"[\w.]+", match[1])


def imported_names(module: Module) -> Iterator[str]:
    """Yield the dotted names that a module may import.

    Of `from a import b` those are `a` and `a.b`. A call's argument that is a dotted name counts, as
    a package registers its plugins. The tree has to be there.
    """
    assert module.tree is not None
    for node in linux_statements(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.absolute(node.level, node.module or "")
            if base is not None:
                yield base
                yield from (f"{base}.{alias.name}" for alias in node.names if alias.name != "*")
        elif isinstance(node, ast.Expr | ast.Assign | ast.Return) and module.has_names:
            for call in linux_nodes(node):
                if isinstance(call, ast.Call):
                    yield from _named_modules(call)


def _named_modules(call: ast.Call) -> Iterator[str]:
    texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    if not any(is_linux_name(text) is False for text in texts):
        yield from (text for text in texts if isinstance(text, str) and MODULE_NAME.fullmatch(text))
