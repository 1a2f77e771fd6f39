import pytest

from hailo_piper.text.lexicon.alphabets import AlphabetError, to_ipa


@pytest.mark.parametrize(
    ("phonemes", "alphabet", "language", "expected"),
    [
        ("wɪn", "ipa", "", "wɪn"),
        ("'tʃɛri", "ipa", "", "ˈtʃɛri"),
        ("t͡ʃɛ.ri:", "ipa", "", "tʃɛriː"),
        ("red", "ipa", "en_US", "ɹed"),
        ("red", "ipa", "es", "red"),
        ("gu:s", "ipa", "de", "ɡuːs"),
        ('"fA:D@', "x-sampa", "", "ˈfɑːðə"),
        ("@_~", "x-sampa", "", "ə̃"),
        ("r\\`t_h", "x-sampa", "", "ɻtʰ"),
        ("e_Tt_S_o", "x-sampa", "", "etʃ"),
        ("w ˈɪ n", "ipa", "", "wˈɪn"),
        ("n oʊ k", "ipa", "", "noʊk"),
        ("t @ m A:", "x-sampa", "", "təmɑː"),
        ("nuː ˈjɔːk", "ipa", "", "nuː ˈjɔːk"),
        ("wi ɑː hi", "ipa", "", "wi ɑː hi"),
        ("K AE1 T", "cmu-arpabet", "en", "kˈæt"),
        ("HH AH0 L OW1", "cmu-arpabet", "en", "həlˈoʊ"),
        ("b er2 d", "cmu-arpabet", "en", "bˌɜːd"),
    ],
)
def test_every_alphabet_becomes_ipa_as_voices_know_it(
    phonemes: str, alphabet: str, language: str, expected: str
) -> None:
    assert to_ipa(phonemes, alphabet, language) == expected


@pytest.mark.parametrize(
    ("phonemes", "alphabet", "why"),
    [
        ("K AE9 T", "cmu-arpabet", "AE9"),
        ("KAET", "cmu-arpabet", "KAET"),
        ("..ˈ", "ipa", "no sound"),
        ("a", "kirshenbaum", "ipa, x-sampa, cmu-arpabet"),
    ],
)
def test_what_is_no_phoneme_is_told(phonemes: str, alphabet: str, why: str) -> None:
    with pytest.raises(AlphabetError, match=why):
        to_ipa(phonemes, alphabet, "")
