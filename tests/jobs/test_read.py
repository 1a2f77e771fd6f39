"""`read` as a process: chapters where players find them, and the same bits however often it is stopped."""

import io
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import av
import mutagen
import pytest

from hailo_piper.assembly import build_service
from hailo_piper.audio.ffmpeg.audiobook import size_of
from hailo_piper.config.settings import Config
from hailo_piper.default_voice import load_default_voice
from hailo_piper.engine.engine import Engine
from hailo_piper.jobs.books.book import Block, Book, Chapter, Run
from hailo_piper.jobs.books.reading import Manner, Reading
from hailo_piper.jobs.books.workplace import Workplace
from tests.jobs.batches import config_of
from tests.support.client import wait_until
from tests.support.sample_book import TITLES, jpeg, write_epub

READ = [sys.executable, "-m", "hailo_piper", "read"]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory, tone_path: Path) -> Path:
    return config_of(tmp_path_factory.mktemp("read"), tone_path)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_epub(tmp_path_factory.mktemp("book") / "book.epub")


def read(config: Path, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [*READ, "--config", str(config), *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("kind", ["m4b", "mp3", "opus"])
def test_players_find_chapters_tags_and_cover(tmp_path: Path, config: Path, book: Path, kind: str) -> None:
    path = tmp_path / f"boat.{kind}"
    done = read(config, book, "-o", path, "--captions", "srt")
    assert done.returncode == 0, done.stderr
    assert {found.name for found in tmp_path.iterdir()} == {path.name, "boat.srt"}
    with av.open(path) as file:
        seconds = float(file.duration or 0) / 1e6
        chapters = file.chapters()
    starts = [float(chapter["start"] * (chapter["time_base"] or 0)) for chapter in chapters]
    ends = [float(chapter["end"] * (chapter["time_base"] or 0)) for chapter in chapters]
    assert [chapter["metadata"]["title"] for chapter in chapters] == TITLES
    assert starts == pytest.approx([0.0, *ends[:-1]], abs=0.002)
    assert ends[-1] == pytest.approx(seconds, abs=0.06)
    tags = mutagen.File(path).tags
    said = " ".join(map(str, tags.values()))
    assert "The Green Boat" in said
    assert "Ada Writer, Ben Other" in said
    shown = re.findall(r"00:(\d\d):(\d\d),(\d{3}) -->", (tmp_path / "boat.srt").read_text())
    minutes, whole, thousandths = map(int, shown[-1])
    assert starts[-1] <= minutes * 60 + whole + thousandths / 1000 < seconds


def test_a_cover_is_in_every_kind(tmp_path: Path, config: Path, book: Path) -> None:
    read(config, book, "-o", tmp_path / "boat.m4b")
    read(config, book, "-o", tmp_path / "boat.mp3")
    read(config, book, "-o", tmp_path / "boat.opus")
    assert bytes(mutagen.File(tmp_path / "boat.m4b").tags["covr"][0]) == jpeg()
    assert mutagen.File(tmp_path / "boat.mp3").tags.getall("APIC")[0].data == jpeg()
    assert "metadata_block_picture" in mutagen.File(tmp_path / "boat.opus").tags


def test_a_folder_has_a_file_for_each_chapter(tmp_path: Path, config: Path, book: Path) -> None:
    done = read(config, book, "-o", f"{tmp_path}/boat/", "--format", "opus", "--captions", "vtt")
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in (tmp_path / "boat").iterdir())
    assert names[:4] == ["001 Front matter.opus", "001 Front matter.vtt", "002 Part One The Harbour.opus", "002 Part One The Harbour.vtt"]  # fmt: skip  # noqa: E501
    assert len(names) == 2 * len(TITLES)


def test_a_killed_run_ends_with_the_same_bits(tmp_path: Path, config: Path) -> None:
    sentences = " ".join(f"This is sentence {at} of it." for at in range(40))
    text = "\n\n".join(f"Chapter {number}\n\n{sentences}" for number in range(1, 5))
    (tmp_path / "book.txt").write_text(text)
    assert read(config, tmp_path / "book.txt", "-o", tmp_path / "whole.m4b").returncode == 0
    parts, path = tmp_path / "killed.m4b.parts", tmp_path / "killed.m4b"
    command = [*READ, "--config", str(config), str(tmp_path / "book.txt"), "-o", str(path)]
    for chapters in (0, 1, 2):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            wait_until(lambda: len(list(parts.glob(".*.pcm.part"))) + len(list(parts.glob("*.json"))) > chapters)  # noqa: B023
            process.kill()
    assert parts.exists()
    assert not path.exists()
    assert read(config, tmp_path / "book.txt", "-o", path).returncode == 0
    assert path.read_bytes() == (tmp_path / "whole.m4b").read_bytes()
    assert not parts.exists()


def test_a_stopped_chapter_goes_on_at_the_sentence(
    tmp_path: Path, tone_config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []
    whole_stream = Engine.stream

    def counted(self: Engine, sentences, *arguments, **settings):  # type: ignore[no-untyped-def]
        spoken.extend(sentence.text for sentence in sentences)
        return whole_stream(self, sentences, *arguments, **settings)

    text = " ".join(f"Sentence number {number} is here." for number in range(600))
    chapter = Chapter("One", (Block("paragraph", (Run(text, None),)),))
    workplace = Workplace(tmp_path / "book.m4b")
    manner = Manner(voice=None, speed=None, sample_rate=22050, settings="")
    performance = tone_config.performance._replace(cache_enabled=True, cache_directory=str(workplace.sentences))
    with ExitStack() as stack:
        default = load_default_voice(tone_config, stack)
        synthesis = tone_config.synthesis._replace(max_text_length=sys.maxsize)
        config = tone_config._replace(performance=performance, synthesis=synthesis)
        service = build_service(default, config, stack)

        def reading() -> Reading:
            return Reading(Book(title="B", chapters=(chapter,)), service.speech, manner, workplace, at_once=1)

        first = reading()

        def stop() -> None:
            if first.progress.share:
                raise KeyboardInterrupt

        stack.enter_context(workplace.opened())
        with pytest.raises(KeyboardInterrupt):
            first.run(stop)
        monkeypatch.setattr(Engine, "stream", counted)
        (spoken_chapter,) = reading().run(lambda: None)
    assert 0 < len(spoken) < 600
    assert spoken[-1] == "Sentence number 599 is here."
    assert spoken_chapter.num_samples > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["book.epub"], "-o names the file"),
        (["book.epub", "-o", "book.wav"], "the name tells no format"),
        (["book.epub", "-o", "book.m4b", "--speed", "9"], "from 0.25 to 4"),
        (["missing.pdf", "-o", "book.m4b"], "tells no kind of book"),
    ],
)
def test_a_wrong_call_is_told(config: Path, book: Path, arguments: list[str], words: str) -> None:
    named = [str(book) if argument == "book.epub" else argument for argument in arguments]
    done = read(config, *named)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_dry_run_shows_the_chapters(config: Path, book: Path) -> None:
    shown = read(config, book, "--dry-run").stdout.splitlines()
    assert shown[0] == "The Green Boat - Ada Writer, Ben Other"
    assert [re.sub(r"^ *\d+ +| \(.*", "", line) for line in shown[1:]] == TITLES


def test_the_size_of_a_picture_is_in_its_header() -> None:
    assert size_of(jpeg()) == (64, 96)
    file = io.BytesIO()
    with av.open(file, "w", format="image2pipe") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 20, 10, "rgb24"
        container.mux(stream.encode(av.VideoFrame(20, 10, "rgb24")))
    assert size_of(file.getvalue()) == (20, 10)
    assert size_of(b"\xff\xd8\xff\xe0\0\0") is None
    assert size_of(b"GIF89a") is None
