"""Find the strings that an expression of Python source may be, as far as literals tell."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from native.linux_branches import linux_children, linux_items, truth_on_linux

# Deeper expressions aren't followed, and of more values the first count.
MAX_DEPTH = 40
MAX_VALUES = 64
# Functions that return the items of their arguments.
ITEM_FUNCTIONS = frozenset(
    {"chain", "dict", "filter", "frozenset", "iter", "list", "reversed", "set", "sorted", "tuple"}
)
# Functions that return tuples with an item of each argument.
COLUMN_FUNCTIONS = frozenset({"product", "zip"})
ITEM_METHODS = frozenset({"copy", "get", "items", "pop", "setdefault", "values"})
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scopes = tuple["Scope", ...]


@dataclass(frozen=True)
class Binding:
    """An expression that a name is bound to.

    `position` is that in each item of the expression, for names of a loop over tuples; `is_item`
    says that the name is an item of it.
    """

    value: ast.expr
    scopes: Scopes
    is_item: bool = False
    position: int | None = None


@dataclass
class Scope:
    """The names of a module or function."""

    function: str = ""
    names: defaultdict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class PlacedCall:
    """A call and the scopes that it stands in, the innermost last."""

    call: ast.Call
    scopes: Scopes


class Names:
    """The names of a module: what binds them, and which calls of which functions it has."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope()
        self.attributes = Scope()
        # What functions return or yield.
        self.results = Scope()
        self.calls: list[PlacedCall] = []
        self.subscripts: list[tuple[ast.Subscript, Scopes]] = []
        # The names of functions that were imported as others.
        self.aliases: dict[str, str] = {}
        self._strings_of: dict[ast.expr, tuple[str, ...]] = {}
        self._constructors: dict[Function, str] = {}
        self._functions: list[tuple[Function, Scope]] = []
        self._visit(tree, (self.module,))
        self._bind_parameters()

    def _visit(self, tree: ast.AST, scopes: Scopes) -> None:
        pending: list[tuple[ast.AST, Scopes]] = [(tree, scopes)]
        while pending:
            node, scopes = pending.pop()
            scopes = self._read(node, scopes)
            pending.extend([(child, scopes) for child in linux_children(node)])

    def _read(self, node: ast.AST, scopes: Scopes) -> Scopes:
        """Note what a node binds or calls; return the scopes of its children."""
        match node:
            case ast.Call():
                self.calls.append(PlacedCall(node, scopes))
                self._extend(node, scopes)
            case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
                self.results.names[scopes[-1].function].append(Binding(value, scopes))
            case ast.YieldFrom():
                self.results.names[scopes[-1].function].append(Binding(node.value, scopes))
            case ast.Subscript():
                self.subscripts.append((node, scopes))
            case ast.ImportFrom():
                self.aliases |= {name.asname: name.name for name in node.names if name.asname}
            case ast.ClassDef():
                methods = (item for item in node.body if isinstance(item, FUNCTIONS))
                self._constructors |= dict.fromkeys(methods, node.name)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope = Scope(node.name)
                self._functions.append((node, scope))
                return (*scopes, scope)
            case ast.comprehension() | ast.For() | ast.AsyncFor():
                self._bind(node.target, Binding(node.iter, scopes, is_item=True))
            case ast.Assign():
                for target in node.targets:
                    self._bind(target, Binding(node.value, scopes))
            case ast.AnnAssign(value=ast.expr() as value):
                self._bind(node.target, Binding(value, scopes))
            case ast.AugAssign() | ast.NamedExpr():
                self._bind(node.target, Binding(node.value, scopes))
        return scopes

    def _bind(self, target: ast.expr, binding: Binding) -> None:
        if isinstance(target, ast.Name):
            binding.scopes[-1].names[target.id].append(binding)
            # A class has no scope of its own here, so its constants are found by `self.` too.
            self.attributes.names[target.id].append(binding)
        elif isinstance(target, ast.Attribute):
            self.attributes.names[target.attr].append(binding)
        elif isinstance(target, ast.Tuple | ast.List):
            for index, item in enumerate(target.elts):
                self._bind(item, Binding(binding.value, binding.scopes, binding.is_item, index))

    def _extend(self, call: ast.Call, scopes: Scopes) -> None:
        """Bind the name of a list to what is added to it."""
        if called_name(call) in ("append", "extend") and isinstance(call.func, ast.Attribute):
            for value in call.args[:1]:
                self._bind(call.func.value, Binding(value, scopes))

    def _bind_parameters(self) -> None:
        calls: defaultdict[str, list[PlacedCall]] = defaultdict(list)
        for placed in self.calls:
            calls[called_name(placed.call)].append(placed)
        for function, scope in self._functions:
            parameters = [*function.args.posonlyargs, *function.args.args]
            names = [parameter.arg for parameter in parameters]
            if names[:1] in (["self"], ["cls"]):
                del names[0]
            for name, default in zip(
                reversed(names), reversed(function.args.defaults), strict=False
            ):
                scope.names[name].append(Binding(default, (self.module,)))
            # `__init__` is called by the name of its class.
            called = self._constructors.get(function, "")
            for placed in calls[called if function.name == "__init__" else function.name]:
                for name, value in self._arguments(placed, names, function.args.vararg):
                    scope.names[name].append(value)

    def _arguments(
        self, placed: PlacedCall, names: Sequence[str], rest: ast.arg | None
    ) -> Iterator[tuple[str, Binding]]:
        for index, value in enumerate(placed.call.args):
            if index < len(names):
                yield names[index], Binding(value, placed.scopes)
            elif rest is not None:
                yield rest.arg, Binding(value, placed.scopes)
        for keyword in placed.call.keywords:
            if keyword.arg is not None:
                yield keyword.arg, Binding(keyword.value, placed.scopes)

    def bindings(self, name: str, scopes: Scopes) -> Sequence[Binding]:
        """Return what a name is bound to in the innermost scope that has it."""
        for scope in reversed(scopes):
            if name in scope.names:
                return scope.names[name]
        return ()

    def strings(self, node: ast.expr, scopes: Scopes, depth: int = 0) -> tuple[str, ...]:
        """Return the strings that an expression may be, or that its items may be."""
        if node in self._strings_of:
            return self._strings_of[node]
        if depth > MAX_DEPTH:
            return ()
        # A name that is bound to an expression with itself gets nothing from there.
        self._strings_of[node] = ()
        found = dict.fromkeys(islice(self._strings(node, scopes, depth + 1), MAX_VALUES))
        self._strings_of[node] = tuple(found)
        return self._strings_of[node]

    def _strings(self, node: ast.expr, scopes: Scopes, depth: int) -> Iterator[str]:
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.Constant(value=bytes(data)):
                yield data.decode("ascii", "replace")
            case ast.Tuple() | ast.List() | ast.Set():
                yield from self._all(node.elts, scopes, depth)
            case ast.Dict():
                yield from self._all(linux_items(node), scopes, depth)
            case ast.BoolOp():
                yield from self._all(node.values, scopes, depth)
            case ast.IfExp():
                truth = truth_on_linux(node.test)
                if truth is not False:
                    yield from self.strings(node.body, scopes, depth)
                if truth is not True:
                    yield from self.strings(node.orelse, scopes, depth)
            case ast.Starred() | ast.Subscript() | ast.NamedExpr() | ast.Await():
                yield from self.strings(node.value, scopes, depth)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                yield from self.strings(node.elt, scopes, depth)
            case ast.Name():
                yield from self._bound(self.bindings(node.id, scopes), depth)
            case ast.Attribute():
                yield from self._bound(self.attributes.names.get(node.attr, ()), depth)
            case ast.JoinedStr():
                yield from self._joined(node, scopes, depth)
            case ast.BinOp():
                yield from self._operated(node, scopes, depth)
            case ast.Call():
                yield from self._called(node, scopes, depth)

    def _all(self, nodes: Sequence[ast.expr], scopes: Scopes, depth: int) -> Iterator[str]:
        for node in nodes:
            yield from self.strings(node, scopes, depth)

    def _bound(self, bindings: Sequence[Binding], depth: int) -> Iterator[str]:
        for binding in bindings:
            if binding.position is None:
                yield from self.strings(binding.value, binding.scopes, depth)
                continue
            for row in self._rows(binding, depth):
                if binding.position < len(row):
                    yield from self.strings(row[binding.position], binding.scopes, depth)

    def _rows(self, binding: Binding, depth: int) -> Iterator[Sequence[ast.expr]]:
        """Yield the items of tuples that a loop or an assignment takes apart."""
        for value in self._literals(binding.value, binding.scopes, depth):
            if isinstance(value, ast.Dict):
                yield from (
                    (key, item)
                    for key, item in zip(value.keys, value.values, strict=True)
                    if key is not None
                )
            elif isinstance(value, ast.Call):
                yield value.args
            elif not binding.is_item:
                yield value.elts
            else:
                for item in value.elts:
                    if isinstance(item, ast.Tuple | ast.List):
                        yield item.elts

    def _literals(
        self, node: ast.expr, scopes: Scopes, depth: int
    ) -> Iterator[ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Call]:
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            yield node
        elif isinstance(node, ast.Call):
            if called_name(node) in COLUMN_FUNCTIONS:
                yield node
            elif isinstance(node.func, ast.Attribute) and node.func.attr == "items":
                yield from self._literals(node.func.value, scopes, depth)
        elif isinstance(node, ast.Name) and depth < MAX_DEPTH:
            for binding in self.bindings(node.id, scopes):
                if binding.position is None and not binding.is_item:
                    yield from self._literals(binding.value, binding.scopes, depth + 1)

    def _joined(self, node: ast.JoinedStr, scopes: Scopes, depth: int) -> Iterator[str]:
        parts = [
            self.strings(
                part.value if isinstance(part, ast.FormattedValue) else part, scopes, depth
            )
            for part in node.values
        ]
        return _products(parts)

    def _operated(self, node: ast.BinOp, scopes: Scopes, depth: int) -> Iterator[str]:
        left = self.strings(node.left, scopes, depth)
        if isinstance(node.op, ast.Add):
            right = self.strings(node.right, scopes, depth)
            if isinstance(node.left, ast.List | ast.Tuple) or isinstance(
                node.right, ast.List | ast.Tuple
            ):
                yield from (*left, *right)
            else:
                yield from _products([left, right])
        elif isinstance(node.op, ast.Mod):
            for template in left:
                yield from self._filled(template.split("%s"), node.right, scopes, depth)

    def _filled(
        self, pieces: Sequence[str], values: ast.expr, scopes: Scopes, depth: int
    ) -> Iterator[str]:
        nodes = values.elts if isinstance(values, ast.Tuple) else [values]
        if len(nodes) != len(pieces) - 1:
            return
        parts: list[tuple[str, ...]] = [(pieces[0],)]
        for node, piece in zip(nodes, pieces[1:], strict=True):
            parts.extend([self.strings(node, scopes, depth), (piece,)])
        yield from _products(parts)

    def _called(self, node: ast.Call, scopes: Scopes, depth: int) -> Iterator[str]:
        name = called_name(node)
        if not isinstance(node.func, ast.Attribute):
            if name in ITEM_FUNCTIONS:
                yield from self._all(node.args, scopes, depth)
            else:
                yield from self._bound(self.results.names.get(name, ()), depth)
        elif name == "format" and len(node.args) == 1:
            for template in self.strings(node.func.value, scopes, depth):
                yield from self._filled(
                    template.replace("{0}", "{}").split("{}"), node.args[0], scopes, depth
                )
        elif name in ITEM_METHODS:
            yield from self.strings(node.func.value, scopes, depth)
            yield from self._all(node.args[1:], scopes, depth)
        elif name == "chain":
            yield from self._all(node.args, scopes, depth)
        elif isinstance(node.func.value, ast.Name) and node.func.value.id in ("self", "cls"):
            yield from self._bound(self.results.names.get(name, ()), depth)


def _products(parts: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from map("".join, islice(product(*parts), MAX_VALUES))


def called_name(call: ast.Call) -> str:
    """Return the last part of the name of the function that is called; "" without a name."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
