"""Takes the picture of the page that the README opens with: `python -m tests.clients.page_picture docs/page.png`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser

from tests.clients.browsers import chromium, opened, ready
from tests.support.raw_http import serving

TEXT = (
    "Good evening! The 19:30 train to Edinburgh leaves from platform 4, and a coffee costs £2.80. "
    "Each word lights up as you hear it."
)


def take_picture(browser: Browser, url: str, path: Path) -> None:
    """Write a PNG of the page in the middle of a speech."""
    with opened(browser, url, viewport={"width": 1000, "height": 680}) as page:
        ready(page)
        # The first answer after a start is slower than all others.
        page.click("#play")
        page.wait_for_selector("#reading mark")
        page.click("#stop")
        page.fill("#text", TEXT)
        page.click("#play")
        page.wait_for_function("() => document.querySelector('#reading mark')?.textContent === 'Edinburgh'")
        page.screenshot(path=str(path))


if __name__ == "__main__":
    with serving() as (_, port), chromium() as browser:
        take_picture(browser, f"http://127.0.0.1:{port}/", Path(sys.argv[1]))
