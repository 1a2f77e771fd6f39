"""Webhooks: whom they reach, what they say, and what becomes of targets that are slow, down, moved or gone."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from hailo_piper.config.loading import parse_config
from hailo_piper.config.settings import Config
from hailo_piper.errors import ConfigError
from hailo_piper.jobs.queue.kept import BATCH, COMPLETED, Work
from hailo_piper.jobs.queue.sending import RefusedAddressError, is_public, post, resolve
from hailo_piper.jobs.queue.store import Store
from hailo_piper.jobs.queue.targets import Target, headers, load_targets
from hailo_piper.jobs.queue.webhooks import DELAYS, Webhooks
from hailo_piper.listeners.http.config_listing import settings_in_force
from hailo_piper.server import Server
from tests.support.client import wait_until
from tests.support.services import as_values
from tests.support.webhook_receiver import OTHER, SECRET, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    one = Receiver()
    yield one
    one.close()


@pytest.fixture
def now() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def store(tmp_path: Path, now: list[float]) -> Iterator[Store]:
    store = Store(tmp_path / "jobs", max_bytes=10**6, max_age_seconds=10**5, clock=lambda: now[0])
    yield store
    store.close()


def target(url: str, *secrets: str) -> Target:
    given = tuple(base64.b64decode(secret.removeprefix("whsec_")) for secret in secrets or (SECRET,))
    return Target(url, given, allow_private=True)


def note(store: Store, webhooks: Webhooks) -> None:
    webhooks.note(Work("batch_1", BATCH, "", COMPLETED, store.now(), store.expiry(), {}))


def left(store: Store) -> list[tuple[int, float]]:
    return [(row[0], row[1]) for row in store.database.rows("SELECT attempts, due FROM deliveries ORDER BY number")]


def is_idle(webhooks: Webhooks) -> bool:
    return not webhooks._threads


def test_openai_python_reads_what_a_target_gets(receiver: Receiver, store: Store, monkeypatch: Any) -> None:
    webhooks = Webhooks(store, [target(receiver.url, OTHER, SECRET)])
    note(store, webhooks)
    webhooks.wake()
    wait_until(lambda: is_idle(webhooks) and not left(store))
    ((body, given),) = receiver.got
    assert given["Content-Type"] == "application/json"
    monkeypatch.setattr("time.time", store.clock)
    for secret in (SECRET, OTHER):
        event: Any = openai.OpenAI(api_key="none").webhooks.unwrap(body, given, secret=secret)
        assert (event.type, event.data.id, event.object) == ("batch.completed", "batch_1", "event")
        assert event.created_at == store.now()
    assert given["webhook-id"] == event.id
    with pytest.raises(openai.InvalidWebhookSignatureError):
        openai.OpenAI(api_key="none").webhooks.unwrap(body + b" ", given, secret=SECRET)


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_target_that_does_not_take_it_is_asked_again(
    receiver: Receiver, store: Store, now: list[float], status: int
) -> None:
    receiver.status, receiver.location = status, receiver.url.replace("events", "elsewhere")
    webhooks = Webhooks(store, [target(receiver.url)])
    note(store, webhooks)
    webhooks.wake()
    for attempts, delay in enumerate(DELAYS[:3], 1):
        wait_until(lambda: [row[0] for row in left(store)] == [attempts])  # noqa: B023
        ((_, due),) = left(store)
        assert delay <= due - now[0] <= 1.1 * delay
        assert len(receiver.got) == attempts
        now[0] = due
        webhooks.wake()
    assert len({given["webhook-id"] for _, given in receiver.got}) == 1
    assert len({given["webhook-timestamp"] for _, given in receiver.got}) == len(receiver.got)
    receiver.status = 204
    wait_until(lambda: len(left(store)) == 1)
    now[0] += DELAYS[-1]
    webhooks.wake()
    wait_until(lambda: not left(store))


def test_what_was_not_taken_is_sent_after_a_restart(receiver: Receiver, store: Store, now: list[float]) -> None:
    receiver.status = 500
    first = Webhooks(store, [target(receiver.url)])
    note(store, first)
    first.wake()
    wait_until(lambda: [row[0] for row in left(store)] == [1])
    first.stop()
    receiver.status, now[0] = 200, now[0] + 10
    second = Webhooks(store, [target(receiver.url)])
    second.wake()
    wait_until(lambda: not left(store))


def test_a_target_that_is_gone_gets_no_more(receiver: Receiver, store: Store) -> None:
    receiver.status = 410
    webhooks = Webhooks(store, [target(receiver.url)])
    note(store, webhooks)
    note(store, webhooks)
    webhooks.wake()
    wait_until(lambda: is_idle(webhooks))
    note(store, webhooks)
    assert left(store) == []
    assert len(receiver.got) == 1


def test_the_last_try_is_the_last(store: Store, now: list[float]) -> None:
    tries: list[float] = []

    def send(*_: object, **__: object) -> int:
        tries.append(now[0])
        raise ConnectionRefusedError("no")

    webhooks = Webhooks(store, [target("https://down.example/")], send)
    note(store, webhooks)
    for number in range(1, len(DELAYS) + 2):
        webhooks.wake()
        wait_until(lambda: len(tries) == number)  # noqa: B023
        wait_until(lambda: [row[0] for row in left(store)] in ([number], []))  # noqa: B023
        now[0] = max([now[0], *(due for _, due in left(store))])
    assert left(store) == []


def test_a_target_that_is_slow_holds_up_no_other(receiver: Receiver, store: Store) -> None:
    held = threading.Event()

    def send(url: str, body: bytes, headers: Any, *, allow_private: bool) -> int:
        if url.startswith("https://slow"):
            assert held.wait(60)
        return 200 if url.startswith("https://slow") else post(url, body, headers, allow_private=allow_private)

    webhooks = Webhooks(store, [target("https://slow.example/"), target(receiver.url)], send)
    note(store, webhooks)
    webhooks.wake()
    wait_until(lambda: len(receiver.got) == 1 and len(left(store)) == 1)
    held.set()
    wait_until(lambda: not left(store))


def test_an_answer_without_an_end_is_cut(receiver: Receiver) -> None:
    receiver.drips.set()
    with pytest.raises(Exception):  # noqa: B017, PT011 - which of several, the moment of the cut decides
        post(receiver.url, b"{}", {}, allow_private=True, seconds=0.3)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_private_addresses_are_known(address: str, *, expected: bool) -> None:
    assert is_public(address) == expected


def test_a_private_address_must_be_allowed(receiver: Receiver) -> None:
    with pytest.raises(RefusedAddressError, match=r"127\.0\.0\.1 is no public address"):
        post(receiver.url, b"{}", {}, allow_private=False)
    assert receiver.got == []


def test_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    with pytest.raises(RefusedAddressError):
        resolve("both.example", 443, allow_private=False)
    assert [place.place[0] for place in resolve("both.example", 443, allow_private=True)] == [
        "93.184.216.34", "10.0.0.1",
    ]  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    def build(text: str, mode: int = 0o600) -> str:
        path = tmp_path / "secret"
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    return build


def test_a_secret_is_read_from_its_file(write: Callable[[str], str]) -> None:
    (read,) = load_targets([{"url": "https://a.example/x", "secret_file": write(f"{SECRET}\n{OTHER}\n")}])
    assert (read.secrets, read.allow_private) == ((bytes(range(32)), bytes(32)), False)
    assert read.name == "https://a.example"
    assert len(headers(read, "evt_1", 1, b"{}")["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        ("", 0o600, "holds no secret"),
        ("secret", 0o600, "a secret is whsec_"),
        ("whsec_c2hvcnQ=", 0o600, "24 to 64 bytes"),
        (SECRET, 0o644, "run: chmod 640"),
    ],
)
def test_a_wrong_secret_ends_the_start(
    tone_config: Config, write: Callable[..., str], text: str, mode: int, words: str
) -> None:
    values = as_values(tone_config)
    values["jobs"] = {"webhooks": [{"url": "https://a.example/", "secret_file": write(text, mode)}]}
    with pytest.raises(ConfigError, match=words) as refusal:
        Server(parse_config(values))
    assert refusal.value.problems[0].startswith("jobs.webhooks.0.secret_file: ")


def test_no_list_of_settings_shows_a_token_of_a_target() -> None:
    webhooks = [{"url": "https://a.example/?token=secret", "secret_file": "/etc/secret"}]
    shown = settings_in_force(parse_config({"jobs": {"webhooks": webhooks}}))["jobs.webhooks"]["value"]
    assert json.dumps(shown).count("secret") == 2  # the name of the field, and of the file
