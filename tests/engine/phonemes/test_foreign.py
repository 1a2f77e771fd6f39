"""Foreign words are said with the phonemes of the voice's language, as its speakers say them."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.phonemes.articulation import CONSONANTS, VOWELS, consonant_distance, phonemes_of, vowel_distance
from hailo_piper.engine.phonemes.foreign import foreign_phonemes, read_foreign
from hailo_piper.engine.phonemes.inventories import INVENTORIES
from hailo_piper.engine.phonemes.known_sounds import espeak_language, sounds_of
from hailo_piper.engine.phonemes.phonemes import PhonemeReader, Phonemizer
from hailo_piper.text.sentence import Sentence
from hailo_piper.voices.voice import embedded_model_path
from tests.support.growth import grows_slowly
from tests.support.inventories import LANGUAGES, names, said

PASSING = frozenset("ˈˌ .,:;!?")
MARKS = "ˈˌː ʲʰʷ\u0303\u0329\u031d\u030a123˥-#()"
SIGNS = "".join(VOWELS) + "".join(one for one in CONSONANTS if len(one) == 1) + MARKS


def symbols(language: str) -> set[str]:
    """Code points that a voice of a language has learnt, and those that pass."""
    return {sign for kind in INVENTORIES[language] for sign in unicodedata.normalize("NFD", kind)} | PASSING


@pytest.mark.parametrize(
    ("word", "language", "own", "expected"),
    [
        ("this weekend", "en-US", "de", "zɪs vˈiːkɛnd"),
        ("this weekend", "en-US", "fr", "zis wˈikɛnd"),
        ("this weekend", "en-US", "es", "ðis wˈikɛnd"),
        ("this weekend", "en-US", "it", "dɪs wˈikɛnd"),
        ("this weekend", "en-US", "pl", "dɨs wˈikɛnd"),
        ("this weekend", "en-US", "ru", "dɪs vˈikɛnd"),
        ("think", "en-US", "de", "sˈɪŋk"),
        ("think", "en-US", "fr", "sˈink"),
        ("think", "en-US", "es", "θˈiŋk"),
        ("think", "en-US", "it", "tˈɪŋk"),
        ("think", "en-US", "pt-br", "tˈiŋk"),
        ("think", "en-US", "nl", "tˈɪŋk"),
        ("water", "en-US", "de", "vˈɔtɜ"),
        ("water", "en-US", "fr", "wˈɔtœʁ"),
        ("water", "en-US", "es", "wˈoteɾ"),
        ("computer", "en-US", "de", "kəmpjˈuːtɜ"),
        ("computer", "en-US", "fr", "kəmpjˈutœʁ"),
        ("computer", "en-US", "it", "kempjˈuter"),
        ("computer", "en-US", "pl", "kɛmpjˈutɛr"),
        ("job", "en-GB", "de", "tʃˈɔb"),
        ("job", "en-GB", "fr", "dʒˈɔb"),
        ("job", "en-GB", "es", "ʝˈob"),
        ("job", "en-GB", "it", "dʒˈɔb"),
        ("house party", "en-US", "de", "hˈaʊs pˈɑːrtiː"),
        ("house party", "en-US", "fr", "ˈaws pˈaʁti"),
        ("house party", "en-US", "es", "xˈaʊs pˈaɾti"),
        ("house party", "en-US", "it", "ˈaʊs pˈaɾti"),
        ("house party", "en-US", "pl", "xˈaws pˈarti"),
        ("Shakespeare", "en-GB", "de", "ʃˈeːkspiːə"),
        ("Shakespeare", "en-GB", "fr", "ʃˈɛjkspiə"),
        ("Shakespeare", "en-GB", "es", "tʃˈeɪkspie"),
        ("Bach", "de", "en-us", "bˈæk"),
        ("Bach", "de", "fr", "bˈak"),
        ("Bach", "de", "it", "bˈak"),
        ("Bach", "de", "es", "bˈax"),
        ("ich möchte", "de", "en-us", "ɪʃ mˈɜːʃtə"),
        ("ich möchte", "de", "fr", "iʃ mˈœʃtə"),
        ("ich möchte", "de", "es", "ix mˈexte"),
        ("ich möchte", "de", "nl", "ɪx mˈɵxtə"),
        ("Müller", "de", "en-us", "mˈʊlɚ"),
        ("Müller", "de", "en-gb", "mˈʊlə"),
        ("Müller", "de", "fr", "mˈylœʁ"),
        ("Müller", "de", "it", "mˈuler"),
        ("Zürich", "de", "en-us", "tsˈuːɹɪʃ"),
        ("Zürich", "de", "fr", "tsˈyʁiʃ"),
        ("Zürich", "de", "es", "tsˈurix"),
        ("Zürich", "de", "pl", "tsˈirɨx"),
        ("Straßenbahn", "de", "en-us", "ʃtɹˈɑːsənbˌɑːn"),
        ("Straßenbahn", "de", "es", "strˈasenbˌan"),
        ("bonjour", "fr", "en-us", "bɔnʒˈuːɹ"),
        ("bonjour", "fr", "de", "bɔnʃˈuːr"),
        ("bonjour", "fr", "es", "bonʝˈuɾ"),
        ("bonjour", "fr", "it", "bɔndʒˈuɾ"),
        ("croissant", "fr-FR", "en-us", "kɹwæsˈɑːn"),
        ("croissant", "fr-FR", "de", "krvasˈɑn"),
        ("croissant", "fr-FR", "pl", "krwasˈɔ̃"),
        ("vin blanc", "fr", "en-us", "vˈæn blˈɑːn"),
        ("vin blanc", "fr", "de", "vˈɛn blˈɑn"),
        ("vin blanc", "fr", "pt-br", "vˈɐ̃ blˈɐ̃"),
        ("Champagne", "fr", "en-gb", "ʃɑːmpˈænj"),
        ("Champagne", "fr", "es", "tʃampˈaɲ"),
        ("Champagne", "fr", "ru", "ʃɑmpˈanʲ"),
        ("oeuvre", "fr", "en-us", "ˈɜːvɹ"),
        ("oeuvre", "fr", "de", "ˈœvr"),
        ("oeuvre", "fr", "es", "ˈebɾ"),
        ("jalapeño", "es", "en-us", "hˌælæpˈeɪnjoʊ"),
        ("jalapeño", "es", "de", "xˌalapˈeːnjoː"),
        ("jalapeño", "es", "fr", "kˌalapˈeɲo"),
        ("Juan José", "es-ES", "en-us", "hwˈæn hoʊsˈeɪ"),
        ("Juan José", "es-ES", "de", "xvˈan xoːsˈeː"),
        ("Juan José", "es-ES", "fr", "kwˈan kosˈe"),
        ("llave", "es-MX", "en-us", "jˈæbeɪ"),
        ("llave", "es-MX", "fr", "jˈabe"),
        ("Guadalajara", "es", "de", "ɡvˌadalaxˈaɾa"),
        ("Guadalajara", "es", "ru", "ɡvˌadaɭaxˈara"),
        ("gnocchi", "it", "en-us", "njˈoʊkɪ"),
        ("gnocchi", "it", "de", "njˈoːkɪ"),
        ("gnocchi", "it", "fr", "ɲˈoki"),
        ("famiglia", "it_IT", "en-us", "fæmˈiljæ"),
        ("famiglia", "it_IT", "de", "famˈiːlja"),
        ("famiglia", "it_IT", "es", "famˈiʎa"),
        ("pizza", "it", "fr", "pˈitsa"),
        ("São Paulo", "pt-BR", "en-us", "saʊ pˈaʊlʊ"),
        ("São Paulo", "pt-BR", "fr", "sɑ̃w pˈawlu"),
        ("São Paulo", "pt-BR", "ru", "sʌu pˈauɭu"),
        ("dziękuję", "pl", "en-us", "dʒɛŋkˈuːjɛ"),
        ("dziękuję", "pl", "de", "tʃɛŋkˈuːjɛ"),
        ("dziękuję", "pl", "es", "tʃɛŋkˈujɛ"),
        ("Wałęsa", "pl", "en-us", "væwˈænsæ"),
        ("Wałęsa", "pl", "es", "bawˈɛnsa"),
        ("нет", "ru", "en-us", "njˈeɪt"),
        ("нет", "ru", "de", "njˈeːt"),
        ("нет", "ru", "es", "ɲˈet"),
        ("любовь", "ru", "en-us", "ljuːbˈoʊf"),
        ("любовь", "ru", "it", "ʎubˈof"),
        ("Scheveningen", "nl", "en-us", "skˈeɪvənˌɪŋən"),
        ("Scheveningen", "nl", "fr", "skˈevənˌinɡən"),
        ("Dvořák", "cs", "en-us", "dvˈoʊʒɑːk"),
        ("Dvořák", "cs", "de", "dvˈoːrʃak"),
        ("Dvořák", "cs", "fr", "dvˈoʒak"),
        ("Győr", "hu", "en-us", "ɡˈɜːɹ"),
        ("Győr", "hu", "de", "djˈøːr"),
        ("北京", "zh-CN", "en-us", "pˈeɪ tʃˈiŋ"),
        ("北京", "zh-CN", "de", "pˈeː tʃˈiːŋ"),
        ("北京", "zh-CN", "fr", "pˈɛj tʃˈinɡ"),
        ("नमस्ते", "hi", "en-us", "nəmˈʌsteɪ"),
        ("नमस्ते", "hi", "it", "nemˈaste"),
        ("Đà Nẵng", "vi", "en-us", "dˈɑː nˈæŋ"),
        ("Đà Nẵng", "vi", "fr", "dˈa nˈanɡ"),
        ("smörgåsbord", "sv", "en-us", "smˈɜːɹɡoʊsbˌuːɹd"),
        ("smörgåsbord", "sv", "nl", "smˈɵrkoːsbˌurd"),
    ],
)
def test_a_word_is_said_as_speakers_of_the_language_say_it(
    espeak: Espeak, word: str, language: str, own: str, expected: str
) -> None:
    clauses = read_foreign(word, language, own, espeak)
    assert clauses is not None
    heard = "".join(clause.phonemes for clause in clauses)
    assert heard == unicodedata.normalize("NFD", expected)
    assert set(heard) <= symbols(own)


@pytest.mark.parametrize("own", INVENTORIES)
def test_every_language_is_said_with_the_sounds_of_each(espeak: Espeak, own: str) -> None:
    for language in ("en-us", "fr", "de", "ru", "cmn", "hi", "ar", "pl"):
        for heard in said(espeak, language, names(language)[:40]):
            spoken = foreign_phonemes(heard, own, language)
            assert set(spoken) <= symbols(own), language
            assert spoken.count("ˈ") == heard.count("ˈ"), language
            assert any(unit[0] in VOWELS for unit in phonemes_of(spoken)), language


@given(
    phonemes=st.text(SIGNS, max_size=30), own=st.sampled_from(list(INVENTORIES)), language=st.sampled_from(LANGUAGES)
)
def test_nothing_comes_out_that_the_language_does_not_have(phonemes: str, own: str, language: str) -> None:
    spoken = foreign_phonemes(phonemes, own, language)
    assert set(spoken) <= symbols(own) | {sign for sign in phonemes if sign.isspace()}
    assert spoken == foreign_phonemes(phonemes, own, language)


@given(text=st.text(max_size=30), own=st.sampled_from([*INVENTORIES, "xx", ""]))
def test_no_text_raises(text: str, own: str) -> None:
    assert isinstance(foreign_phonemes(text, own, text), str)


@pytest.mark.parametrize("pattern", ["(", "(en)", "a", "aɪ", "ɑ̃", "tʃ", "nʲa", "\u0303", "ˈ", " ", "#"])
def test_the_cost_is_linear(pattern: str) -> None:
    assert grows_slowly(lambda phonemes: foreign_phonemes(phonemes, "fr", "en"), pattern)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_keeps_its_own_sounds(language: str) -> None:
    sounds = sounds_of(language)
    assert sounds is not None
    # A vowel behind its own diphthong would be another syllable's; each is asked by itself.
    for sound in (*sounds.vowels, *sounds.diphthongs):
        assert foreign_phonemes(sound, language) == unicodedata.normalize("NFD", sound)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_inventory_is_what_espeak_says(espeak: Espeak, language: str) -> None:
    words = names(language)
    heard = Counter(
        unit.rstrip("ʲ") if unit[0] in VOWELS else unit
        for run in said(espeak, language, words[:: max(1, len(words) // 300)])
        for unit in phonemes_of(run)
        if unit[0] not in PASSING and not unit.isspace()
    )
    sounds = sounds_of(language)
    assert sounds is not None
    known = sum(count for unit, count in heard.items() if unit in sounds.every)
    assert known >= 0.96 * heard.total(), [unit for unit in heard if unit not in sounds.every]
    frequent = [*sounds.consonants[:12], *sounds.vowels[:4]]
    assert sum(unit in heard for unit in frequent) >= len(frequent) - 1, frequent


def test_a_voice_has_a_number_for_every_sound_of_its_language() -> None:
    config = json.loads(Path(f"{embedded_model_path()}.json").read_text(encoding="utf-8"))
    assert symbols(config["espeak"]["voice"]) <= config["phoneme_id_map"].keys()
    # Piper's voices that espeak-ng reads for share a map; what it lacks they have never heard, as in their own texts.
    lacking = {one: symbols(one) - config["phoneme_id_map"].keys() for one in INVENTORIES}
    assert {language: signs for language, signs in lacking.items() if signs} == {
        "cs": {"\u031d", "\u030a"}, "eu": {"\u033a", "\u033b"}, "lb": {"g"},
    }  # fmt: skip


@pytest.fixture(scope="module")
def reader(espeak: Espeak) -> PhonemeReader:
    config = json.loads(Path(f"{embedded_model_path()}.json").read_text(encoding="utf-8"))
    return Phonemizer(config, espeak).reader


def test_a_run_of_text_keeps_its_marks(reader: PhonemeReader) -> None:
    assert "".join(reader.read_foreign("Bonjour, ça va?", "fr-FR") or []) == "bɔnʒˈuːɹ, sæ vˈæ?"


def test_arabic_gets_its_vowels_first(reader: PhonemeReader) -> None:
    phonemes = reader.read_foreign("مرحبا", "ar")
    assert phonemes is not None
    assert sum(unit[0] in VOWELS for unit in phonemes_of("".join(phonemes))) > 1


@pytest.mark.parametrize("language", ["xx", "", "tlh", "../de", "e n"])
def test_a_language_that_nobody_reads_is_none(reader: PhonemeReader, language: str) -> None:
    assert espeak_language(language) is None
    assert reader.read_foreign("Hello", language) is None


def test_a_voice_of_letters_or_of_an_unknown_language_says_no_foreign_sounds(espeak: Espeak) -> None:
    assert PhonemeReader("de", espeak, takes_letters=True).read_foreign("Hello", "en") is None
    assert PhonemeReader("gd", espeak).read_foreign("Hello", "en") is None
    assert foreign_phonemes("hɛlˈəʊ", "gd") == "hɛlˈəʊ"
    assert PhonemeReader("de", espeak).phonemes(Sentence("Hallo"))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("fr-FR", "fr"), ("fr_CA", "fr"), ("en-GB", "en-gb-x-rp"), ("en", "en-us"), ("en-US", "en-us"),
        ("zh-CN", "cmn"), ("no", "nb"), ("nb_NO", "nb"), ("pt-BR", "pt-br"), ("pt_PT", "pt"), ("es-MX", "es-419"),
        ("de-AT", "de"), ("EN-us", "en-us"),
    ],
)  # fmt: skip
def test_a_tag_finds_its_language(tag: str, expected: str) -> None:
    assert espeak_language(tag) == expected


@pytest.mark.parametrize("name", ["en-gb-x-rp", "en-us+f3", "gmw/de", "fr-be", "es-419", "hr", "PT-BR"])
def test_variants_of_a_language_have_its_sounds(name: str) -> None:
    assert sounds_of(name) is not None


def test_sounds_are_as_far_apart_as_the_mouth_makes_them() -> None:
    assert vowel_distance("i", "i") == 0
    assert vowel_distance("i", "ɪ") < vowel_distance("i", "e") < vowel_distance("i", "a")
    assert vowel_distance("y", "i") < vowel_distance("y", "ɑ")
    assert consonant_distance("θ", "s") < consonant_distance("θ", "k")
    assert consonant_distance("p", "b") < consonant_distance("p", "m")
