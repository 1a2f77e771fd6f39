"""espeak-ng's IPA as Kokoro's symbols, against what misaki 0.9.4 makes of the same IPA."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailo_piper.engine.kokoro.symbols import _NUMBERS, Alphabet

SYMBOLS = {number: symbol for symbol, number in _NUMBERS.items()}


def shown(language: str, ipa: str) -> str:
    ids = Alphabet(language).symbols(list(unicodedata.normalize("NFD", ipa))).ids
    return "".join(SYMBOLS[number] for number in ids)


@pytest.mark.parametrize(
    ("language", "ipa", "symbols"),
    [
        ("en-us", "ðə lˈɪɾəl bˈɑːɾəl", "ðə lˈɪTᵊl bˈɑTᵊl"),
        ("en-us", "bˈʌʔn̩", "bˈʌtn"),
        ("en-us", "aɪ nˈoʊ ˈeɪt ɡˈɜːlz", "I nˈO ˈAt ɡˈɜɹlz"),
        ("en-us", "mˈoːɹ fˈɛɹɚ", "mˈɔɹ fˈɛɹəɹ"),
        ("en-us", "ɐ tʃˈɔɪs ɐv dʒˈuːs", "ə ʧˈYs əv ʤˈus"),
        ("en-us", "əlˈɔŋ", "əlˈɔŋ"),
        ("en-us", "əlɔŋ", "əlɔŋ"),
        ("en-us", "ɹˈɪðm̩", "ɹˈɪðᵊm"),
        ("en", "nˈəʊ fˈeə ɡˈɜːlz aɪdˈiə", "nˈQ fˈɛː ɡˈɜːlz Idˈɪə"),
        ("es", "ˈaɪ ˈotʃo nˈiɲos, pˈitsa", "ˈI ˈoʧo nˈiɲos, pˈiʦa"),
        ("it", "pˈasso dzˈukːeɾo", "pˈaSo ʣˈukːeɾo"),
        ("pt-br", "nˌɐ̃ʊ̃ pˈõj", "nˌɐ̃ʊ̃ pˈõj"),
        ("es", "çθ☃", "çθ"),
    ],
)  # fmt: skip
def test_ipa_becomes_symbols(language: str, ipa: str, symbols: str) -> None:
    assert shown(language, ipa) == unicodedata.normalize("NFD", symbols).replace("c\u0327", "ç")


@given(st.text("aɪeʊtʃdʒəlɾn̩ʔˌˈː ,☃", max_size=60), st.sampled_from(["en-us", "en", "es"]))
def test_every_phoneme_has_its_place(phonemes: str, language: str) -> None:
    found = Alphabet(language).symbols(list(phonemes))
    assert len(found.begins) == len(phonemes) + 1
    assert found.begins == sorted(found.begins)
    assert found.begins[-1] == len(found.ids)
