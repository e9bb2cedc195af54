"""Leave out the parts of Python source that never run on Linux, or that only type checkers read."""

import ast
from collections.abc import Iterator, Sequence
from functools import cache

OURS = frozenset({"linux", "linux2", "posix"})
# In lower case: what sys.platform, os.name, platform.system() and platform.machine() say elsewhere.
OTHERS = frozenset(
    {
        *("win32", "win", "win64", "windows", "nt", "cygwin", "msys", "dos", "java", "os2"),
        *("darwin", "mac", "macos", "macosx", "osx", "ios", "tvos", "watchos"),
        *("freebsd", "netbsd", "openbsd", "dragonfly", "bsd", "sunos", "sunos5", "aix"),
        *("s390x", "ppc64", "ppc64le", "riscv64", "i386", "i686", "armv6l", "armv7l"),
        *("android", "emscripten", "wasi", "pyodide", "haiku"),
    }
)


# Fields with text, a context or an operator.
PLAIN = frozenset(
    {"arg", "asname", "attr", "ctx", "id", "kind", "module", "op", "ops", "type_comment"}
)


def is_linux_name(value: object) -> bool | None:
    """Return whether a system's name is one of Linux; None if it is no system's name."""
    name = value.lower() if isinstance(value, str) else ""
    return True if name in OURS else False if name in OTHERS else None


def linux_children(node: ast.AST) -> Sequence[ast.AST]:
    """Return the children of a node without those that don't run on Linux.

    Contexts and operators, which have no children, are left out.
    """
    if isinstance(node, ast.If):
        truth = truth_on_linux(node.test)
        body = node.body if truth is not False else []
        return [node.test, *body, *(node.orelse if truth is not True else [])]
    if isinstance(node, ast.IfExp):
        truth = truth_on_linux(node.test)
        chosen = [node.body, node.orelse]
        return [node.test, *(chosen if truth is None else [chosen[0] if truth else chosen[1]])]
    if isinstance(node, ast.Match):
        return [node.subject, *(case for case in node.cases if not _is_foreign_case(case))]
    if isinstance(node, ast.Dict):
        return linux_items(node)
    return _children(node)


def _children(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for field in _with_children(node._fields):
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


@cache
def _with_children(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return those fields of a node that may have children."""
    return tuple(name for name in fields if name not in PLAIN)


def linux_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes of a tree but those that don't run on Linux."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        yield node
        nodes.extend(linux_children(node))


def linux_statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Yield all statements of a tree but those that don't run on Linux."""
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.If | ast.Match):
            nodes.extend(linux_children(node))
            continue
        for field in ("body", "handlers", "orelse", "finalbody"):
            children = getattr(node, field, ())
            # The body of a lambda or of a conditional expression is an expression.
            if isinstance(children, list):
                nodes.extend(children)


def linux_items(node: ast.Dict) -> list[ast.expr]:
    """Return the values of a literal dictionary but those whose keys name other systems."""
    return [
        value
        for key, value in zip(node.keys, node.values, strict=True)
        if not (isinstance(key, ast.Constant) and is_linux_name(key.value) is False)
    ]


def truth_on_linux(test: ast.expr) -> bool | None:
    """Return what a condition is on Linux where no type checker runs; None if that can't be told.

    A comparison with a system's name is one of the system, whatever it is compared with.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        truth = truth_on_linux(test.operand)
        return None if truth is None else not truth
    if isinstance(test, ast.BoolOp):
        truths = [truth_on_linux(value) for value in test.values]
        decisive = isinstance(test.op, ast.Or)
        if decisive in truths:
            return decisive
        return None if None in truths else not decisive
    if isinstance(test, ast.Name | ast.Attribute):
        name = test.id if isinstance(test, ast.Name) else test.attr
        return False if name == "TYPE_CHECKING" else None
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compare_on_linux(test.left, test.ops[0], test.comparators[0])
    if isinstance(test, ast.Call):
        return _call_on_linux(test)
    return None


def _compare_on_linux(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> bool | None:
    if isinstance(operator, ast.Eq | ast.NotEq):
        literals = [side.value for side in (left, right) if isinstance(side, ast.Constant)]
        truth = is_linux_name(literals[0]) if len(literals) == 1 else None
    elif isinstance(operator, ast.In | ast.NotIn):
        truth = _contained_on_linux(left, right)
    else:
        return None
    negated = isinstance(operator, ast.NotEq | ast.NotIn)
    return truth if truth is None else truth is not negated


def _contained_on_linux(left: ast.expr, right: ast.expr) -> bool | None:
    if isinstance(left, ast.Constant):
        # "win" in sys.platform
        return is_linux_name(left.value) if not isinstance(right, ast.Constant) else None
    if not isinstance(right, ast.Tuple | ast.List | ast.Set) or not right.elts:
        return None
    truths = [is_linux_name(getattr(item, "value", None)) for item in right.elts]
    return True if True in truths else None if None in truths else False


def _call_on_linux(call: ast.Call) -> bool | None:
    method = call.func
    if not isinstance(method, ast.Attribute) or method.attr != "startswith" or len(call.args) != 1:
        return None
    prefixes = call.args[0]
    items = prefixes.elts if isinstance(prefixes, ast.Tuple) else [prefixes]
    truths = [is_linux_name(getattr(item, "value", None)) for item in items]
    return True if True in truths else None if None in truths else False


def _is_foreign_case(case: ast.match_case) -> bool:
    patterns = case.pattern.patterns if isinstance(case.pattern, ast.MatchOr) else [case.pattern]
    return all(
        isinstance(pattern, ast.MatchValue)
        and isinstance(pattern.value, ast.Constant)
        and is_linux_name(pattern.value.value) is False
        for pattern in patterns
    )
