"""The builder refuses a wheel that isn't for the interpreter of the environment."""

import pytest

from builder.errors import BuildError
from builder.wheel_tags import check_tags

PYTHONS = ("3.14", "3.14t", "3.15", "3.15t", "3.16", "3.16t")
# The tags of a wheel's interpreter and ABI → the Pythons that it fits: the table of PEP 803.
FITTING = {
    "cp314-cp314": ("3.14",),
    "cp314-cp314t": ("3.14t",),
    "cp314-abi3": ("3.14", "3.15", "3.16"),
    "cp314-abi3t": ("3.14t", "3.15t", "3.16t"),
    "cp314-abi3.abi3t": PYTHONS,
    "cp315-cp315": ("3.15",),
    "cp315-cp315t": ("3.15t",),
    "cp315-abi3": ("3.15", "3.16"),
    "cp315-abi3t": ("3.15t", "3.16t"),
    "cp315-abi3.abi3t": ("3.15", "3.15t", "3.16", "3.16t"),
    # PEP 425.
    "py3-none": PYTHONS,
    "py2.py3-none": PYTHONS,
    "py315-none": ("3.15", "3.15t", "3.16", "3.16t"),
    "cp315-none": ("3.15", "3.15t"),
    "py2-none": (),
    "cp38.cp314-abi3.cp314": ("3.14", "3.15", "3.16"),
    "pp311-pypy311_pp73": (),
    "graalpy311-graalpy242_311_native": (),
}


@pytest.mark.parametrize(("tags", "fitting"), FITTING.items(), ids=FITTING)
def test_a_wheel_fits_the_pythons_of_its_tags(tags: str, fitting: tuple[str, ...]) -> None:
    taken = []
    for python in PYTHONS:
        try:
            check_tags(f"a-1.0-1-{tags}-manylinux_2_17_x86_64.whl", python, "glibc", "lock again")
            taken.append(python)
        except BuildError as error:
            expected = f"doesn't fit Python {python}: it is built for {tags}; lock again"
            assert str(error).endswith(expected)
    assert taken == [*fitting]


def test_a_name_that_is_no_wheel_s_is_left_to_others() -> None:
    check_tags("demo.whl", "3.14", "glibc", "lock again")
