"""The order of what needs each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lock.builds.graph import topological_order


class CircleError(Exception):
    pass


def order(needs, *roots):
    return topological_order(
        roots, lambda node: needs.get(node, ()), lambda nodes: CircleError([*nodes])
    )


def test_what_is_needed_comes_first_and_once():
    assert order({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, "a", "c") == ["d", "b", "c", "a"]


def test_what_no_root_needs_is_not_there():
    assert order({"b": ["a"]}, "a") == ["a"]


@pytest.mark.parametrize(
    ("needs", "circle"),
    [
        ({"a": ["a"]}, ["a"]),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ["b", "c"]),
    ],
)
def test_a_circle_is_told_without_what_leads_to_it(needs, circle):
    with pytest.raises(CircleError) as told:
        order(needs, "a")
    assert told.value.args == (circle,)


@given(st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9))), st.sets(st.integers(0, 9)))
def test_every_order_has_each_node_after_what_it_needs(needs, roots):
    # Only to smaller numbers, so that there is no circle.
    smaller = {node: sorted(n for n in found if n < node) for node, found in needs.items()}
    found = order(smaller, *sorted(roots))
    assert len(found) == len({*found})
    assert roots <= {*found}
    for place, node in enumerate(found):
        assert {*smaller.get(node, ())} <= {*found[:place]}
