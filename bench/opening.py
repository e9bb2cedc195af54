"""Measure a report on an environment: its size, and how long a browser takes to show it."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from bench.build import salted_arguments
from bench.nix import Nix
from bench.running import output
from bench.table import Row
from tests.support.browser import browser

# Of the page that opens: when it has run its script, and when it is drawn first (milliseconds).
TIMES = """
const [navigation] = performance.getEntriesByType("navigation");
const [paint] = performance.getEntriesByName("first-contentful-paint");
return paint ? [navigation.loadEventEnd, paint.startTime] : null;
"""
# What a click on each part takes until it is drawn (milliseconds), by the part's title.
PARTS = """
const done = arguments[0];
const drawn = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
(async () => {
  const times = [];
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const start = performance.now();
    tab.click();
    await drawn();
    times.push([tab.id.slice(4), performance.now() - start]);
  }
  done(times);
})();
"""


def rows(nix: Nix, scratch: Path, runs: int, name: str) -> Iterator[Row]:
    """Measure the report of a set; its packages are built, unless builds of the set were."""
    arguments = salted_arguments(scratch, name)
    page = Path(output(nix.build("environment.htmlReport", *arguments)).strip())
    yield Row(f"report, {name}", "MB", page.stat().st_size / 1e6, goal=3)
    with browser() as chromium:
        opened, parts = [], []
        for _ in range(runs):
            chromium.open(page)
            chromium.wait(f"(() => {{ {TIMES} }})()")
            opened.append(max(chromium.run(TIMES)) / 1000)
            parts.append(chromium.driver.execute_async_script(PARTS))
    yield Row(f"report opened, {name}", "s", statistics.median(opened), goal=2)
    slowest = max(max(milliseconds for _, milliseconds in times) for times in parts)
    yield Row(f"slowest part shown, {name}", "s", slowest / 1000)
