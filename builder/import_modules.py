"""Import modules one after another: `import_modules.py MODULES RESULTS TRACE TIMEOUT`.

The interpreter of an environment runs this file as a script. That may be any Python since 3.8. It
imports next to nothing itself: a module that forgets an import must fail here, too.

MODULES has a name a line, with `inner` behind it where its package decides when it is imported.
RESULTS gets a line a module as soon as it is known, of fields separated by tabs: the name,
`imported`, `failed` or `untried`, the missing modules that alone explain a failure (by spaces), and
the failure. Behind them come three fields for each lazy import of the module that fails (PEP 810):
what it imports, and again the missing modules and the failure. If the process ends early, the first
module without a line is the cause. A module that takes more than TIMEOUT seconds ends it, and TRACE
then says where it was.
"""

import faulthandler
import os
import sys


def main(modules: str, results: str, trace: str, timeout: str) -> None:
    """Import the modules that a file names, and write what became of each."""
    # Modules may look for arguments.
    sys.argv[:] = [""]
    with open(modules, encoding="utf-8") as file:
        lines = [line.split() for line in file]
    # It has to stay open to the very end.
    traces = open(trace, "w", encoding="utf-8")  # noqa: SIM115
    failed: list[str] = []
    with open(results, "w", encoding="utf-8", errors="backslashreplace") as out:
        for name, *inner in lines:
            faulthandler.dump_traceback_later(float(timeout), exit=True, file=traces)
            status, missing, failure = "untried", "", ""
            # What is below a module that can't be imported fails for the same reason.
            if not name.startswith(tuple(failed)):
                status, missing, failure = import_module(name, bool(inner))
            if status == "failed":
                failed.append(name + ".")
            fields = [name, status, missing, failure]
            if status == "imported":
                fields += failed_lazy_imports(name)
            out.write("\t".join(field.replace("\t", " ") for field in fields) + "\n")
            out.flush()
    # Threads and functions that run at the end may not end, either.
    faulthandler.dump_traceback_later(float(timeout), exit=True, file=traces)


def import_module(name: str, is_inner: bool) -> "tuple[str, str, str]":
    """Import a module; return the last three fields of its line."""
    try:
        __import__(name)
    # Whatever it is, the module can't be imported: SystemExit is no Exception.
    except BaseException as error:
        if is_inner and (
            is_imported_by_way_of_another(name, error) or is_imported_by_another_name(name)
        ):
            return "imported", "", ""
        return "failed", " ".join(missing_modules(error)), describe(error)
    return "imported", "", ""


def failed_lazy_imports(name: str) -> "list[str]":
    """Carry out the lazy imports of a module and of those below it, and return those that fail.

    These are three fields for each: what it imports, the missing modules that alone explain it, and
    the failure. Nobody else sees it before the program uses what is imported.
    """
    if sys.version_info < (3, 15):
        return []
    import types

    # Checks of types know the standard library of 3.11.
    lazy_type = vars(types)["LazyImportType"]
    fields: list[str] = []
    done: set[tuple[str, str]] = set()
    # Carrying one out may bring further modules, with lazy imports of their own.
    while True:
        waiting = [
            (module, key, value)
            for module, loaded in list(sys.modules.items())
            if module == name or module.startswith(name + ".")
            for key, value in list(getattr(loaded, "__dict__", {}).items())
            if type(value) is lazy_type and (module, key) not in done
        ]
        if not waiting:
            return fields
        for module, key, value in waiting:
            done.add((module, key))
            # Its text is `<lazy_import 'what.it.imports'>`.
            what = str(value).partition("'")[2].rpartition("'")[0]
            try:
                found = value.resolve()
                # `import a.b` yields `a`, and `a` imports `b` when it is used.
                if type(found) is type(sys) and what.startswith(found.__name__ + "."):
                    __import__(what)
            except BaseException as error:
                fields += [what, " ".join(missing_modules(error)), describe(error)]


def is_imported_by_way_of_another(name: str, error: BaseException) -> bool:
    """Return whether a module that a module needs which needs it can be imported after that one."""
    if f"partially initialized module '{name}'" not in str(error):
        return False
    trace = error.__traceback__
    while trace is not None:
        other = trace.tb_frame.f_globals.get("__name__", "")
        if other != name and other.partition(".")[0] == name.partition(".")[0]:
            try:
                __import__(other)
                __import__(name)
            except BaseException:
                return False
            return True
        trace = trace.tb_next
    return False


def is_imported_by_another_name(name: str) -> bool:
    """Return whether a package has imported an extension module of its own as another module."""
    import gc

    parent = sys.modules.get(name.rpartition(".")[0])
    finder = sys.modules["_frozen_importlib_external"].PathFinder
    spec = finder.find_spec(name, getattr(parent, "__path__", None))
    if spec is None or not spec.has_location:
        return False
    path = os.path.realpath(spec.origin)
    # It may be in no list of modules any more; what it defines refers to it. One that failed to
    # start is gone.
    return any(
        type(one) is type(sys)
        and isinstance(one.__dict__.get("__file__"), str)
        and one.__name__ != name
        and os.path.realpath(one.__dict__["__file__"]) == path
        for one in gc.get_objects()
    )


def describe(error: BaseException) -> str:
    """Return the type of an exception, the last line of its message, and its cause, in one line."""
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = f"{kind.__module__}.{name}"
    try:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    except Exception:
        lines = []
    text = f"{name}: {lines[-1]}" if lines else name
    cause = cause_of(error)
    return text if cause is None else f"{text} ({describe(cause)})"


def cause_of(error: BaseException) -> "BaseException | None":
    """Return what an exception is raised from.

    None where that only tells the place of the lazy import that is carried out (PEP 810).
    """
    cause = error.__cause__
    is_place = isinstance(cause, ImportError) and str(cause).startswith("lazy import of ")
    return None if is_place else cause


def missing_modules(error: "BaseException | None") -> "list[str]":
    """Return the top-level names of the missing modules that an exception is all about.

    These are the module that was asked for last and those that it should have stood in for. Nothing
    is returned for any other exception, and where another one stands behind it: a library that
    isn't found, a name that a module lacks.
    """
    names = []
    while isinstance(error, ImportError):
        cause = cause_of(error)
        handled = cause or error.__context__
        if isinstance(error, ModuleNotFoundError) and error.name:
            names.append(error.name.partition(".")[0])
        # `except ImportError: raise ImportError("install x")` is about what it handles.
        elif (
            error.name
            or error.path
            or not isinstance(handled, ImportError)
            or (cause is None and not is_raised_by_statement(error))
        ):
            return []
        error = handled
    return names


def is_raised_by_statement(error: BaseException) -> bool:
    """Return whether a `raise` of Python code raised an exception, not a module written in C."""
    from opcode import opname

    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return False
    return opname[last.tb_frame.f_code.co_code[last.tb_lasti]] == "RAISE_VARARGS"


if __name__ == "__main__":
    main(*sys.argv[1:])
