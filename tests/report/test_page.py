"""The page holds its data so that it can't be taken for anything else."""

import base64
import hashlib
import re
from pathlib import Path

from report import page
from tests.report.conftest import ATTACK, environment


def test_the_data_comes_back(bare_page: Path) -> None:
    data = page.read_environment(bare_page.read_text(encoding="utf-8"))
    assert data["name"] == "made <up>"
    [lonely] = [one for one in data["packages"] if one["name"] == "lonely"]
    assert lonely["summary"] == ATTACK


def test_metadata_ends_no_element(bare_page: Path) -> None:
    text = bare_page.read_text(encoding="utf-8")
    assert ATTACK not in text
    assert text.count("</script>") == text.count("<script") == 4


def test_the_policy_names_the_style_and_the_script(bare_page: Path) -> None:
    text = bare_page.read_text(encoding="utf-8")
    for element in ("style", "script"):
        found = re.search(rf"<{element}(?: type=\"module\")?>(.*?)</{element}>", text, re.DOTALL)
        assert found
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text


def test_the_page_names_no_place_to_load_from(bare_page: Path) -> None:
    markup = re.sub(
        r"<script.*?</script>", "", bare_page.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert not re.search(r"\b(?:src|url\(|@import|<link)", re.sub(r"[a-z]+-src ", "", markup))


def test_a_report_is_known_from_other_files(bare_page: Path, tmp_path: Path) -> None:
    assert page.is_report(bare_page)
    other = tmp_path / "other.html"
    other.write_text("<html></html>")
    assert not page.is_report(other)


def test_what_is_added_leaves_the_rest(bare_page: Path) -> None:
    before = bare_page.read_text(encoding="utf-8")
    after = page.add(before, "changes", {"against": "</script>", "changes": []})
    assert page.read_environment(after) == page.read_environment(before)
    assert after.replace('{"against":"\\u003c/script>","changes":[]}', "null") == before


def test_halves_of_characters_are_replaced(bare_page: Path) -> None:
    before = bare_page.read_text(encoding="utf-8")
    after = page.add(before, "changes", {"against": "\udcff.yaml", "changes": []})
    assert b'{"against":"?.yaml","changes":[]}' in after.encode("utf-8")


def test_the_page_is_the_same_each_time(bare_page: Path) -> None:
    template = page.read_folder(Path(page.__file__).parent / "page")
    assert page.assemble(template, environment()) == bare_page.read_text(encoding="utf-8")
