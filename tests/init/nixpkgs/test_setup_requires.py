import pytest

from init.nixpkgs.setup_requires import of_files


@pytest.mark.parametrize(
    ("setup_py", "setup_cfg", "expected"),
    [
        ("from setuptools import setup\nsetup(setup_requires=['pbr>=2', 'Cython'])", "", 2),
        ("needed = ('cffi',)\nsetup(setup_requires=needed)", "", 1),
        ("setup(setup_requires='setuptools_scm')", "", 1),
        ("", "[options]\nsetup_requires =\n    setuptools_scm\n    wheel>=0.3\n", 2),
        ("setup(setup_requires=['pytest-runner'])", "", 0),
        ("setup(setup_requires=needed())", "", 0),
        ("def broken(", "[broken", 0),
        ("setup(setup_requires=['no requirement!'])", "", 0),
    ],
)
def test_setuptools_files_name_what_a_build_requires(
    setup_py: str, setup_cfg: str, expected: int
) -> None:
    assert len(of_files(setup_py, setup_cfg)) == expected


def test_names_are_normalized() -> None:
    assert [one.name for one in of_files("setup(setup_requires=['Setuptools_SCM'])", "")] == [
        "setuptools-scm"
    ]
