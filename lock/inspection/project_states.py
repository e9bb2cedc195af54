"""What indexes say of projects whose versions aren't found: they may be quarantined (PEP 792)."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from lock.errors import UsageError
from lock.inspection import simple_index
from lock.io.offline import check_online
from lock.models.requirements import Index
from lock.resolution import default_index

# So many projects are asked for; the first of a message matter.
MOST = 5


def described(
    names: Collection[str], environment: Mapping[str, str], indexes: Sequence[Index]
) -> list[str]:
    """Return a line for each of some projects that an index doesn't call active.

    `indexes` are those that the requirements name. One that doesn't answer says nothing, and none
    is asked while uv is offline.
    """
    urls = [index.url for index in indexes if not index.flat]
    if not any(index.default for index in indexes):
        urls.append(default_index.address(environment))
    asked = dict.fromkeys(url for url in urls if url.startswith(("https://", "http://")))
    return [
        line
        for name in sorted(names)[:MOST]
        for url in asked
        for line in _described(name, url, environment, indexes)
    ]


def _described(
    name: str, url: str, environment: Mapping[str, str], indexes: Sequence[Index]
) -> Iterator[str]:
    try:
        check_online(url, environment)
        page = simple_index.read(url, name, environment, indexes)
    except UsageError:
        return
    if page.status:
        yield f"{name} is {page.state} (says its index)"
