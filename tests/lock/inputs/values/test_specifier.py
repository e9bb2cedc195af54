"""Specifiers in Poetry's and in PEP 440's words, in PEP 440's form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from lock.inputs.values.specifier import SpecifierError, translate

RELEASES = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(tuple)


def text(release):
    return ".".join(map(str, release))


# The tables in Poetry's documentation of dependency specification.
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("^1.2.3", ">=1.2.3,<2"),
        ("^1.2", ">=1.2,<2"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("*", ""),
        ("1.*", "==1.*"),
        ("1.2.*", "==1.2.*"),
        (">= 1.2.0", ">=1.2.0"),
        (">1", ">1"),
        ("<2", "<2"),
        ("!=1.2.3", "!=1.2.3"),
        (">=1.2,<1.5", ">=1.2,<1.5"),
        ("==1.2.3", "==1.2.3"),
        ("1.2.3", "==1.2.3"),
    ],
)
def test_poetrys_documented_examples(written, expected):
    assert translate(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        ("  ", ""),
        ("==*", ""),
        ("*, >=1", ">=1"),
        ("~=1.4.2", "~=1.4.2"),
        ("===1.0", "===1.0"),
        ("== 1.2.*", "==1.2.*"),
        ("=1.2", "==1.2"),
        (">=1 <2", ">=1,<2"),
        (">=1,<2,", ">=1,<2"),
        (">=1,>=1", ">=1"),
        ("^1.2, !=1.3.0", ">=1.2,<2,!=1.3.0"),
        ("^1.2.0b1", ">=1.2.0b1,<2"),
        ("~2.0rc1", ">=2.0rc1,<2.1"),
        ("^1!2.3", ">=1!2.3,<1!3"),
        ("1!2.3", "==1!2.3"),
        ("1.0+cpu", "==1.0+cpu"),
        ("0.910", "==0.910"),
        ("2020.12.5", "==2020.12.5"),
        ("^0.0.0.3", ">=0.0.0.3,<0.0.1"),
    ],
)
def test_other_forms(written, expected):
    assert translate(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "^",
        "~",
        "^x",
        "^1.2.*",
        "~1.*",
        "^*",
        ">=*",
        ">=1.2.*",
        "~=1",
        "~>1.2",
        ">=1.0+cpu",
        "^1.0+cpu",
        "=>1",
        ">=",
        "latest",
        "1.2;",
        "1.2.3.",
        "@ https://example.org/x.whl",
        "===anything",
        "===1.2.*",
        f"=={2**63}",
        f"^{2**63}!1",
        f">=1rc{2**63}",
        f">=1.post{2**63}",
        f">=1.dev{2**63}",
        f"1+cpu.{2**63}",
        ",1.0",
        "1.*.3",
    ],
)
def test_what_is_no_specifier_is_refused_with_advice(written):
    with pytest.raises(SpecifierError, match="; write"):
        translate(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("^1 || ^2", ">=1,<3"),
        ("^1|^3", ">=1,<4,!=2.*"),
        ("^3 || ^1", ">=1,<4,!=2.*"),
        ("^0.2 || ^0.5", ">=0.2,<0.6,!=0.3.*,!=0.4.*"),
        ("^1.2 || ^2.2", ">=1.2,<3,!=2.0.*,!=2.1.*"),
        # As Poetry writes `!=0.40.0,!=0.41.*,!=0.42.*`.
        (
            ">=0.32.0,<0.40.0 || >0.40.0,<0.41.dev0 || >=0.43.dev0",
            ">=0.32,!=0.41.*,!=0.42.*,!=0.40.0",
        ),
        ("<1 || >=1", ""),
        ("<2 || >2", "!=2"),
        ("^1 || *", ""),
        ("==1.* || ==2.*", ">=1,<3"),
        ("1.4 || ^1", ">=1,<2"),
        ("^1 || <=2", "<=2"),
        ("1.4 || 1.4.0", "==1.4"),
        ("~=1.4 || >=3", ">=1.4,!=2.*"),
        ("!=1.5.*,^1 || ^3", ">=1,<4,!=1.5.*,!=2.*"),
    ],
)
def test_alternatives_become_one_range_with_gaps(written, expected):
    assert translate(written) == expected


@pytest.mark.parametrize("written", ["1 || 2", ">=1,<1.5 || >=3", "<=1 || >=2", "^1.0a1 || ^3.0b1"])
def test_alternatives_that_one_specifier_can_t_say_are_refused(written):
    with pytest.raises(SpecifierError, match=r"the gaps between .*; write one range"):
        translate(written)


CLAUSES = st.builds(
    "{}{}".format, st.sampled_from(["^", "~", ">=", "<", ">", "<=", "==", "!="]), RELEASES.map(text)
) | RELEASES.map(lambda release: f"=={text(release)}.*")
RANGES = st.lists(CLAUSES, min_size=1, max_size=2).map(",".join)


@given(st.lists(RANGES, min_size=2, max_size=3), st.lists(RELEASES, min_size=4))
def test_alternatives_allow_what_one_of_them_allows(written, candidates):
    try:
        joined = translate(" || ".join(written))
    except SpecifierError:
        return
    allowed = SpecifierSet(joined)
    for candidate in map(text, candidates):
        expected = any(SpecifierSet(one).contains(candidate) for one in map(translate, written))
        assert allowed.contains(candidate) == expected, (joined, candidate)


@given(RELEASES, RELEASES)
def test_caret_keeps_the_leftmost_number_that_is_not_zero(wanted, candidate):
    """Poetry: an update may not modify the left-most non-zero digit of major, minor, patch."""
    padded = (*candidate, 0, 0, 0, 0)[:4]
    leading = wanted[:3]
    fixed = next((i for i, number in enumerate(leading) if number), len(leading) - 1)
    same = padded[: fixed + 1] == (*wanted, 0, 0, 0)[: fixed + 1]
    expected = same and padded >= (*wanted, 0, 0, 0)[:4]
    assert SpecifierSet(translate(f"^{text(wanted)}")).contains(text(candidate)) == expected


@given(RELEASES, RELEASES)
def test_tilde_keeps_major_and_minor_as_far_as_they_are_written(wanted, candidate):
    padded = (*candidate, 0, 0, 0, 0)[:4]
    fixed = min(2, len(wanted))
    expected = padded[:fixed] == wanted[:fixed] and padded >= (*wanted, 0, 0, 0)[:4]
    assert SpecifierSet(translate(f"~{text(wanted)}")).contains(text(candidate)) == expected


@given(RELEASES, RELEASES)
def test_a_bare_version_means_that_version_alone(wanted, candidate):
    expected = Version(text(wanted)) == Version(text(candidate))
    assert SpecifierSet(translate(text(wanted))).contains(text(candidate)) == expected


@given(
    st.text(st.sampled_from("0123456789.*^~=<>!,ab +|-"), max_size=16)
    | st.text(max_size=16)
    | st.from_regex(r"\A[~^=<>!]{0,3} ?[0-9]{1,3}(\.[0-9]{1,3}|\.\*|a1|rc2|\.dev0|\.post1){0,4}\Z")
)
def test_any_text_gives_a_specifier_or_a_clear_refusal(written):
    try:
        specifier = translate(written)
    except SpecifierError as error:
        assert "; " in str(error)
    else:
        SpecifierSet(specifier)
        assert translate(specifier) == specifier
