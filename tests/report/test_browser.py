"""The page in a real browser: what it shows, and that keys alone are enough."""

from dataclasses import replace
from pathlib import Path

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver.common.keys import Keys

from report import page
from report.license_texts import pack
from report.models import Edge, Origin
from tests.report.conftest import NEEDS, SIZES, TEMPLATE, environment
from tests.support.browser import NARROW, WIDE, Browser

TABS = ("overview", "packages", "dependencies", "size", "licenses", "libraries", "builds")
ADDED = ("vulnerabilities", "changes")
VISIBLE_ROWS = "#tree li"


def rows(chromium: Browser) -> list[tuple[int, str]]:
    """Return level and name of the rows of the tree."""
    return [
        (int(row.get_attribute("aria-level") or 0), row.get_attribute("data-name") or "")
        for row in chromium.all(VISIBLE_ROWS)
    ]


def shown_panel(chromium: Browser) -> str:
    return str(chromium.one("[role=tabpanel]:not([hidden])").get_attribute("id"))


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_every_part_is_accessible(
    chromium: Browser, full_page: Path, scheme: str, size: tuple[int, int]
) -> None:
    axe = Axe()
    # Names and roles don't depend on the window.
    options = {} if size == WIDE else {"runOnly": ["color-contrast", "scrollable-region-focusable"]}
    for tab in (*TABS, *ADDED, "package=core"):
        chromium.open(full_page, tab, scheme=scheme, size=size)
        found = axe.run(chromium.driver, options=options)["violations"]
        assert [(tab, one["id"], one["nodes"][0]["html"]) for one in found] == []
        width = chromium.run("return document.documentElement.scrollWidth")
        assert width <= size[0], f"{tab} is {width} wide"


def test_the_overview_counts(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page)
    assert chromium.driver.title == "made <up> · report"
    texts = chromium.texts(".card")
    for wanted in ("3.13Python", "7packages2 asked for", "953 MBinstalled", "1built from source"):
        assert any(text.startswith(wanted) for text in texts), (wanted, texts)
    assert "unknownvulnerabilitiesnot given (--vulnerabilities)" in texts
    assert "winloop 1.0: app needs it only on Windows" in chromium.texts("details li")


def test_projects_are_built_and_packages_of_nixpkgs_are_no_wheels(
    chromium: Browser, tmp_path: Path
) -> None:
    made = environment()
    kinds = {"app": "project", "web": "nixpkgs"}
    packages = tuple(
        replace(one, origin=Origin(kinds[one.name], "")) if one.name in kinds else one
        for one in made.packages
    )
    file = tmp_path / "report.html"
    file.write_text(page.assemble(TEMPLATE, replace(made, packages=packages)), encoding="utf-8")
    chromium.open(file)
    assert "2built from source4 wheels" in chromium.texts(".card")


