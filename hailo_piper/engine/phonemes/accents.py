"""Speakers of a language replace foreign sounds by these of their own, which are not always the nearest.

They are what handbooks of phonetics and of loanwords agree on: Germans say z for the th of "this", Italians d.
"""

from collections.abc import Mapping


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Read a table: "ð z d; h -" says z for ð, or d where there is no z, and nothing for h."""
    rows = (row.split() for row in text.replace("\n", ";").split(";") if row.strip())
    return {foreign: tuple("" if one == "-" else one for one in own) for foreign, *own in rows}


ANYWHERE: Mapping[str, tuple[str, ...]] = _table("""
    ʎ lj l; ɲ nʲ nj n; ŋ nɡ n; ɱ m; x χ h k; χ x h k; ç ʃ x h; ɣ ɡ; β b v ʋ; θ s t; ð d z; h ɦ x χ -
    ɦ h x χ -; ħ h χ x -; ʔ -; ʕ -; w ʋ v u; ʍ w v; ʋ v w β; v ʋ w β b f; ɥ j w; j ʝ i; ʝ j
    tʃ tɕ tʃʲ tʂ ts; dʒ dʑ dʐ tʃ tɕ dz; tɕ tʃ tʃʲ ts; dʑ dʒ dʐ tʃ dz; tʂ tʃ tɕ ts; dʐ dʒ dʑ tʃ dz
    ʃ ʂ ɕ s; ʒ ʐ ʑ ʃ z; ɕ ʃ ʂ ç s; ʑ ʒ ʐ z; ʂ ʃ ɕ s; ʐ ʒ ʑ z; r̝ rʒ ʒ rʃ ʃ; z s; c tʲ kj k; ɟ dʲ dj ɡ; q k
    ɢ ɡ; ɸ f; ɬ l; ɮ l; ɫ l ɭ; l ɫ ɭ; ɭ l; ʟ l; ɡ g k; g ɡ k; ɗ d; ɓ b; ɠ ɡ; ʈ t; ɖ d; ɳ n; ɧ ʃ x; ɰ w ɡ
    p b f
""")
"""For every language that has no line of its own."""
OWN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": _table("""
        a æ ɑː; aː ɑː; ɑ ɑː; e eɪ; o oʊ əʊ; ɔ ɔː; œ ɜː; ø ɜː; y uː; ʏ ʊ; ʉ uː; ɯ ʊ; u uː; ɚ ɚ ə; ɜ ɚ ə; ɐ̯ ɚ ə; ɤ ʌ
        ɨ ɪ; ɵ ʊ; ɛ̃ æn an; œ̃ ʌn; ɥ w; c k; ɟ ɡ; ʋ v
    """),
    "de": _table("""
        ð z; θ s; w v; æ ɛ; ʌ a; ɒ ɔ; ɑ a; ɜː œ; ɚ ɜ; eɪ eː; oʊ oː; əʊ oː; ɔɪ ɔø; ɛɪ aɪ; ʌʊ aʊ; u uː; i iː
        e eː; o oː; ʒ ʃ; β b; ɥ y; ɐ a; ᵻ ɪ
    """),
    "fr": _table("""
        ð z; θ s; x k; χ k; ç ʃ; h -; ɦ -; eɪ ɛj; oʊ o; əʊ o; æ a; ʌ œ; ɜ œ; ɜː œ; ɚ œʁ; ɒ ɔ; ɑ a; ɐ a; ɪ i
        ʊ u; ɨ i; ɯ u; ʏ y; ʉ y; ŋ nɡ n; ʋ v; β b
    """),
    "es": _table("""
        ʃ tʃ; ʒ ʝ; dʒ ʝ; z s; v b; ʋ b; h x; ɦ x; ç x; ɪ i; ʊ u; æ a; ʌ a; ə e; ɚ eɾ; ɜ e; ɜː e; ɒ o; ɔ o
        ɑ a; ɐ a; y u; ʏ u; ø e; œ e; ɯ u; ɨ i; ts ts; eɪ ei; oʊ o; əʊ o; ɣ ɡ
    """),
    "it": _table("""
        θ t; ð d; h -; ɦ -; x k; χ k; ç k; ʒ dʒ; ɪ i; ʊ u; æ ɛ; ʌ a; ə e; ɚ er; ɜ e; ɜː ɛ; ɒ ɔ; ɑ a; ɐ a
        y u; ʏ u; ø e; œ ɛ; ɯ u; ɨ i; eɪ ei; oʊ o; əʊ o
    """),
    "pt": _table("""
        θ t; ð d; h x ʁ; ɦ x ʁ; x ʁ x k; χ ʁ x k; ç ʃ; ɪ i; æ ɛ; ʌ ɐ a; ɜ e; ɜː e; ɚ eɾ; ɒ ɔ; ɑ a; y u; ʏ u
        ø e; œ ɛ; ɯ u; ɨ i; oʊ o; əʊ o; ʎ ʎ lj
    """),
    "nl": _table("""
        θ t; ð d; w ʋ; æ ɛ; ʌ ɵ; ɜ ə; ɜː øː; ɚ ər; ɒ ɔ; ʊ u; a ɑ; ɡ k; ɣ ɣ; tʃ tʃ; dʒ dʒ; ʒ z ʃ; eɪ eː
        oʊ oː; əʊ oː; aʊ ʌʊ; ɔø ɔj; aɪ ɑj; ç x; χ x; œ ɵ; ø øː; ʏ ɵ; e eː; o oː
    """),
    "pl": _table("""
        θ t; ð d; h x; ɦ x; ç x; χ x; ɪ ɨ; iː i; æ ɛ; ʌ a; ə ɛ; ɚ ɛr; ɜ ɛ; ɜː ɛ; ɒ ɔ; ɑ a; y i; ʏ i; ø ɛ
        œ ɛ; ɯ u; ʊ u; eɪ ɛj; oʊ ɔw; əʊ ɔw; ʎ lj
    """),
    "ru": _table("""
        θ t; ð d; w v; h x; ŋ n; ʊ u; y u; ʏ u; ø o; œ o; ɜː o; ə ʌ; æ ɛ; ʒ ʒ
    """),
}
"""A family of languages to a foreign sound and what is said for it, the first that the voice has."""
SPOKEN_AS: Mapping[str, Mapping[str, str]] = {
    "en": {"ɾ": "t"},
    "de": {"ɜ": "ɚ"},
    "hi": {"c": "tʃ", "ɟ": "dʒ", "cʰ": "tʃ", "ɟʰ": "dʒ"},
    "ur": {"c": "tʃ", "ɟ": "dʒ", "cʰ": "tʃ", "ɟʰ": "dʒ"},
    "ne": {"c": "tʃ", "ɟ": "dʒ"},
    "te": {"c": "tʃ", "ɟ": "dʒ"},
    "tr": {"c": "k", "ɟ": "ɡ"},
}
"""The language that a word is of, to signs of espeak-ng's that mean another sound there than in the IPA."""
ALLOPHONES: Mapping[str, Mapping[str, str]] = {
    "es": {"ð": "d", "β": "b", "ɣ": "ɡ"},
    "ca": {"ð": "d", "β": "b", "ɣ": "ɡ"},
    "eu": {"ð": "d", "β": "b", "ɣ": "ɡ"},
    "uk": {"β": "v"},
    "da": {"ð": "d"},
}
"""The language that a word is of, to sounds that are said for others where these are weak."""
