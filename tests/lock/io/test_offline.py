"""Being offline is what uv takes its variable for."""

import pytest

from lock.errors import UsageError
from lock.io.offline import check_online


@pytest.mark.parametrize("value", ["1", "true", "Yes", "on"])
def test_offline_nothing_is_downloaded(value: str) -> None:
    with pytest.raises(UsageError, match=r"x-1[.]whl: it isn't downloaded while uv is offline"):
        check_online("x-1.whl", {"UV_OFFLINE": value})


@pytest.mark.parametrize("variables", [{}, *({"UV_OFFLINE": one} for one in ("", "0", "False"))])
def test_otherwise_it_is(variables: dict[str, str]) -> None:
    check_online("x-1.whl", variables)
