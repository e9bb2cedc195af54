"""The headers that sources include are found, but for other platforms' and unknown ones."""

import pytest

from native.includes import headers_of_c, headers_of_cython, headers_of_python


@pytest.mark.parametrize(
    "text",
    [
        "#include <pcap.h>\n",
        '  #  include "pcap.h"\n',
        "#include <../pcap.h>\n",
        "#ifndef _WIN32\n#include <pcap.h>\n#endif\n",
        "#ifdef _WIN32\n#include <winsock.h>\n#else\n#include <pcap.h>\n#endif\n",
        "#if defined(__APPLE__) || \\\n    defined(_WIN32)\n#else\n#include <pcap.h>\n#endif\n",
        "#if USE_PCAP\n#include <pcap.h>\n#endif\n",
        "#ifdef _WIN32\n#endif\n#include <pcap.h>\n",
        "#elif X\n#endif\n#include <pcap.h>\n",
    ],
)
def test_an_include_that_holds_on_linux_counts(text: str) -> None:
    assert headers_of_c(text) == {"pcap.h"}


@pytest.mark.parametrize(
    "text",
    [
        "#include <stdio.h>\n",
        "#include <linux/if.h>\n#include <libintl.h>\n",
        "/*\n#include <pcap.h>\n*/\n",
        "// #include <pcap.h>\n",
        "#ifdef _WIN32\n#include <pcap.h>\n#endif\n",
        "#ifdef __linux__\n#else\n#include <pcap.h>\n#endif\n",
        "#if defined(__linux__)\n#elif X\n#include <pcap.h>\n#endif\n",
        "#ifdef __APPLE__\n#ifdef X\n#include <pcap.h>\n#endif\n#endif\n",
        "#if 0\n#include <pcap.h>\n#endif\n",
    ],
)
def test_another_include_does_not(text: str) -> None:
    assert headers_of_c(text) == set()


def test_an_include_below_a_feature_that_nothing_switches_on_does_not_count() -> None:
    text = "#ifdef USE_PCAP\n#include <pcap.h>\n#endif\n"
    assert headers_of_c(text, never={"USE_PCAP"}) == set()


def test_cython_declares_headers() -> None:
    text = """cdef extern from "pcap.h" nogil:
    pass
cdef extern from '<re2/re2.h>' namespace "re2":
    pass
cdef extern from *:
    \"\"\"
    #include <yaml.h>
    \"\"\"
cdef extern from "mine.h":
    pass
"""
    assert headers_of_cython(text) == {"pcap.h", "re2/re2.h", "yaml.h"}


def test_python_has_c_code_in_texts() -> None:
    text = 'ffi.set_source("_x", """\n#include <pcap.h>\n""", libraries=["pcap"])\n'
    assert headers_of_python(text) == {"pcap.h"}
    assert headers_of_python("# #include <pcap.h>\nx = 1\n") == set()
    assert headers_of_python("print '#include <pcap.h>'\n") == set()
