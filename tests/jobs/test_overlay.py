"""`read --overlay`: an EPUB whose sentences light up as they sound."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import av
import pytest

from hailo_piper.audio.word import Word
from hailo_piper.jobs.books.book import Block, Chapter, Run
from hailo_piper.jobs.books.chapter_text import ssml_of
from hailo_piper.jobs.books.files import read_book
from hailo_piper.jobs.books.overlay import FollowedChapter, follow
from hailo_piper.jobs.books.spoken_epub import _list, _Made
from tests.jobs.batches import config_of
from tests.jobs.test_read import READ, read
from tests.support.client import wait_until
from tests.support.sample_book import LEVELS, TITLES, jpeg, write_epub

HTML = "{http://www.w3.org/1999/xhtml}"
SMIL = "{http://www.w3.org/ns/SMIL}"
OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory, tone_path: Path) -> Path:
    return config_of(tmp_path_factory.mktemp("overlay"), tone_path)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_epub(tmp_path_factory.mktemp("book") / "book.epub")


@pytest.fixture(scope="module", params=["m4b", "mp3"])
def spoken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, config: Path, book: Path) -> Path:
    path = tmp_path_factory.mktemp("spoken") / "spoken.epub"
    done = read(config, book, "--overlay", "-o", path, "--format", request.param)
    assert done.returncode == 0, done.stderr
    assert [found.name for found in path.parent.iterdir()] == ["spoken.epub"]
    return path


def seconds(clock: str | None) -> float:
    found = re.fullmatch(r"(\d+\.\d{3})s", clock or "")
    assert found, clock
    return float(found[1])


def test_every_sentence_has_its_place_in_the_sound(spoken: Path) -> None:
    total = 0.0
    with zipfile.ZipFile(spoken) as archive:
        assert archive.namelist()[0] == "mimetype"
        package = ET.fromstring(archive.read("EPUB/package.opf"))
        told = {
            meta.get("refines"): meta.text
            for meta in package.iter(f"{OPF}meta")
            if meta.get("property") == "media:duration"
        }
        items = {item.get("id"): item for item in package.iter(f"{OPF}item")}
        assert archive.read("EPUB/cover.jpg") == jpeg()
        for number in range(1, len(TITLES) + 1):
            page, overlay = items[f"c{number}"], items[f"o{number}"]
            assert page.get("media-overlay") == f"o{number}"
            shown = ET.fromstring(archive.read(f"EPUB/{page.get('href')}"))
            identifiers = [one.get("id") for one in shown.iter(f"{HTML}span") if one.get("id")]
            pairs = list(ET.fromstring(archive.read(f"EPUB/{overlay.get('href')}")).iter(f"{SMIL}par"))
            targets = [pair.find(f"{SMIL}text").get("src") for pair in pairs]  # type: ignore[union-attr]
            assert targets == [f"{page.get('href')}#{identifier}" for identifier in identifiers]
            clips = [pair.find(f"{SMIL}audio") for pair in pairs]
            begins = [seconds(clip.get("clipBegin")) for clip in clips if clip is not None]
            ends = [seconds(clip.get("clipEnd")) for clip in clips if clip is not None]
            assert begins == [0.0, *ends[:-1]]
            assert all(begin < end for begin, end in zip(begins, ends, strict=True))
            sound = archive.read(f"EPUB/{items[f'a{number}'].get('href')}")
            with av.open(io.BytesIO(sound), "r") as file:
                length = sum((frame.samples / frame.sample_rate for frame in file.decode(file.streams.audio[0])), 0.0)
            # Encoders work in blocks, of which the last is filled up.
            assert ends[-1] == pytest.approx(length, abs=0.12)
            assert seconds(told[f"#o{number}"]) == pytest.approx(ends[-1], abs=0.001)
            total += seconds(told[f"#o{number}"])
        assert seconds(told[None]) == pytest.approx(total, abs=0.001)


def test_it_has_the_text_of_the_book(spoken: Path, book: Path) -> None:
    own, read_again = read_book(book), read_book(spoken)
    assert (read_again.title, read_again.authors, read_again.language) == (own.title, own.authors, own.language)
    assert [chapter.title for chapter in read_again.chapters] == TITLES
    assert [chapter.level for chapter in read_again.chapters] == LEVELS
    for mine, theirs in zip(own.chapters, read_again.chapters, strict=True):
        assert [(block.kind, block.text) for block in theirs.blocks] == [
            (block.kind, block.text) for block in mine.blocks
        ]
    assert {run.language for chapter in read_again.chapters for block in chapter.blocks for run in block.runs} >= {"fr"}


@pytest.mark.skipif(not shutil.which("epubcheck"), reason="epubcheck is not here: apt-get install epubcheck")
def test_epubcheck_finds_no_fault(spoken: Path) -> None:
    # Debian's program is the archive itself, which only some kernels run as it is.
    archive = Path(str(shutil.which("epubcheck"))).resolve()
    command = ["java", "-jar", archive] if zipfile.is_zipfile(archive) else [archive]
    done = subprocess.run([*command, "--failonwarnings", spoken], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_killed_run_ends_with_the_same_bits(tmp_path: Path, config: Path) -> None:
    sentences = " ".join(f"This is sentence {at} of it." for at in range(40))
    text = "\n\n".join(f"Chapter {number}\n\n{sentences}" for number in range(1, 5))
    (tmp_path / "book.txt").write_text(text)
    whole, path = tmp_path / "whole.epub", tmp_path / "killed.epub"
    assert read(config, tmp_path / "book.txt", "--overlay", "-o", whole).returncode == 0
    command = [*READ, "--config", str(config), str(tmp_path / "book.txt"), "--overlay", "-o", str(path)]
    parts = tmp_path / "killed.epub.parts"
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: bool(list(parts.glob("*.json"))), timeout_seconds=60)
        process.kill()
    assert not path.exists()
    assert read(config, tmp_path / "book.txt", "--overlay", "-o", path).returncode == 0
    assert path.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["-o", "spoken.m4b"], "--overlay writes an EPUB"),
        (["-o", "spoken.epub", "--format", "opus"], "m4b or mp3"),
        (["-o", "spoken.epub", "--captions", "srt"], "no --captions"),
        (["-o", "BOOK"], "it is the book itself"),
    ],
)
def test_what_makes_no_epub_is_refused(config: Path, book: Path, more: list[str], words: str) -> None:
    done = read(config, book, "--overlay", *(str(book) if one == "BOOK" else one for one in more))
    assert done.returncode == 2
    assert words in done.stderr


def followed(*blocks: Block, times: dict[str, float]) -> FollowedChapter:
    """A chapter whose words begin at these times."""
    chapter = Chapter("One", blocks)
    ssml = ssml_of(chapter, "en")
    words, at = list[Word](), 0
    for text, start in times.items():
        at = ssml.index(text, at)
        words.append(Word(text, start, start + 0.1, at, at + len(text)))
    return follow(chapter, ssml, words, seconds=9.0, language="en")


def paragraph(*runs: tuple[str, str | None]) -> Block:
    return Block("paragraph", tuple(Run(*run) for run in runs))


def test_a_sentence_begins_with_its_first_word_and_ends_with_the_next_one() -> None:
    found = followed(
        Block("heading", (Run("A & <B>", None),), 2),
        Block("break"),
        paragraph(("He said: ", None), ("« Oui. »", "fr"), (" “Yes.” (No.)", None)),
        paragraph(("* * *", None)),
        paragraph(("End\u0001 here.", None)),
        times={"A": 0.5, "B": 1.0, "He": 2.0, "Oui": 2.5, "Yes": 3.0, "No": 4.0, "End": 6.0, "here": 7.0},
    )
    assert [(clip.start, clip.end) for clip in found.clips] == [
        (0.0, 2.0),
        (2.0, 3.0),
        (3.0, 4.0),
        (4.0, 6.0),
        (6.0, 9.0),
    ]
    assert found.body == (
        '<section id="page"><h2><span id="s1">A &amp; &lt;B&gt;</span></h2>\n<hr/>\n'
        '<p><span id="s2">He said: <span xml:lang="fr" lang="fr">« Oui. »</span> </span>'
        '<span id="s3">“Yes.” </span><span id="s4">(No.)</span></p>\n'
        '<p><span id="s5">* * *</span></p>\n<p><span id="s6">End  here.</span></p></section>'
    )
    assert [clip.identifier for clip in found.clips] == ["s1", "s2", "s3", "s4", "s6"]


def test_a_chapter_without_a_word_has_no_clip() -> None:
    assert followed(paragraph(("...", None)), times={}).clips == ()


@pytest.mark.parametrize("levels", [[1], [2, 1], [1, 3, 2, 3, 1], [3, 2, 1, 2, 2, 4]])
def test_the_table_of_contents_has_one_list_in_each_entry(levels: list[int]) -> None:
    made = [_Made(f"{number}", level, f"{number}.xhtml", "", None, 0.0) for number, level in enumerate(levels)]
    root = ET.fromstring(f"<nav>{_list(made)}</nav>")
    assert [link.text for link in root.iter("a")] == [one.title for one in made]
    assert [child.tag for child in root] == ["ol"]
    for entry in root.iter("li"):
        assert [child.tag for child in entry] in (["a"], ["a", "ol"])
