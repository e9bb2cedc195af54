"""Say which libraries the ELF files of a package need of others, and which they give."""

import re
from collections.abc import Iterable
from posixpath import basename, dirname

from native.elf import Elf

# The libraries of libc. The program interpreter of every Python finds those.
LIBC_LIBRARY = re.compile(
    r"(ld-linux.*|ld-musl-\w+|libc\.musl-\w+|libc|libm|libmvec|libpthread|libdl|librt|libutil"
    r"|libresolv|libanl|libBrokenLocale|libthread_db|libnss_\w+)\.so\.\d+"
)
# The libraries of a graphics driver. They must match the kernel module of the running system.
DRIVER_LIBRARY = re.compile(
    r"lib(cuda|nvcuvid|nvoptix|nvidia-[\w-]+|GLX_nvidia|EGL_nvidia|amdcuda|ze_intel_gpu)\.so(\.\d+)*"
)

# Other packages may need a shared library, but never an extension module.
SHARED_LIBRARY = re.compile(r"lib.+\.so(\.[\w.-]+)?")
# Those of the names of modules that begin as libraries' do have a tag of an ABI (PEP 3149 and 803);
# since Python 3.15 that of the stable ABI may name the platform, too.
EXTENSION_MODULE = re.compile(r"(?!lib)\w+\.so|\w+\.(cpython-\d+t?-[\w-]+|abi3t?(-[\w-]+)?)\.so")

# What every wheel may expect of a system (PEP 600): environments have it without being asked.
EXPECTED = frozenset(
    {
        "libGL.so.1",
        "libICE.so.6",
        "libSM.so.6",
        "libX11.so.6",
        "libXext.so.6",
        "libXrender.so.1",
        "libatomic.so.1",
        "libexpat.so.1",
        "libgcc_s.so.1",
        "libglib-2.0.so.0",
        "libgobject-2.0.so.0",
        "libgomp.so.1",
        "libgthread-2.0.so.0",
        "libstdc++.so.6",
        "libxcb.so.1",
        "libz.so.1",
    }
)
# The folders of plugins, which a framework opens by itself when it wants them, as Qt does; those of
# one kind are opened by every program with a window.
PLUGIN_FOLDERS = frozenset({"plugins", "qml"})
NEEDED_PLUGINS = frozenset({"platforms"})


def exported_sonames(files: Iterable[Elf]) -> frozenset[str]:
    """Return the names by which other packages may need the libraries among some files."""
    names = {file.soname or basename(file.path) for file in files}
    return frozenset(name for name in names if SHARED_LIBRARY.fullmatch(name))


def is_promised(soname: str) -> bool:
    """Return whether every system has a library: libc's, expected ones, and drivers'."""
    return (
        soname in EXPECTED
        or LIBC_LIBRARY.fullmatch(soname) is not None
        or DRIVER_LIBRARY.fullmatch(soname) is not None
    )


def is_plugin(path: str) -> bool:
    """Return whether a file is a plugin that no import loads by itself.

    Extension modules in folders of these names are none: their names don't begin as libraries' do.
    """
    folders = dirname(path).split("/")
    return _is_in_plugin_folder(path) and NEEDED_PLUGINS.isdisjoint(folders)


def is_loaded_by_itself(elf: Elf) -> bool:
    """Return whether a file is loaded though no other one needs it.

    Such are extension modules, programs, and the plugins that every program with a window opens.
    """
    if _is_in_plugin_folder(elf.path):
        return not is_plugin(elf.path)
    name = basename(elf.path)
    return elf.interpreter is not None or EXTENSION_MODULE.fullmatch(name) is not None


def _is_in_plugin_folder(path: str) -> bool:
    is_library = basename(path).startswith("lib")
    return is_library and not PLUGIN_FOLDERS.isdisjoint(dirname(path).split("/"))
