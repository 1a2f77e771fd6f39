"""The page in Debian's Chromium: it is heard, seen and used as a person would."""

import json
import re
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.clients.browsers import (
    GERMAN,
    HEARD,
    MANY,
    OFFERED,
    Seen,
    chromium,
    events_of_page,
    opened,
    pcm_of,
    ready,
    samples_of,
    tones,
    without_gaps,
)
from tests.clients.conftest import Service
from tests.support.client import get, post, wait_until

TEXT = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background."
LONG = " ".join([TEXT] * 12)
OFF_SECONDS = 0.05


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A service of three voices without keys."""
    with tones(tmp_path_factory.mktemp("page")) as (port, _):
        yield port


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(browser: Browser, port: int, seen: Seen) -> Iterator[Page]:
    with opened(browser, f"http://127.0.0.1:{port}/", seen) as page:
        yield ready(page)
        # Whatever was done: only this service was asked, and nobody complained.
        assert {re.sub(r"^(blob:)?(http://[^/]+).*", r"\2", url) for url in seen.requests} == {
            f"http://127.0.0.1:{port}"
        }
        assert seen.complaints == []
        assert page.evaluate("window.refusals") == []


@pytest.fixture
def spoken_page(browser: Browser, service: Service, seen: Seen) -> Iterator[Page]:
    """The page of the real voice."""
    with opened(browser, service.url, seen) as page:
        yield ready(page)
        assert seen.complaints == []


def state_of(page: Page, text: str, where: str = "#state") -> None:
    expect(page.locator(where)).to_have_text(text)


def heard_whole(page: Page, samples: int) -> Any:
    """What was heard, once at least so many samples were."""
    page.wait_for_function("(least) => window.heard.reduce((sum, part) => sum + part.length, 0) > least", arg=samples)
    return samples_of(page.evaluate(HEARD))


def assert_heard(page: Page, expected: Any) -> None:
    """Every sample, and no other but the silence where a piece came late."""
    heard = heard_whole(page, len(expected) + 40_000)
    np.testing.assert_array_equal(without_gaps(heard, expected), expected)


def test_what_is_typed_is_heard_to_the_sample(page: Page, port: int) -> None:
    page.fill("#text", TEXT)
    page.click("#play")
    state_of(page, "Finished")
    expected = pcm_of(port, input=TEXT)
    assert_heard(page, expected)
    assert page.locator("#real-time").inner_text().endswith("×")
    assert float(page.locator("#length").inner_text().split()[0]) == pytest.approx(len(expected) / 24_000, abs=0.2)


def test_every_setting_goes_into_the_request(page: Page, port: int, seen: Seen) -> None:
    page.fill("#voice-search", "chorus")
    assert page.locator("#voice").input_value() == MANY
    page.select_option("#speaker", "speaker-2")
    for name, value in {"speed": "2", "pitch": "-3", "volume": "0.5"}.items():
        page.locator(f"#{name}").fill(value)
    page.fill("#text", "Grüß Gott, 東京.")
    page.press("#text", "Control+Enter")
    state_of(page, "Finished")
    body = {
        "input": "Grüß Gott, 東京.",
        "voice": MANY,
        "speaker": "speaker-2",
        "speed": 2,
        "pitch": "-3st",
        "volume": 0.5,
    }
    assert body.items() <= seen.bodies[0].items()
    expected = pcm_of(port, **body)
    assert_heard(page, expected)


def test_voices_are_found_by_language(page: Page) -> None:
    page.select_option("#voice-language", "de")
    assert page.locator("#voice option").all_inner_texts() == [GERMAN]
    assert page.locator("#text").get_attribute("lang") == "de-DE"
    page.select_option("#voice-language", "")
    expect(page.locator("#voice option")).to_have_count(4)


def test_sound_begins_before_the_answer_ends(spoken_page: Page) -> None:
    ended: list[str] = []
    spoken_page.on("requestfinished", lambda request: ended.append(request.url))
    spoken_page.fill("#text", LONG)
    spoken_page.click("#play")
    spoken_page.wait_for_function("() => window.starts.length > 0")
    spoken_page.wait_for_selector("#reading mark")
    assert not [url for url in ended if url.endswith("/v1/audio/speech")]
    assert int(spoken_page.locator("#first-sound").inner_text().split()[0]) > 0
    spoken_page.keyboard.press("Escape")
    state_of(spoken_page, "Stopped")


WATCH = """
() => {
  window.shown = [];
  const channel = new MessageChannel();
  // After every callback of a frame, what stands there and what is heard belong together, however late the frame is.
  channel.port1.onmessage = () => {
    const context = window.sounding;
    if (context) window.shown.push([context.currentTime - (context.outputLatency || 0) - window.starts[0],
      document.querySelector("#reading mark")?.textContent ?? null]);
  };
  const frame = () => { channel.port2.postMessage(0); requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}
"""


def test_each_word_is_lit_while_it_is_heard(spoken_page: Page, service: Service) -> None:
    words = events_of_page(service.port, input=TEXT)
    spoken_page.evaluate(WATCH)
    spoken_page.fill("#text", TEXT)
    spoken_page.click("#play")
    state_of(spoken_page, "Finished")
    shown = spoken_page.evaluate("window.shown")
    lit = {text for _, text in shown if text}
    assert lit >= {word["word"] for word in words} - {"."}
    for seconds, text in shown:
        allowed = {None} if seconds < words[0]["start"] + OFF_SECONDS or seconds > service.seconds - 0.5 else set()
        for word, following in zip(words, [*words[1:], {"start": 1e9}], strict=True):
            if word["start"] - OFF_SECONDS <= seconds <= following["start"] + OFF_SECONDS:
                allowed.add(word["word"])
        assert text in allowed, (seconds, text)


def test_words_beyond_the_first_plane_are_lit_where_they_stand(page: Page) -> None:
    page.fill("#text", "😀 Hello 𝒳 wörld. Good day.")
    page.evaluate(WATCH)
    page.click("#play")
    state_of(page, "Finished")
    assert {"Hello", "wörld", "Good", "day"} <= {text for _, text in page.evaluate("window.shown")}


def test_a_click_on_a_word_goes_there(spoken_page: Page, service: Service) -> None:
    words = events_of_page(service.port, input=TEXT)
    spoken_page.fill("#text", TEXT)
    spoken_page.click("#play")
    dark = next(word for word in words if word["word"] == "dark")
    spoken_page.wait_for_function("(end) => Number(document.querySelector('#seek').max) > end", arg=dark["end"])
    place = spoken_page.evaluate(
        """() => {
          const box = document.querySelector("#reading"), text = document.querySelector("#text").value;
          box.replaceChildren(text);
          const range = document.createRange(), at = text.indexOf("dark");
          range.setStart(box.firstChild, at); range.setEnd(box.firstChild, at + 4);
          const { left, top, width, height } = range.getBoundingClientRect();
          return [left + width / 2, top + height / 2];
        }"""
    )
    starts = spoken_page.evaluate("window.starts.length")
    spoken_page.mouse.click(*place)
    assert spoken_page.evaluate("window.starts.length") > starts
    spoken_page.wait_for_function("() => document.querySelector('#reading mark')?.textContent === 'dark'")
    assert float(spoken_page.locator("#seek").input_value()) >= dark["start"] - 0.1


def test_pause_holds_and_goes_on(spoken_page: Page) -> None:
    spoken_page.fill("#text", TEXT)
    spoken_page.click("#play")
    spoken_page.wait_for_selector("#reading mark")
    spoken_page.click("#play")
    expect(spoken_page.locator("#play-text")).to_have_text("Go on")
    spoken_page.wait_for_function("() => window.sounding.state === 'suspended'")
    spoken_page.click("#play")
    state_of(spoken_page, "Finished")
    # The bar plays it again from any place.
    spoken_page.locator("#seek").fill("4")
    spoken_page.wait_for_selector("#reading mark")
    state_of(spoken_page, "Finished")


def test_stop_stops_the_sound_and_the_work(spoken_page: Page, service: Service) -> None:
    spoken_page.fill("#text", LONG)
    spoken_page.click("#play")
    spoken_page.wait_for_selector("#reading mark")
    spoken_page.click("#stop")
    state_of(spoken_page, "Stopped")
    wait_until(lambda: get(service.port, "/health").get_json()["speaking"] == 0)
    parts = spoken_page.evaluate("window.heard.length")
    spoken_page.wait_for_function("(before) => window.heard.length > before + 2", arg=parts)
    assert not spoken_page.evaluate("window.heard.slice(-1)[0].some((sample) => sample !== 0)")
    expect(spoken_page.locator("#reading mark")).to_have_count(0)


@pytest.mark.parametrize("name", ["wav", "mp3", "opus", "flac", "aac", "pcm"])
def test_a_download_is_the_file_that_it_says(page: Page, port: int, tmp_path: Path, name: str) -> None:
    page.fill("#text", "Good day. And good night.")
    page.click("#keep summary")
    page.select_option("#format", name)
    with page.expect_download() as waiting:
        page.click("#download")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert path.name == f"speech.{name}"
    body = {"input": "Good day. And good night.", "response_format": name, "stream": False}
    assert path.read_bytes() == post(port, "/v1/audio/speech", body).data
    if name == "wav":
        with wave.open(str(path)) as file:
            assert len(file.readframes(10**9)) == 2 * file.getnframes() > 10_000


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_captions_are_saved(page: Page, tmp_path: Path, name: str) -> None:
    page.fill("#text", "Good day.")
    page.click("#keep summary")
    with page.expect_download() as waiting:
        page.click(f"#{name}")
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert "-->" in path.read_text(encoding="utf-8")


def test_a_link_restores_everything_and_sends_nothing(browser: Browser, page: Page, seen: Seen) -> None:
    page.select_option("#voice", MANY)
    page.select_option("#speaker", "speaker-1")
    page.fill("#text", "A secret & <b>text</b>\nwith #signs, 50 % ü.")
    page.locator("#speed").fill("1.5")
    page.click("#keep summary")
    page.select_option("#format", "opus")
    page.click("#right summary")
    page.fill("#word", "text")
    page.fill("#said", "tekst")
    page.click("#correction button:last-child")
    asked = len(seen.requests)
    page.click("#link")
    state_of(page, "Copied", "#keep-state")
    # A browser looks for the sign of an address that changes; nothing else is asked.
    assert {url.rpartition("/")[2] for url in seen.requests[asked:]} <= {"icon.svg"}
    with opened(browser, page.url, seen) as other:
        ready(other)
        expect(other.locator("#text")).to_have_value("A secret & <b>text</b>\nwith #signs, 50 % ü.")
        values = {name: other.locator(f"#{name}").input_value() for name in ("voice", "speaker", "speed", "format")}
        assert values == {"voice": MANY, "speaker": "speaker-1", "speed": "1.5", "format": "opus"}
        expect(other.locator("#rules li")).to_have_count(1)
    assert not [url for url in seen.requests if "secret" in url.partition("#")[0]]


def test_the_lines_for_programs_are_right(page: Page, port: int) -> None:
    page.fill("#text", 'It\'s "here" \\ there.')
    page.locator("#pitch").fill("2")
    page.click("#keep summary")
    curl = page.locator("#curl").inner_text()
    body = json.loads(re.search(r"-d '(.*)' \\\n", curl, re.DOTALL)[1].replace(r"'\''", "'"))  # type: ignore[index]
    assert body == {"input": 'It\'s "here" \\ there.', "pitch": "+2st", "response_format": "wav"}
    assert post(port, "/v1/audio/speech", body).status_code == 200
    python = page.locator("#python").inner_text()
    compile(python, "python", "exec")
    assert 'extra_body={"pitch": "+2st"}' in python
    page.click("#copy-python")
    state_of(page, "Copied", "#keep-state")


def test_how_a_text_is_read_is_shown_and_corrected(page: Page, seen: Seen) -> None:
    page.fill("#text", "Dr. Smith paid $5 in Nguyenville.")
    page.click("#right summary")
    page.click("#explain")
    expect(page.locator("#sentences")).to_contain_text("5 dollars")
    assert page.locator("#sentences .change s").all_inner_texts() == ["Dr.", "$5"]
    page.fill("#word", "Nguyenville")
    page.fill("#said", "win ville")
    page.click("#try-word")
    state_of(page, "Finished")
    page.click("#correction button:last-child")
    page.click("#explain")
    expect(page.locator("#sentences")).to_contain_text("win ville")
    page.click("#play")
    state_of(page, "Finished")
    rule = {"string_to_replace": "Nguyenville", "type": "alias", "alias": "win ville", "case_sensitive": False}
    assert [body["pronunciations"] for body in seen.bodies] == [[rule], [rule]]
    assert '"Nguyenville": "win ville"' in page.locator("#lexicon-lines").inner_text()
    page.click("#rules button")
    expect(page.locator("#rules li")).to_have_count(0)


def test_voices_are_heard_and_compared(page: Page, seen: Seen) -> None:
    page.click("#tab-voices")
    page.get_by_role("button", name=f"Hear {GERMAN}").click()
    state_of(page, "Speaking", "#voices-state")
    page.select_option("#voice-a", json.dumps([MANY, "speaker-0"], separators=(",", ":")))
    page.select_option("#voice-b", json.dumps([MANY, "speaker-2"], separators=(",", ":")))
    page.fill("#compare-text", "One sentence.")
    page.get_by_role("button", name="Hear voice A").click()
    page.get_by_role("button", name="Hear voice B").click()
    wait_until(lambda: len(seen.bodies) == 3)
    assert (seen.bodies[0]["voice"], seen.bodies[0]["input"][:9]) == (GERMAN, "Guten Tag")
    assert [(body["voice"], body["speaker"], body["input"]) for body in seen.bodies[1:]] == [
        (MANY, "speaker-0", "One sentence."), (MANY, "speaker-2", "One sentence."),
    ]  # fmt: skip
    assert page.locator("#catalogue").is_hidden()
    page.get_by_role("button", name=f"Use {GERMAN}").click()
    assert page.locator("#voice").input_value() == GERMAN


def test_the_operator_sees_how_it_is_doing(page: Page) -> None:
    page.fill("#text", "Once, to have something counted.")
    page.click("#play")
    state_of(page, "Finished")
    page.click("#tab-operate")
    expect(page.locator("#health")).to_contain_text("healthy")
    expect(page.locator("#plots figure")).to_have_count(5)
    expect(page.locator("#plots")).to_contain_text("half within")
    page.wait_for_function(
        "() => document.querySelector('#plots polyline').getAttribute('points').split(' ').length > 1"
    )
    page.fill("#config-search", "cache_enabled")
    row = page.locator("#settings tr")
    expect(row).to_have_count(1)
    assert row.inner_text().split() == ["performance.cache_enabled", "true", "file", *row.inner_text().split()[3:]]


def test_text_never_becomes_html(page: Page) -> None:
    broken = '<img src=x onerror="window.broken = 1"><b>bold</b> <script>window.broken = 2</script>'
    page.fill("#text", broken)
    page.click("#play")
    state_of(page, "Finished")
    page.click("#keep summary")
    page.click("#right summary")
    page.click("#explain")
    page.wait_for_selector("#sentences li")
    page.fill("#word", broken)
    page.fill("#said", broken)
    page.click("#correction button:last-child")
    expect(page.locator("#rules")).to_contain_text("onerror")
    page.click("#tab-voices")
    page.fill("#compare-text", broken)
    page.click("#hear-a")
    state_of(page, "Speaking", "#voices-state")
    assert page.evaluate("window.broken") is None
    expect(page.locator("main img, main b, main script")).to_have_count(0)


def test_a_refusal_is_told(page: Page, seen: Seen) -> None:
    page.fill("#text", "a" * 5001)
    expect(page.locator("#count")).to_have_text("5001 of 5000 characters")
    page.click("#play")
    expect(page.locator("#state")).to_contain_text("It did not work")
    seen.complaints.clear()  # the browser's own line on the status 400


def test_the_docs_play_as_the_bytes_come(browser: Browser, port: int, seen: Seen) -> None:
    with opened(browser, f"http://127.0.0.1:{port}/docs", seen) as page:
        page.wait_for_selector("#try:not([hidden])")
        page.fill("textarea", TEXT)
        page.click("#try button.main")
        page.wait_for_function("() => window.starts.length > 0")
        expect(page.locator("#outcome")).to_contain_text("The first sound came after")
        expected = pcm_of(port, input=TEXT)
        assert_heard(page, expected)
        with page.expect_download() as waiting:
            page.click("#save")
        assert waiting.value.suggested_filename == "speech.mp3"
        for path in ("/v1/audio/captions", "/v1/text", "/v1/config", "/v1/catalogue", "/v1/lexicon", "/v1/speak"):
            expect(page.locator(".path", has_text=re.compile(f"^{path}$"))).to_have_count(1)
        assert seen.complaints == []


def test_the_page_speaks_german_to_a_german_browser(browser: Browser, port: int) -> None:
    with opened(browser, f"http://127.0.0.1:{port}/", locale="de-DE") as page:
        ready(page)
        assert page.locator("html").get_attribute("lang") == "de"
        expect(page.locator("#play-text")).to_have_text("Sprechen")
        assert page.locator("#text").input_value().startswith("Guten Tag")


def test_what_is_offered_is_not_asked_for_unasked(seen: Seen, page: Page) -> None:
    page.click("#tab-voices")
    page.click("#tab-speak")
    assert OFFERED not in page.content()
    assert not [url for url in seen.requests if "catalogue" in url]
