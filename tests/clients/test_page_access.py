"""The page for everybody: axe-core's judgement, the keyboard alone, narrow screens, and quiet motion."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.clients.browsers import KEY, chromium, opened, ready, tones
from tests.clients.conftest import Service
from tests.clients.page_picture import take_picture

AXE = Path(sys.prefix) / "node/node_modules/axe-core/axe.min.js"
"""Where `make test-clients` has npm install it."""
TABS = ("speak", "voices", "operate")
LARGEST_PICTURE = 200_000
"""Bytes."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with tones(tmp_path_factory.mktemp("access")) as (port, _):
        yield port


def violations(page: Page) -> list[Any]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    # Also what is best practice, not only what WCAG demands.
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


def unfold(page: Page, tab: str) -> None:
    """A tab with all that it can show."""
    page.click(f"#tab-{tab}")
    if tab == "speak":
        for part in ("keep", "right"):
            if page.locator(f"#{part}[open]").count() == 0:
                page.click(f"#{part} summary")
        page.fill("#text", "Dr. Smith paid $5.")
        page.click("#explain")
        page.wait_for_selector("#sentences .change")
        page.fill("#word", "Smith")
        page.fill("#said", "smith")
        page.click("#correction button:last-child")
        page.click("#play")
        page.wait_for_selector("#figures:not([hidden])")
    if tab == "operate":
        page.wait_for_selector("#settings tr")
        page.wait_for_selector("#plots figure")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_tab(browser: Browser, port: int, scheme: str) -> None:
    with opened(browser, f"http://127.0.0.1:{port}/", color_scheme=scheme) as page:
        ready(page)
        for tab in TABS:
            unfold(page, tab)
            assert violations(page) == [], tab
    with opened(browser, f"http://127.0.0.1:{port}/docs", color_scheme=scheme) as page:
        page.wait_for_selector("#try:not([hidden])")
        page.locator("summary").first.click()
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_a_key_is_asked_for(browser: Browser, tmp_path: Path, scheme: str) -> None:
    with (
        tones(tmp_path, locked=True) as (port, _),
        opened(browser, f"http://127.0.0.1:{port}/", color_scheme=scheme) as page,
    ):
        expect(page.locator("#unlock")).to_be_visible()
        assert violations(page) == []
        page.fill("#key", KEY)
        page.press("#key", "Enter")
        ready(page)
        page.click("#tab-voices")
        page.click("#show-catalogue")
        page.wait_for_selector("#available li")
        assert violations(page) == []


def reached(page: Page) -> list[str]:
    """The ids, or the texts, of all that Tab reaches from the top of the page."""
    page.evaluate("document.activeElement.blur()")
    names: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
        if name in names or not name or page.evaluate("document.activeElement === document.body"):
            break
        names.append(name)
    return names


def test_the_keyboard_alone_is_enough(browser: Browser, port: int) -> None:
    with opened(browser, f"http://127.0.0.1:{port}/") as page:
        ready(page)
        assert reached(page)[:6] == ["tab-speak", "voice-search", "voice-language", "voice", "text", "play"]
        page.focus("#text")
        page.keyboard.press("Control+a")
        page.keyboard.type("One two three four five six seven eight nine ten. " * 4)
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#reading mark")
        expect(page.locator("#state")).to_have_text("Speaking")
        # What is found by Tab while it speaks goes on to stop and the bar.
        page.focus("#stop")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "seek"
        before = float(page.locator("#seek").input_value())
        page.keyboard.press("End")
        assert float(page.locator("#seek").input_value()) > before
        page.focus("#text")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#reading mark")
        page.keyboard.press("Escape")
        expect(page.locator("#state")).to_have_text("Stopped")
        page.focus("#keep summary")
        page.keyboard.press("Enter")
        expect(page.locator("#download")).to_be_visible()
        page.focus("#tab-speak")
        for tab in ("voices", "operate", "speak"):
            page.keyboard.press("ArrowRight")
            expect(page.locator(f"#{tab}")).to_be_visible()
            expect(page.locator(f"#tab-{tab}")).to_be_focused()
        page.keyboard.press("End")
        expect(page.locator("#tab-operate")).to_be_focused()


def test_focus_is_seen(browser: Browser, port: int) -> None:
    with opened(browser, f"http://127.0.0.1:{port}/") as page:
        ready(page)
        page.focus("#tab-speak")
        for _ in range(10):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid", page.evaluate("document.activeElement.id")


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off(browser: Browser, port: int, tmp_path: Path, width: int, scheme: str) -> None:
    size = {"width": width, "height": 800}
    with opened(browser, f"http://127.0.0.1:{port}/", viewport=size, color_scheme=scheme) as page:
        ready(page)
        for tab in TABS:
            unfold(page, tab)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, tab
            # A target for a finger.
            for box in page.locator("button:visible:not(.plain):not(.change)").all():
                bounds = box.bounding_box()
                assert bounds is not None
                assert bounds["height"] >= 32
                assert 0 <= bounds["x"] <= bounds["x"] + bounds["width"] <= width
            page.screenshot(path=str(tmp_path / f"{tab}-{width}-{scheme}.png"), full_page=True)


def test_nothing_moves_for_those_who_do_not_want_it(browser: Browser, port: int) -> None:
    with opened(browser, f"http://127.0.0.1:{port}/", reduced_motion="reduce") as page:
        ready(page)
        durations = page.evaluate(
            "[...document.querySelectorAll('*')].map((each) => getComputedStyle(each)).filter((style) => "
            "style.transitionDuration !== '0s' || style.animationName !== 'none').length"
        )
        assert durations == 0


def test_the_text_of_a_right_to_left_language_starts_at_the_right(browser: Browser, port: int) -> None:
    with opened(browser, f"http://127.0.0.1:{port}/") as page:
        ready(page)
        page.fill("#text", "مرحبا بالعالم")
        directions = page.evaluate("['text', 'reading'].map((id) => document.getElementById(id).dir)")
        assert directions == ["auto", "auto"]


def test_the_picture_of_the_readme_is_small(browser: Browser, service: Service, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    take_picture(browser, service.url, path)
    assert 10_000 < path.stat().st_size < LARGEST_PICTURE
