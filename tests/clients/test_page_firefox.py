"""The page in Debian's Firefox: it speaks, stops and saves."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver import Firefox
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.clients.browsers import GERMAN, HEARD, TAP, firefox, pcm_of, samples_of, tones
from tests.support.client import get, post, wait_until

TEXT = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background."


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with tones(tmp_path_factory.mktemp("firefox")) as (port, _):
        yield port


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(downloads: Path) -> Iterator[Firefox]:
    with firefox(downloads) as browser:
        yield browser


@pytest.fixture
def page(browser: Firefox, port: int) -> Firefox:
    """The page, opened anew, with a tap on its sound."""
    browser.get(f"http://127.0.0.1:{port}/")
    wait_until(lambda: browser.execute_script("return document.querySelector('#voice').options.length") == 4)
    browser.execute_script(TAP)
    return browser


def text_of(page: Firefox, selector: str) -> str:
    return str(page.find_element(By.CSS_SELECTOR, selector).text)


def type_text(page: Firefox, text: str) -> None:
    box = page.find_element(By.ID, "text")
    box.clear()
    box.send_keys(text)


def test_what_is_typed_is_heard_to_the_sample(page: Firefox, port: int) -> None:
    Select(page.find_element(By.ID, "voice")).select_by_value(GERMAN)
    type_text(page, TEXT)
    page.find_element(By.ID, "text").send_keys(Keys.CONTROL, Keys.ENTER)
    lit: set[str] = set()

    def is_finished() -> bool:
        lit.add(page.execute_script("return document.querySelector('#reading mark')?.textContent ?? ''"))
        return text_of(page, "#state") == "Finished"

    wait_until(is_finished, 60)
    assert {"canoe", "planks", "background"} <= lit
    expected = pcm_of(port, input=TEXT, voice=GERMAN)
    heard = "return window.heard.reduce((sum, part) => sum + part.length, 0)"
    wait_until(lambda: page.execute_script(heard) > len(expected) + 40_000, 60)
    np.testing.assert_array_equal(samples_of(page.execute_script(f"return {HEARD.strip()}")), expected)
    assert page.execute_script("return window.refusals") == []


def test_stop_stops(page: Firefox, port: int) -> None:
    type_text(page, " ".join([TEXT] * 8))
    page.find_element(By.ID, "play").click()
    wait_until(lambda: page.find_elements(By.CSS_SELECTOR, "#reading mark") != [], 30)
    page.find_element(By.ID, "text").send_keys(Keys.ESCAPE)
    wait_until(lambda: text_of(page, "#state") == "Stopped")
    wait_until(lambda: get(port, "/health").get_json()["speaking"] == 0)
    parts = page.execute_script("return window.heard.length")
    wait_until(lambda: page.execute_script("return window.heard.length") > parts + 2, 30)
    assert not page.execute_script("return window.heard.at(-1).some((sample) => sample !== 0)")


def test_a_download_is_a_true_wav(page: Firefox, port: int, downloads: Path) -> None:
    type_text(page, TEXT)
    page.find_element(By.CSS_SELECTOR, "#keep summary").click()
    page.find_element(By.ID, "download").click()
    path = downloads / "speech.wav"
    wait_until(lambda: path.exists() and path.stat().st_size > 0 and not list(downloads.glob("*.part")), 30)
    assert path.read_bytes() == post(port, "/v1/audio/speech", {"input": TEXT, "stream": False}).data
    with wave.open(str(path)) as file:
        assert len(file.readframes(10**9)) == 2 * file.getnframes() > 10_000
