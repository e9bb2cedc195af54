"""Drive Chromium without a window: what a page says, its console, and what it asks the network."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.remote.webelement import WebElement

# A browser of root has no sandbox of its own, and a container may have a small /dev/shm.
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
LOGS = {"browser": "ALL", "performance": "ALL"}
WIDE, NARROW = (1280, 900), (390, 800)


@dataclass(frozen=True)
class Browser:
    """A running Chromium."""

    driver: webdriver.Chrome

    def open(
        self,
        page: Path,
        fragment: str = "",
        *,
        scheme: str = "light",
        size: tuple[int, int] = WIDE,
        scripts: bool = True,
    ) -> None:
        """Open a page anew, as a person with this colour scheme and window does."""
        self.driver.get("about:blank")
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.command("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.command("Emulation.setEmulatedMedia", {"features": features})
        self.command("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        self._log("browser")
        self._log("performance")
        self.driver.get(f"{page.as_uri()}{f'#{fragment}' if fragment else ''}")

    def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Give a command of the DevTools protocol."""
        result: dict[str, Any] = self.driver.execute_cdp_cmd(name, arguments)
        return result

    def all(self, selector: str) -> list[WebElement]:
        """Return the elements that a CSS selector finds."""
        found: list[WebElement] = self.driver.find_elements("css selector", selector)
        return found

    def one(self, selector: str) -> WebElement:
        """Return the one element that a CSS selector finds."""
        [element] = self.all(selector)
        return element

    def texts(self, selector: str) -> list[str]:
        """Return the texts of elements, hidden ones included."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)",
            selector,
        )
        return found

    def keys(self, *keys: str) -> None:
        """Press keys, one after another, where the focus is."""
        chain = ActionChains(self.driver, duration=0)
        for key in keys:
            chain.send_keys(key)
        chain.perform()

    def run(self, script: str, *arguments: object) -> Any:
        """Run JavaScript, and return what it returns."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, script: str, *arguments: object) -> Any:
        """Return what an expression of JavaScript gives, once that is true; at most 10 s later."""
        return self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            f"const check = () => {{ const value = {script};"
            "value ? done(value) : setTimeout(check, 20); }; check();",
            *arguments,
        )

    def focused(self, attribute: str) -> str | None:
        """Return an attribute of the focused element."""
        value: str | None = self.driver.switch_to.active_element.get_attribute(attribute)
        return value

    def complaints(self) -> list[str]:
        """Return the errors and warnings of the console since the page was opened."""
        return [entry["message"] for entry in self._log("browser")]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for since the page was opened."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def _log(self, kind: str) -> list[dict[str, Any]]:
        """Return the entries of a log since it was read last."""
        driver: Any = self.driver
        entries: list[dict[str, Any]] = driver.get_log(kind)
        return entries


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium, and end it. Raises AssertionError where it isn't installed."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    assert chromium and chromedriver, "install Debian's chromium and chromium-driver"
    options = Options()
    options.binary_location = chromium
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", LOGS)
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    driver.set_script_timeout(10)
    try:
        yield Browser(driver)
    finally:
        driver.quit()
