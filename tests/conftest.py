"""What all tests share: the large ones run only when asked for."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--large", action="store_true", help="run what downloads gigabytes, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--large"):
        return
    large = [item for item in items if item.get_closest_marker("large") is not None]
    config.hook.pytest_deselected(items=large)
    items[:] = [item for item in items if item not in large]
