"""Finds the proxies in the user's environment, as uv and curl do."""

from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from lock.errors import UsageError


def proxy_variable(address: SplitResult, environment: Mapping[str, str]) -> str | None:
    """Return the name of the variable whose proxy is used for a URL; None without one."""
    exempt = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    ends = [end.strip().lstrip(".") for end in exempt.split(",") if end.strip()]
    if any(end == "*" or f".{address.hostname}".endswith(f".{end}") for end in ends):
        return None
    names = (f"{address.scheme}_proxy", "all_proxy")
    both = (each for name in names for each in (name, name.upper()))
    return next((each for each in both if environment.get(each)), None)


def proxies_for(url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return, by scheme, the proxy for the host of a URL.

    Raises UsageError for a proxy that doesn't speak HTTP.
    """
    found = {}
    for scheme in ("http", "https"):
        name = proxy_variable(urlsplit(url)._replace(scheme=scheme), environment)
        if name is None:
            continue
        proxy = environment[name] if "://" in environment[name] else f"http://{environment[name]}"
        kind = urlsplit(proxy).scheme
        if kind not in ("http", "https"):
            raise UsageError(
                f"{url}: {name} names a proxy that speaks {kind}; files are downloaded through "
                f"HTTP proxies only, so set {scheme.upper()}_PROXY to one"
            )
        found[scheme] = proxy
    return found