def test_a_group_may_be_called_others(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    made = replace(environment(), roots={"others": (Edge("app", ()), Edge("lonely", ()))})
    file.write_text(page.assemble(TEMPLATE, made), encoding="utf-8")
    chromium.open(file)
    assert any(text.startswith("7packages2 asked for") for text in chromium.texts(".card"))


def test_an_address_of_no_part_shows_the_first(chromium: Browser, bare_page: Path) -> None:
    # `content` is where the link that skips the tabs leads to.
    for address in ("content", "nothing"):
        chromium.open(bare_page, address)
        assert shown_panel(chromium) == "panel-overview"


def test_an_environment_without_packages_has_a_report(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    nothing = replace(environment(()), roots={}, left_out=(), texts=pack({}).data)
    file.write_text(page.assemble(TEMPLATE, nothing), encoding="utf-8")
    chromium.open(file)
    for tab in chromium.all("[role=tab]"):
        tab.click()
        assert chromium.one("[role=tabpanel]:not([hidden]) h2").text
    assert "0 packages" in chromium.one("#subtitle").text


def test_parts_that_have_nothing_to_say_are_left_out(
    chromium: Browser, bare_page: Path, full_page: Path
) -> None:
    chromium.open(bare_page)
    assert [one.get_attribute("id") for one in chromium.all("[role=tab]")] == [
        f"tab-{tab}" for tab in TABS
    ]
    chromium.open(full_page)
    assert len(chromium.all("[role=tab]")) == len(TABS) + len(ADDED)


def test_arrow_keys_move_between_tabs(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page)
    chromium.one("#tab-overview").send_keys(Keys.ARROW_RIGHT)
    assert (shown_panel(chromium), chromium.focused("id")) == ("panel-packages", "tab-packages")
    chromium.keys(Keys.END)
    assert (shown_panel(chromium), chromium.focused("id")) == ("panel-builds", "tab-builds")
    chromium.keys(Keys.ARROW_RIGHT)
    assert chromium.focused("id") == "tab-overview"
    assert [one.get_attribute("tabindex") for one in chromium.all("[role=tab]")].count("0") == 1


def test_slash_searches_and_the_number_of_matches_is_told(
    chromium: Browser, bare_page: Path
) -> None:
    chromium.open(bare_page)
    chromium.keys("/", "c", "y", "c", "l", "e")
    assert shown_panel(chromium) == "panel-packages"
    assert chromium.texts("#panel-packages tbody th a") == ["cycle-a", "cycle-b"]
    assert chromium.one("#matches").text == "2 packages match “cycle”."
    assert chromium.run("return location.hash") == "#packages&q=cycle"


def test_a_title_sorts_its_table(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "packages")
    size = chromium.all("#panel-packages thead button")[2]
    size.click()
    names = chromium.texts("#panel-packages tbody th a")
    assert names[:3] == ["maths", "web", "core"]
    assert chromium.texts("[aria-sort=descending]") == ["Size"]
    size.click()
    assert chromium.texts("#panel-packages tbody th a")[-3:] == ["core", "web", "maths"]
    assert chromium.texts("[aria-sort=ascending]") == ["Size"]


def test_the_tree_folds_by_keys(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "dependencies")
    chromium.all(".bar button")[1].click()
    assert rows(chromium) == [(1, "app"), (1, "web"), (1, "lonely")]
    chromium.all(VISIBLE_ROWS)[0].send_keys(Keys.ARROW_RIGHT)
    assert rows(chromium)[:3] == [(1, "app"), (2, "web"), (2, "maths")]
    chromium.keys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert chromium.focused("data-name") == "core"
    assert chromium.focused("aria-level") == "3"
    chromium.keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert (chromium.focused("data-name"), chromium.focused("aria-expanded")) == ("web", "false")
    chromium.keys(Keys.END)
    assert chromium.focused("data-name") == "lonely"
    chromium.keys(Keys.HOME, Keys.ENTER)
    assert chromium.texts("#detail-title") == ["app 1.0"]


def test_unfolding_all_shows_each_package_once_and_ends_at_cycles(
    chromium: Browser, bare_page: Path
) -> None:
    chromium.open(bare_page, "dependencies")
    chromium.all(".bar button")[0].click()
    shown = rows(chromium)
    assert {name for _, name in shown} == set(NEEDS)
    # web stands below app with all that it needs; at the top it refers to that.
    assert shown.count((3, "cycle-a")) == 1
    assert (5, "cycle-a") in shown
    assert "↑ a cycle" in "".join(chromium.texts(VISIBLE_ROWS))
    assert "↑ unfolded above" in chromium.texts(VISIBLE_ROWS)[-2]


def test_a_search_in_the_tree_leaves_the_ways_to_what_matches(
    chromium: Browser, bare_page: Path
) -> None:
    chromium.open(bare_page, "dependencies&q=maths")
    assert rows(chromium) == [(1, "app"), (2, "maths")]
    assert chromium.texts("#tree mark") == ["maths"]


def test_the_tree_tells_who_needs_a_package(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "dependencies&q=core")
    chromium.all("input[name=direction]")[1].click()
    assert rows(chromium) == [(1, "core")]
    chromium.all(VISIBLE_ROWS)[0].send_keys(Keys.ARROW_RIGHT)
    assert rows(chromium) == [(1, "core"), (2, "maths"), (2, "web")]


def test_areas_of_the_treemap_are_sizes(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "size")
    chromium.wait("document.querySelector('.cell')")
    areas = dict(
        chromium.run(
            "return [...document.querySelectorAll('.cell')].map((cell) => [cell.dataset.name, "
            "parseFloat(cell.style.width) * parseFloat(cell.style.height) / 10000])"
        )
    )
    total = sum(SIZES.get(name, 500) for name in NEEDS)
    assert sum(areas.values()) == pytest.approx(1, abs=1e-3)
    for name in NEEDS:
        assert areas[name] == pytest.approx(SIZES.get(name, 500) / total, abs=1e-5)


def test_the_treemap_tells_what_is_pointed_at_and_follows_keys(
    chromium: Browser, bare_page: Path
) -> None:
    chromium.open(bare_page, "size")
    chromium.wait("document.querySelector('.cell')")
    first = chromium.all(".cell")[0]
    assert [one.get_attribute("tabindex") for one in chromium.all(".cell")].count("0") == 1
    chromium.run("arguments[0].focus()", first)
    told = "maths 1.0: 900 MB (94.4 %), 7 files, with native code"
    assert chromium.one(".told").text == told
    assert first.get_attribute("aria-label") == told
    chromium.keys(Keys.ARROW_RIGHT)
    assert chromium.focused("data-name") == "web"
    chromium.keys(Keys.ENTER)
    assert chromium.texts("#detail-title") == ["web 1.0"]


def test_licence_texts_unfold(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "licenses&q=app")
    chromium.one("#panel-licenses .text summary").click()
    text = chromium.wait(
        "document.querySelector('.text[open] pre').textContent.length > 1 "
        "&& document.querySelector('.text[open] pre').textContent"
    )
    assert text == "Do what you like.\n</script><b>bold</b>"


def test_licences_group_packages(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "licenses")
    assert chromium.texts(".license > summary") == ["MIT5", "Apache-2.01", "unknown1"]


def test_builds_tell_how_a_source_distribution_is_built(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "builds")
    text = chromium.one("#panel-builds .panel").text
    for wanted in ("core-1.0.tar.gz", "setuptools (80.9.0)", "cython 3.2.9", "zlib.h", "patches"):
        assert wanted in text


def test_vulnerabilities_stand_at_the_package_and_in_a_list(
    chromium: Browser, full_page: Path
) -> None:
    chromium.open(full_page, "vulnerabilities")
    assert chromium.texts("#panel-vulnerabilities tbody th") == ["maths 1.0", "web 1.0", "six 1.0"]
    # An address that isn't one of the web is no link.
    assert [one.text for one in chromium.all("#panel-vulnerabilities td a")] == [
        "OSV-maths",
        "OSV-six",
    ]
    chromium.open(full_page, "package=maths")
    assert "OSV-maths (critical) It leaks. (mended in 1.1)" in chromium.one("#detail .bad").text


def test_changes_are_listed(chromium: Browser, full_page: Path) -> None:
    chromium.open(full_page, "changes")
    assert "Against the last commit: 1 gone, 1 newer." in chromium.one("#panel-changes").text
    assert chromium.texts("#panel-changes tbody tr") == ["appnewer0.91.0", "sixgone1.17.0none"]


def test_a_package_has_an_address_and_escape_leads_back(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "package=core")
    text = chromium.one("#detail").text
    for wanted in ("built from source", "Needed by (2)", "maths (for fast)", "nobody directly"):
        assert wanted in text
    chromium.keys(Keys.ESCAPE)
    assert not chromium.one("#detail").is_displayed()
    chromium.wait("location.hash === '#packages'")
    chromium.all("#panel-packages tbody th a")[0].send_keys(Keys.ENTER)
    assert chromium.texts("#detail-title") == ["app 1.0"]
    chromium.keys(Keys.ESCAPE)
    chromium.wait("document.activeElement.textContent === 'app'")
    chromium.driver.back()
    chromium.wait("document.querySelector('#detail').open")


def test_the_search_is_that_of_the_address(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "packages&q=cycle")
    assert chromium.run("return document.querySelector('#search').value") == "cycle"
    chromium.run("location.hash = 'overview'")
    chromium.wait("document.querySelector('#search').value === ''")
    assert chromium.one("#matches").text == ""
    chromium.driver.back()
    chromium.wait("document.querySelector('#search').value === 'cycle'")
    assert chromium.texts("#panel-packages tbody th a") == ["cycle-a", "cycle-b"]


def test_an_unknown_package_is_told(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "package=nothing%")
    assert chromium.one("#matches").text == "There is no package nothing% here."


def test_the_theme_follows_the_system_until_it_is_chosen(
    chromium: Browser, bare_page: Path
) -> None:
    back = "return getComputedStyle(document.documentElement).backgroundColor"
    chromium.open(bare_page)
    light = chromium.run(back)
    chromium.open(bare_page, scheme="dark")
    dark = chromium.run(back)
    assert light != dark
    switch = chromium.one("#theme")
    switch.click()
    assert (chromium.run(back), switch.text) == (light, "Theme: light")
    chromium.open(bare_page, scheme="dark")
    assert chromium.run(back) == light
    chromium.one("#theme").click()
    chromium.one("#theme").click()
    assert chromium.one("#theme").text == "Theme: auto"


def test_metadata_is_never_run(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, "package=lonely")
    assert chromium.driver.title == "made <up> · report"
    assert "</script><script>" in chromium.one("#detail").text


def test_the_policy_forbids_what_is_not_of_the_page(running: Browser, bare_page: Path) -> None:
    running.open(bare_page)
    running.run(
        "document.body.append(Object.assign(new Image(), { src: 'https://example.org/x.png' }));"
        "document.body.append(Object.assign(document.createElement('script'), "
        "{ textContent: 'document.title = 1' }))"
    )
    running.wait("true")
    assert running.driver.title == "made <up> · report"
    assert all("Content Security Policy" in one for one in running.complaints())


def test_without_scripts_the_packages_are_listed(chromium: Browser, bare_page: Path) -> None:
    chromium.open(bare_page, scripts=False)
    cells = [row.text for row in chromium.all("noscript tbody tr")]
    assert len(cells) == len(NEEDS)
    assert "maths 1.0 900,000,000 B MIT" in cells
