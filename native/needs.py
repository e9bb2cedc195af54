"""Say which libraries the ELF files of a package need of others, and which they give."""

import re
from collections.abc import Collection, Iterable, Sequence
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
# The folders of plugins, which a framework opens by itself when it wants them, as Qt does; one kind
# of them is opened by every program with a window.
PLUGIN_FOLDERS = frozenset({"plugins", "qml"})
NEEDED_PLUGINS = frozenset({"platforms"})


def exported_sonames(files: Iterable[Elf]) -> frozenset[str]:
    """Return the names by which other packages may need the libraries among some files."""
    names = {file.soname or basename(file.path) for file in files}
    return frozenset(name for name in names if SHARED_LIBRARY.fullmatch(name))


def needed_sonames(files: Sequence[Elf], names: Collection[str]) -> frozenset[str]:
    """Return the libraries that a package needs of others: libc's, drivers', expected ones aside.

    `names` are those of all its files: a library among them counts as found, wherever it is.
    """
    own = {*names, *(file.soname for file in files if file.soname)}
    return frozenset(
        soname
        for file in files
        if not is_plugin(file.path)
        for soname in file.needed
        if soname not in own
        and soname not in EXPECTED
        and not LIBC_LIBRARY.fullmatch(soname)
        and not DRIVER_LIBRARY.fullmatch(soname)
    )


def is_plugin(path: str) -> bool:
    """Return whether a file is a plugin that no import loads by itself.

    Extension modules in folders of these names are none: their names don't begin as libraries' do.
    """
    folders = dirname(path).split("/")
    return (
        basename(path).startswith("lib")
        and not PLUGIN_FOLDERS.isdisjoint(folders)
        and NEEDED_PLUGINS.isdisjoint(folders)
    )
