"""The page of a service with keys, in Debian's Chromium: it opens, asks for one, then changes voices and words."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.clients.browsers import KEY, OFFERED, Seen, chromium, opened, ready, tones
from tests.support.client import get, wait_until
from tests.support.hub import Hub


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("locked")


@pytest.fixture(scope="module")
def locked(directory: Path) -> Iterator[tuple[int, Hub]]:
    with tones(directory, locked=True) as service:
        yield service


@pytest.fixture
def page(browser: Browser, locked: tuple[int, Hub]) -> Iterator[Page]:
    with opened(browser, f"http://127.0.0.1:{locked[0]}/") as page:
        page.fill("#key", KEY)
        page.press("#key", "Enter")
        expect(page.locator("#unlock")).to_be_hidden()
        yield ready(page)


def test_the_page_opens_and_asks_for_a_key(browser: Browser, locked: tuple[int, Hub]) -> None:
    seen = Seen()
    with opened(browser, f"http://127.0.0.1:{locked[0]}/", seen) as page:
        expect(page.get_by_role("dialog", name="This service needs a key")).to_be_visible()
        expect(page.locator("#key")).to_be_focused()
        page.fill("#key", "sk-of-somebody-else")
        page.press("#key", "Enter")
        expect(page.locator("#refusal")).to_have_text("This API key is not known here")
        page.fill("#key", KEY)
        page.click("#unlock button.main")
        expect(page.locator("#unlock")).to_be_hidden()
        page.fill("#text", "Open at last.")
        page.click("#play")
        expect(page.locator("#state")).to_have_text("Finished")
        assert page.evaluate("Object.values(sessionStorage)") == [KEY]
        assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
        assert not [url for url in seen.requests if KEY in url]
        page.reload()
        ready(page)
        page.click("#forget")
        expect(page.locator("#unlock")).to_be_visible()
        assert page.evaluate("sessionStorage.length") == 0


def test_another_tab_asks_again(browser: Browser, page: Page) -> None:
    with opened(browser, page.url) as other:
        expect(other.locator("#unlock")).to_be_visible()


def test_the_key_is_never_shown(page: Page) -> None:
    page.click("#keep summary")
    assert "Authorization: Bearer KEY" in page.locator("#curl").inner_text()
    page.click("#tab-operate")
    expect(page.locator("#settings")).to_contain_text("server.api_keys_file")
    assert KEY not in page.content()


def test_the_docs_ask_for_the_key_as_well(browser: Browser, locked: tuple[int, Hub]) -> None:
    with opened(browser, f"http://127.0.0.1:{locked[0]}/docs") as page:
        page.fill("#key", "sk-of-somebody-else")
        page.press("#key", "Enter")
        expect(page.locator("#refusal")).to_have_text("This API key is not known here")
        page.fill("#key", KEY)
        page.press("#key", "Enter")
        expect(page.locator("#operations")).to_contain_text("/v1/audio/speech")
        page.click("#try button.main")
        expect(page.locator("#outcome")).to_contain_text("The first sound came after")
        page.reload()
        expect(page.locator("#operations")).to_contain_text("/v1/audio/speech")


def test_a_voice_is_fetched_with_its_progress_and_removed(page: Page, locked: tuple[int, Hub]) -> None:
    port, hub = locked
    page.click("#tab-voices")
    page.click("#show-catalogue")
    page.fill("#catalogue-search", "tone")
    entry = page.locator(f"#available [data-voice={OFFERED}]")
    try:
        hub.gate = threading.Event()
        entry.get_by_role("button").click()
        page.wait_for_function("() => document.querySelector('#available progress')?.value > 0")
        progress = page.evaluate(
            "(() => { const { value, max } = document.querySelector('progress'); return value / max; })()"
        )
        assert 0 < progress < 1
        hub.gate.set()
    finally:
        hub.gate = None
    expect(page.locator("#voices-state")).to_have_text(f"{OFFERED} is here and can speak")
    expect(entry).to_contain_text("is here")
    page.get_by_role("button", name=f"Hear {OFFERED}").click()
    expect(page.locator("#voices-state")).to_have_text("Speaking")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=f"Remove {OFFERED}").click()
    expect(page.locator("#voices-state")).to_have_text(f"{OFFERED} is removed")
    listed = json.loads(get(port, "/v1/voices", {"Authorization": f"Bearer {KEY}"}).data)["voices"]
    assert OFFERED not in {voice["id"] for voice in listed}
    expect(page.get_by_role("button", name="Remove en_US-tone-low")).to_have_count(0)


def test_a_word_is_kept_in_the_services_lexicon(page: Page, directory: Path) -> None:
    page.click("#right summary")
    page.fill("#word", "zorblax")
    page.fill("#said", "zor blacks")
    page.click("#correction button:last-child")
    page.click("#save-lexicon")
    expect(page.locator("#right-state")).to_have_text("1 words are in the service's lexicon")
    assert json.loads((directory / "lexicons/added-en.json").read_text())["words"] == {"zorblax": "zor blacks"}
    expect(page.locator("#rules li")).to_have_count(0)
    page.fill("#text", "Ask the zorblax.")

    def is_known() -> bool:
        page.click("#explain")
        page.wait_for_selector("#sentences li")
        return "zor blacks" in page.locator("#sentences").inner_text()

    # The service looks for new words once a second.
    wait_until(is_known)
