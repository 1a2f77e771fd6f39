"""How well and at what cost the rules, CLDR, unicode-rbnf and damga write hard text as it is spoken.

    python benchmarks/normalisers.py SCORE.PY CASES.TSV

SCORE.PY has `read`, `passes` and `spoken`, and CASES.TSV a case a line: language, kind, text, accepted forms. Each
contestant gets a text that is split, without its markup. One that is not installed is left out. Its cost is that of a
process of its own: the first sentences with all imports, each further sentence, and memory.
"""

import importlib.util
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

import machine

from hailo_piper.errors import InvalidRequestError
from hailo_piper.text.normalise import cldr
from hailo_piper.text.normalise.verbaliser import apply, verbalise
from hailo_piper.text.reading import Reading
from hailo_piper.text.sentence import Sentence
from hailo_piper.text.splitter import split

DAMGA = {"de", "en", "es", "fr", "it"}
"""Languages of the eight that damga has."""
Write = Callable[[Sentence, str], Sentence]


def main(score_path: str, cases_path: str) -> None:
    for name, value in machine.describe().items():
        print(f"{name:14} {value}")
    score = _load(score_path)
    cases = list(score.read([Path(cases_path)]))
    totals = Counter(case.language for case in cases)
    print(f"\n{'right of':26}" + "".join(f"{language:>7}" for language in totals) + f"{'all':>8}")
    print(f"{'':26}" + "".join(f"{total:7}" for total in totals.values()) + f"{len(cases):8}")
    for name, write in CONTESTANTS.items():
        try:
            heard = [_heard(case, write, score) for case in cases]
        except ModuleNotFoundError as error:
            print(f"{name:26} {error.name} is not installed")
            continue
        right = Counter(case.language for case, spoken in zip(cases, heard, strict=True) if score.passes(case, spoken))
        share = 100 * right.total() / len(cases)
        print(f"{name:26}" + "".join(f"{right[language]:7}" for language in totals) + f"{share:7.1f}%")
    print(f"\n{'cost':26} {'first':>8} {'median':>8} {'p95':>8} {'memory':>8}")
    for name in CONTESTANTS:
        command = [sys.executable, __file__, "cost", name, score_path, cases_path]
        print(f"{name:26} {subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()}")


def cost(name: str, score_path: str, cases_path: str) -> None:
    """Print what one contestant costs in this process: ms of processor time, and MB."""
    cases = [case for case in _load(score_path).read([Path(cases_path)]) if case.language == "en-us"]
    sentences = [sentence for case in cases for sentence in _sentences(case)]
    write, before, begin = CONTESTANTS[name], _resident_mb(), process_time()
    for sentence in sentences[:5]:
        write(sentence, "en-us")
    first = process_time() - begin
    times = []
    for sentence in sentences:
        begin = process_time()
        write(sentence, "en-us")
        times.append((process_time() - begin) * 1e3)
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[18]
    print(f"{first * 1e3:6.1f}ms {median:6.2f}ms {p95:6.2f}ms {_resident_mb() - before:6.1f}MB")


def _heard(case: Any, write: Write, score: Any) -> list[str]:
    sentences = (write(sentence, case.language) for sentence in _sentences(case))
    return [phoneme for sentence in sentences for phoneme in score.spoken(sentence, case.language)]


def _sentences(case: Any) -> Iterable[Sentence]:
    try:
        return split(case.text, Reading(case.language))
    except InvalidRequestError:
        return ()


def _rules(sentence: Sentence, language: str) -> Sentence:
    return verbalise(sentence, language)


def _cldr(sentence: Sentence, language: str) -> Sentence:
    return apply(sentence, cldr.rules(language))


def _rbnf(sentence: Sentence, language: str) -> Sentence:
    """Spell every number that is left, as it would be without digits for espeak-ng to read."""
    engine = _rbnf_engine(language.partition("-")[0])
    return Sentence(re.sub(r"\d{1,15}", lambda digits: str(engine.format_number(int(digits[0])).text), sentence.text))


@cache
def _rbnf_engine(language: str) -> Any:
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language(language)


def _damga(sentence: Sentence, language: str) -> Sentence:
    family = language.partition("-")[0]
    return Sentence(str(_damga_of(family).normalize(sentence.text))) if family in DAMGA else sentence


@cache
def _damga_of(language: str) -> Any:
    from damga import Normalizer

    return Normalizer(mode="tn", lang=language)


def _then(first: Write, second: Write) -> Write:
    """Let the second write what the first left as it was."""

    def write(sentence: Sentence, language: str) -> Sentence:
        written = first(sentence, language)
        return written if written is not sentence else second(sentence, language)

    return write


def _after(first: Write, second: Write) -> Write:
    return lambda sentence, language: second(first(sentence, language), language)


CONTESTANTS: dict[str, Write] = {
    "markup alone": lambda sentence, _: sentence,
    "the rules": _rules,
    "Babel (CLDR)": _cldr,
    "the rules, then Babel": _then(_rules, _cldr),
    "unicode-rbnf": _rbnf,
    "the rules, then rbnf": _after(_rules, _rbnf),
    "damga": _damga,
    "the rules, then damga": _then(_rules, _damga),
}


def _load(path: str) -> Any:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path}: is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules["score"] = module
    spec.loader.exec_module(module)
    return module


def _resident_mb() -> float:
    return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    (cost if sys.argv[1] == "cost" else main)(*sys.argv[2 if sys.argv[1] == "cost" else 1 :])
