"""Which proxy is asked, as the environment says."""

from urllib.parse import urlsplit

import pytest

from lock.errors import UsageError
from lock.io.proxies import proxy_for, proxy_variable

INDEX = "https://index.corp.example/simple/"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "", "ALL_PROXY": ""}, None),
        ({"HTTP_PROXY": "http://a"}, None),
        ({"HTTPS_PROXY": "http://a", "ALL_PROXY": "http://b"}, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "http://a", "https_proxy": "http://b"}, "https_proxy"),
        ({"all_proxy": "http://a"}, "all_proxy"),
        ({"ALL_PROXY": "http://a", "NO_PROXY": "corp.example"}, None),
        ({"ALL_PROXY": "http://a", "no_proxy": "localhost, .example"}, None),
        ({"ALL_PROXY": "http://a", "NO_PROXY": "*"}, None),
        ({"ALL_PROXY": "http://a", "NO_PROXY": "orp.example,,"}, "ALL_PROXY"),
    ],
)
def test_the_variable_that_decides_is_found(
    environment: dict[str, str], expected: str | None
) -> None:
    assert proxy_variable(urlsplit(INDEX), environment) == expected


def test_each_scheme_has_its_own_proxy() -> None:
    environment = {"HTTP_PROXY": "a.example:3128", "ALL_PROXY": "http://b.example"}
    assert proxy_for(INDEX, environment) == "http://b.example"
    assert proxy_for(INDEX.replace("https", "http"), environment) == "http://a.example:3128"
    assert proxy_for(INDEX, {}) == ""


def test_a_proxy_that_speaks_no_http_is_refused() -> None:
    with pytest.raises(
        UsageError, match=r"ALL_PROXY names a proxy that speaks socks5; .*HTTPS_PROXY"
    ):
        proxy_for(INDEX, {"ALL_PROXY": "socks5://a.example"})
