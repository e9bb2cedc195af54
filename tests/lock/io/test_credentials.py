"""Names and passwords in addresses."""

import pytest

from lock.io.credentials import redact, strip_credentials


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://host/a@b", "https://host/a@b"),
        ("https://user:pass@host:8080/a?b#c", "https://host:8080/a?b#c"),
        ("https://user%40corp@host/", "https://host/"),
        ("https://a:b@c@host/", "https://host/"),
        ("file:///a/b", "file:///a/b"),
    ],
)
def test_an_address_loses_its_user(url: str, expected: str) -> None:
    assert strip_credentials(url) == expected


def test_a_text_loses_the_users_of_its_addresses() -> None:
    told = "`https://me:secret@host/simple/` and http://me@host, but x@y.z and ssh://host/a@b stay"
    assert redact(told) == (
        "`https://host/simple/` and http://host, but x@y.z and ssh://host/a@b stay"
    )
