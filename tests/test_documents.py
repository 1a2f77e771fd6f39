"""README.md and docs/ against the program: every command, request, setting and link in them is tried."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from hailo_piper.cli.program import build_parser
from hailo_piper.config.loading import parse_config
from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.phonemes.phonemes import PhonemeReader
from hailo_piper.listeners.keys import Keys
from hailo_piper.server import Server
from hailo_piper.text.lexicon.plain_file import read_plain
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.splitter import split
from tests.support import ROOT
from tests.support.client import assert_error
from tests.support.documents import LINKED, PAGES, README, Block, anchors, blocks, commands, links, rows, spans, table

API = ROOT / "docs" / "api.md"
SECTIONS = yaml.safe_load((ROOT / "config" / "hailo-piper.yaml").read_text(encoding="utf-8"))
"""The sample, which tests/test_config.py holds to the schema."""
SETTINGS = {f"{section}.{key}" for section, settings in SECTIONS.items() for key in settings}
SETTING = re.compile(rf"({'|'.join(SECTIONS)})\.([a-z][a-z0-9_]+)")
MISTYPED = {"HAILO_PIPER__SERVER__PROT"}
"""The variable that shows what a mistake looks like."""


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def shell(program: str) -> list[tuple[Block, list[str]]]:
    """Every command of this program in the pages, and where it stands."""
    found = [(block, words) for block in blocks("sh") for words in commands(block)]
    return [(block, words) for block, words in found if words[0].rpartition("/")[2] == program]


def test_the_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 130


@pytest.mark.parametrize("page", LINKED, ids=page_id)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached = {(ROOT / link.partition("#")[0]).resolve() for link in links(README)}
    assert reached >= set(PAGES) - {README}


@pytest.mark.parametrize(("block", "words"), shell("hailo-piper"), ids=str)
def test_every_command_is_understood(block: Block, words: list[str]) -> None:  # noqa: ARG001 - it names the test
    assert "command" in build_parser().parse_args(words[1:])


def test_every_target_of_make_is_there() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = {words[1] for _, words in shell("make")}
    assert {"serve", "say", "test", "check"} <= named <= targets


def test_every_option_of_install_is_there() -> None:
    script = ROOT / "install.sh"
    helped = subprocess.run([script, "--help"], check=True, capture_output=True, text=True).stdout
    listed = re.findall(r"`(--[a-z-]+)", "\n".join(table(ROOT / "docs" / "operating.md", "Install")))
    named = {word for _, words in shell("install.sh") for word in words[1:]}
    assert set(re.findall(r"--[a-z-]+", helped)) - {"--help", "--yes"} == set(listed)
    assert "--reconfigure" in named <= set(listed)


@pytest.mark.parametrize("block", [block for block in blocks("yaml") if not block.is_for_home_assistant], ids=str)
def test_every_configuration_and_lexicon_is_accepted(block: Block, tmp_path: Path) -> None:
    if block.text.startswith("language:"):
        path = tmp_path / "words.yaml"
        path.write_text(block.text, encoding="utf-8")
        assert read_plain(path).pronunciations
    else:
        assert parse_config(yaml.safe_load(block.text))


def test_the_automation_for_home_assistant_has_something_to_say(client: FlaskClient) -> None:
    (block,) = (block for block in blocks("yaml") if block.is_for_home_assistant)
    (action,) = yaml.safe_load(block.text)["actions"]
    # tests/clients/test_home_assistant.py has Home Assistant itself find the entity's name and speak through it.
    assert (action["action"], action["target"]) == ("tts.speak", {"entity_id": "tts.hailo_piper"})
    said = action["data"]
    assert said["media_player_entity_id"].startswith("media_player.")
    answer = client.post("/v1/audio/speech", json={"input": said["message"], "language": said["language"]})
    assert answer.status_code == 200


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_setting_that_is_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {found[0] for span in spans(page) for found in SETTING.finditer(span) if found.start() == 0}
    assert {name for name in named if not name.startswith("voices.aliases")} <= SETTINGS
    variables = set(re.findall(r"\bHAILO_PIPER__[A-Z_]+[A-Z]", text)) - {"HAILO_PIPER__SECTION__KEY"} - MISTYPED
    assert variables <= {f"HAILO_PIPER__{name.replace('.', '__')}".upper() for name in SETTINGS}


def test_every_section_of_the_configuration_is_listed() -> None:
    listed = [cell.strip("`") for cell in table(ROOT / "docs" / "configuration.md", "Sections")]
    assert listed == list(SECTIONS)


def test_every_field_of_a_request_is_listed(client: FlaskClient) -> None:
    listed = {name for cell in table(API, "Fields") for name in re.findall(r"`(\w+)`", cell)}
    document = client.get("/openapi.json").get_json()
    assert listed == set(document["components"]["schemas"]["CreateSpeechRequest"]["properties"])


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_endpoint_that_is_named_is_there(page: Path, make_app: Callable[..., Flask]) -> None:
    rules = list(make_app(keys=Keys(["any-key-at-all"])).url_map.iter_rules())
    served = {(method, re.sub(r"<\w+>", "ID", rule.rule)) for rule in rules for method in rule.methods or ()}
    named = [re.fullmatch(r"(GET|POST|DELETE) (/[\w/.-]*)(?:\?.*)?", span) for span in spans(page)]
    assert {(found[1], found[2]) for found in named if found} <= served


def test_every_endpoint_is_listed(make_app: Callable[..., Flask]) -> None:
    named = {path for cell in table(API, "Endpoints") for path in re.findall(r"(/[\w/.-]*)", cell)}
    rules = make_app(keys=Keys(["any-key-at-all"])).url_map.iter_rules()
    assert {re.sub(r"<\w+>", "ID", rule.rule) for rule in rules} <= named


@pytest.mark.parametrize(("block", "words"), shell("curl"), ids=str)
def test_every_request_is_answered(
    make_app: Callable[..., Flask], tmp_path: Path, block: Block, words: list[str]  # noqa: ARG001
) -> None:  # fmt: skip
    url, body = next(word for word in words if "://" in word), words[words.index("-d") + 1]
    # A service has keys where the request shows one.
    headers = dict(word.split(": ", 1) for word in words if word.startswith("Authorization: "))
    keys = Keys([value.removeprefix("Bearer ") for value in headers.values()])
    client = make_app({"lexicons": {"directory": str(tmp_path)}}, keys=keys).test_client()
    answer = client.post(url.partition(":5003")[2], json=json.loads(body), headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.data


def test_the_error_that_is_shown_is_the_one_that_is_answered(client: FlaskClient) -> None:
    (shown,) = (block for block in blocks("json") if "error" in block.text)
    answer = client.post("/v1/audio/speech", json={"input": "Hello.", "speed": 9})
    assert_error(answer, 400, "invalid_request", "speed")
    assert answer.get_json() == json.loads(shown.text)


def test_every_request_that_is_shown_is_spoken(client: FlaskClient) -> None:
    requests = [block for block in blocks("json") if "input" in block.text]
    for block in requests:
        assert client.post("/v1/audio/speech", json=json.loads(block.text)).status_code == 200
    assert requests


def test_every_example_is_heard_as_the_table_says(espeak: Espeak) -> None:
    reader = PhonemeReader("en-us", espeak)

    def heard(text: str) -> str:
        sentences = (verbalise(sentence, "en_US") for sentence in split(text, Reading("en_US")))
        phonemes = "".join(phoneme for sentence in sentences for phoneme in reader.phonemes(sentence))
        # espeak-ng stresses and links words by their spelling.
        return re.sub(r"[\W_ˈˌʲ]", "", phonemes.translate(str.maketrans("ɾɐᵻ", "təɪ")))

    examples = [(re.findall("`([^`]+)`", written), spoken) for written, spoken in rows(README, "What is read how")]
    assert len(examples) > 5
    for written, spoken in examples:
        assert "".join(map(heard, written)) == "".join(map(heard, spoken.split(", "))), written


@pytest.fixture
def players(tmp_path: Path) -> Iterator[Path]:
    """A directory with an aplay that keeps what it would play, in the file `played` beside itself."""
    player = tmp_path / "aplay"
    player.write_text('#!/bin/sh\ncat >"${0%/*}/played"\n', encoding="utf-8")
    player.chmod(0o755)
    yield tmp_path
    if (played := tmp_path / "played").exists():
        assert played.stat().st_size > 10_000


@pytest.mark.parametrize("block", [block for block in blocks("python") if not block.is_for_clients], ids=str)
def test_every_program_runs(joe_server: Server, players: Path, block: Block) -> None:
    program = block.text.replace("127.0.0.1:5003", f"127.0.0.1:{joe_server.http.port}")
    environment = {**os.environ, "PATH": f"{players}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=players, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
