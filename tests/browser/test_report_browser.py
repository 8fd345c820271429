"""The report and the explain page in a real browser, offline: they load nothing, run nothing and fit a phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from tests.report_examples import (
    HOSTILE,
    bridge_page,
    hostile_page,
    hostile_report,
    index_page,
    large_report,
    warned_report,
)
from warehouse.report.explain import explain_html
from warehouse.report.report import report_of

pytest.importorskip("playwright", reason="NO PLAYWRIGHT: the pages were NOT tried in a browser")
from axe_playwright_python.sync_playwright import Axe  # after the check that it is there
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PAGES = {
    "report": lambda: report_of(warned_report())[0],
    "hostile report": lambda: report_of(hostile_report())[0],
    "large report": lambda: report_of(large_report())[0],
    "index": lambda: index_page(["command", "watch"] * 20),
    "hostile index": lambda: index_page(HOSTILE),
    "explain": lambda: explain_html(bridge_page()),
    "hostile explain": lambda: explain_html(hostile_page()),
}
DANGERS = "script, img, iframe, object, embed, form, base, [onerror], [onload], [onclick], [onmouseover], [style]"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="NO CHROMIUM: the pages were NOT tried in a browser (apt-get install chromium)"
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_page_is_quiet_and_fits(
    browser: Browser, tmp_path: Path, name: str, scheme: Literal["light", "dark"], width: int
) -> None:
    html = PAGES[name]()
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    title = page.title()
    for details in page.locator("details").all()[:20]:
        details.evaluate("element => { element.open = true }")
    page.mouse.move(width / 2, 400)  # over whatever may listen
    page.keyboard.press("Tab")
    assert said == []
    assert [url for url in asked if not url.startswith("data:,")] == [path.as_uri()]
    assert page.title() == title != "ran"
    assert page.locator(DANGERS).count() == 0
    assert page.locator("a[href^='javascript' i], a[href^='data' i]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report", "hostile report", "index", "explain", "hostile explain"])
def test_the_page_can_be_read_by_everybody(
    browser: Browser, tmp_path: Path, name: str, scheme: Literal["light", "dark"]
) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGES[name](), encoding="utf-8")
    page = browser.new_page(color_scheme=scheme)
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(element => { element.open = true })")
    found = Axe().run(page).response["violations"]
    serious = [
        (violation["id"], violation["nodes"][0]["html"][:200], violation["nodes"][0]["failureSummary"])
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]
    assert serious == []
    page.close()


def test_the_policy_stops_what_would_run(browser: Browser, tmp_path: Path) -> None:
    html, _ = report_of(warned_report())
    bad = (
        "<img src='https://pages.invalid/x.png' onerror=\"document.title='ran'\"><script>document.title='ran'</script>"
    )
    path = tmp_path / "page.html"
    path.write_text(html.replace("</main>", f"{bad}</main>"), encoding="utf-8")  # as if the escaping had failed
    page = browser.new_page()
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text))
    page.goto(path.as_uri())
    assert page.title() != "ran"
    assert len([text for text in blocked if "Content Security Policy" in text]) >= 2
    page.close()
