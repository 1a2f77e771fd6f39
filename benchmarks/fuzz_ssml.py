"""Real SSML documents, changed at random and cut anywhere: nothing but an error on purpose, no growth, linear cost.

    python benchmarks/fuzz_ssml.py [--seconds 600] [--seed 1]        or: make fuzz-ssml SECONDS=600

Each document is read whole and in pieces, as SSML or as ordinary text with its two tags, up to the sentences as they
are spoken; both ways must give the same. Exits 1 where they differ, where another error comes, where memory grows by
more than 8 MB in the second half, or where a character of the longest documents costs 4 times one of the short ones.
"""

import argparse
import random
import re
import sys
import traceback
from collections import Counter
from pathlib import Path
from statistics import median
from time import monotonic, thread_time
from typing import NamedTuple

import machine

sys.path.insert(0, str(Path(__file__).parents[1]))

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.normalise.verbaliser import verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.stream import TextStream
from tests.support.ssml_table import CASES
from tests.text.ssml.test_vendors import DOCUMENTS

MOST_GROWTH_MB, MOST_COST = 8, 4
_PARTS = 10
MAX_TEXT_LENGTH = 5000
_SIZES = (0, 300, 3000, 1 << 30)
"""Characters of short, middle and long documents."""
_SOURCES = (*(case.document for case in CASES), *(document for document, _ in DOCUMENTS.values()))
_READINGS = (Reading("en_US", "ssml"), Reading("en_US", has_tags=True))
_TOKEN = re.compile(r"<[^<>]*+>|&[^;&<>]{0,9};|[^<>&]++|[<>&]")
_ODD = (
    "<", ">", "&", "&#0;", "&lt;", "]]>", "<![CDATA[", "<!--", "-->", "<?", "?>", "<!DOCTYPE speak [", "'", "\"", "/>",
    "</", "\x00", "\ud800", "\ufeff", "\ufffe", "\ufdd0", "\u2028", "\r", "\n\n", "😀", "e\u0301", "日本。", "مرحبا",
    "...", "Dr. ", "5 km", "$3.50 ", "1" * 50, "a" * 300, "<break time='60s'/>", "<break time='9e9s'/>", "<p>", "</p>",
    "<s>", "<prosody rate='1e400%' pitch='+999999999st' volume='-999dB'>", "</prosody>",
    "<voice name='x' variant='9999'>", "</voice>", "<say-as interpret-as='date' format='dmy'>32.13.0000</say-as>",
    "<sub alias='a'>", "</sub>",
    "<phoneme alphabet='x-sampa' ph='\"\"'>", "</phoneme>", "<lang xml:lang='" + "x-" * 40 + "'>", "</lang>",
    "<mark name='m'/>", "<a " + " ".join(f"b{number}=''" for number in range(40)) + "/>", "<speak>", "</speak>",
    "xmlns='x'", "<x:y z:z=''>",
)  # fmt: skip


class Outcome(NamedTuple):
    """What became of one document."""

    sentences: tuple[Sentence, ...]
    error: str
    is_on_purpose: bool


