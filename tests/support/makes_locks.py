"""Lock files as Makes writes them."""

from collections.abc import Mapping
from typing import Any


def as_makes(lock: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data that Makes would have locked: no systems, dependencies or builds."""
    links = [{key: link[key] for key in ["name", "sha256", "url"]} for link in lock["links"]]
    return {"closure": lock["closure"], "links": links, "python": lock["python"]}
