"""The pictures of the report, the index and an explained page in docs/pictures: make pictures."""

import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from flows.extract import extractions_of
from flows.verbs.options import today
from tests.browser.test_report_browser import CHROMIUM, QUIET
from tests.report_examples import index_page, warned_report
from warehouse.report.explain import explain_html
from warehouse.report.report import report_of

WIDTH, HEIGHT = 1000, 700

Scheme = Literal["light", "dark"]


def main(folder: Path, page: str) -> None:
    """Write the pictures; `page` is the one to explain."""
    (extraction,) = extractions_of([page], today=today())
    pages: dict[str, tuple[str, Scheme]] = {
        "report": (report_of(warned_report())[0], "light"),
        "index": (index_page(["command", "watch", "schedule"], runs=40), "dark"),
        "explain": (explain_html(extraction), "light"),  # type: ignore[arg-type]  # the seeds are no refusals
    }
    folder.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name, (html, scheme) in pages.items():
            _shoot(browser, html, folder / f"{name}.png", scheme)
        browser.close()


def _shoot(browser: Browser, html: str, path: Path, scheme: Scheme) -> None:
    shown = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme)
    shown.set_content(html)
    shown.screenshot(path=path)
    shown.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