def main(seconds: float, seed: int) -> int:
    chance = random.Random(seed)
    for name, value in machine.describe().items():
        print(f"{name}: {value}")
    outcomes, faults = Counter[str](), list[str]()
    costs: dict[int, list[float]] = {size: [] for size in _SIZES[:-1]}
    begin, memory = monotonic(), list[float]()
    while monotonic() < begin + seconds and len(faults) < 5:
        if monotonic() > begin + (len(memory) + 1) * seconds / _PARTS:
            memory.append(_resident_mb())
        document, reading = mutated(chance), chance.choices(_READINGS, (4, 1))[0]
        started = thread_time()
        whole = outcome([document], reading)
        if document:
            size = max(size for size in costs if size <= len(document))
            costs[size].append((thread_time() - started) / len(document))
        outcomes[whole.error.partition(":")[0] or "spoken"] += 1
        cut = outcome(pieces(document, chance), reading)
        if not (whole.is_on_purpose and cut.is_on_purpose):
            faults.append(f"{reading.markup} {document!r}\n{whole.error or cut.error}")
        elif not same(whole, cut):
            faults.append(f"{reading.markup} {document!r}\nwhole {whole}\nin pieces {cut}")
    memory.append(_resident_mb())
    growth_mb = memory[-1] - memory[len(memory) // 2]
    print(f"{sum(outcomes.values())} documents in {monotonic() - begin:.0f} s:", dict(outcomes.most_common()))
    typical = {size: 1e6 * median(found) for size, found in costs.items() if found}
    print("microseconds for a character:", {f"from {size}": round(cost, 1) for size, cost in typical.items()})
    print("memory after each tenth, MB:", *(f"{megabytes:.0f}" for megabytes in memory))
    print("\n".join(fault[:2000] for fault in faults))
    is_linear = typical.get(_SIZES[2], 0.0) <= MOST_COST * typical.get(_SIZES[0], 1.0)
    held = not faults and is_linear and growth_mb <= MOST_GROWTH_MB
    print("holds" if held else "does not hold; see the top of benchmarks/fuzz_ssml.py")
    return int(not held)


def mutated(chance: random.Random) -> str:
    """Return a document that was changed in a few places, and sometimes grows long."""
    tokens = _TOKEN.findall(chance.choice(_SOURCES))
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        at, end = sorted(chance.choices(range(len(tokens) + 1), k=2))
        match chance.randrange(7):
            case 0:
                del tokens[at:end]
            case 1:
                tokens.insert(at, chance.choice(_ODD))
            case 2:
                tokens[at:at] = _TOKEN.findall(chance.choice(_SOURCES))
            case 3:
                tokens[at:end] = tokens[at:end] * chance.choice((2, 3, 40, 400))
            case 4:
                part = tokens[at:end]
                chance.shuffle(part)
                tokens[at:end] = part
            case 5:
                tokens[at:end] = ["<speak>", *tokens[at:end], "</speak>"]
            case _:
                text = "".join(tokens[at:end])
                place = chance.randrange(len(text) + 1)
                tokens[at:end] = [text[:place] + chance.choice(("", chr(chance.randrange(0x3000)))) + text[place + 1 :]]
        tokens = tokens[:20_000]
    return "".join(tokens)[: 10 * MAX_TEXT_LENGTH]


def pieces(document: str, chance: random.Random) -> list[str]:
    """Return the document cut at random: in a few places, or after each character."""
    if len(document) < 400 and not chance.randrange(4):
        return list(document)
    cuts = sorted(chance.choices(range(len(document) + 1), k=chance.randrange(1, 12)))
    return [document[start:end] for start, end in zip([0, *cuts], [*cuts, len(document)], strict=True)]


def outcome(parts: list[str], reading: Reading) -> Outcome:
    """Read a document that comes in these parts."""
    stream = TextStream(max_text_length=MAX_TEXT_LENGTH, patience_seconds=0, reading=reading, keeps_places=True)
    sentences = list[Sentence]()
    try:
        for part in parts:
            stream.push(part)
            if stream.is_ready:
                sentences += _taken(stream)
        stream.finish()
        sentences += _taken(stream)
    except InvalidRequestError as error:
        return Outcome(tuple(sentences), f"{type(error).__name__}: {error}", is_on_purpose=True)
    except Exception:  # noqa: BLE001 - any other error is what is looked for
        return Outcome(tuple(sentences), traceback.format_exc(), is_on_purpose=False)
    return Outcome(tuple(sentences), "", is_on_purpose=True)


def _taken(stream: TextStream) -> list[Sentence]:
    taken = stream.take()
    for sentence in taken:
        stream.locate(sentence)
    return [verbalise(sentence, "en_US") for sentence in taken]


def same(whole: Outcome, cut: Outcome) -> bool:
    """Whether both ways are the same. Of several mistakes, a document in pieces may tell another one first."""
    return bool(whole.error) == bool(cut.error) and (bool(whole.error) or whole.sentences == cut.sentences)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.exit(main(options.seconds, options.seed))
