"""Read pages of an index and parse them: what `lock outdated` can hardly do without.

Arguments: the value of the header Accept, how many to read at a time, and a file of addresses.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import urllib3


def main() -> None:
    """Read the pages; nothing is printed."""
    accept, count, addresses = sys.argv[1:]
    headers = {"Accept": accept, "Accept-Encoding": "gzip"}
    with (
        urllib3.PoolManager(maxsize=int(count), headers=headers) as client,
        ThreadPoolExecutor(int(count)) as pool,
    ):
        for _page in pool.map(
            lambda address: json.loads(client.request("GET", address).data),
            Path(addresses).read_text("utf-8").split(),
        ):
            pass


if __name__ == "__main__":
    main()
