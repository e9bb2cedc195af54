"""Finds the proxies in the user's environment, as uv and curl do."""

import sys
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


def proxy_for(url: str, environment: Mapping[str, str]) -> str:
    """Return the address of the proxy for a URL; empty for none.

    Without one in the environment, the settings of macOS apply. Raises UsageError for a proxy that
    doesn't speak HTTP.
    """
    address = urlsplit(url)
    name = proxy_variable(address, environment)
    if name is None:
        return _of_system(address, environment)
    proxy = environment[name] if "://" in environment[name] else f"http://{environment[name]}"
    kind = urlsplit(proxy).scheme
    if kind not in ("http", "https"):
        raise UsageError(
            f"{url}: {name} names a proxy that speaks {kind}; files are downloaded through "
            f"HTTP proxies only, so set {address.scheme.upper()}_PROXY to one"
        )
    return proxy


def _of_system(address: SplitResult, environment: Mapping[str, str]) -> str:
    """Return the proxy that the system's settings name; empty for none."""
    if sys.platform != "darwin" or any(name.lower().endswith("_proxy") for name in environment):
        return ""
    # Imported here because only macOS has such settings.
    from urllib import request

    if request.proxy_bypass(address.hostname or ""):
        return ""
    return request.getproxies().get(address.scheme, "")
