"""Voices and languages, judged by what the voices say when a request asks for them, and by pitch."""

from tests.support.derived_voices import LOW, MULTI, SPANISH
from tests.support.hearing import SENTENCE_SILENCE as BETWEEN
from tests.support.ssml_cases.case import cases
from tests.support.ssml_judges import Higher, Judge, Piece, Plain, Written, pronounced, sounds

_HOW = "How are you?"


def _spoken(voice: str | None) -> Judge:
    """Judge the middle one of three sentences by the voice that speaks it."""
    own: Piece = Plain(_HOW, {"voice": voice}) if voice else _HOW
    return sounds("Hello there.", BETWEEN, own, BETWEEN, "Fine.")


def _asking(attributes: str, voice: str | None) -> tuple[str, Judge]:
    return f"Hello there. <voice {attributes}>{_HOW}</voice> Fine.", _spoken(voice)


_LONG = "We were away all year, and nobody knew our new neighbours."
VOICES = cases(
    "`voice`",
    _asking(f"name='{LOW}'", LOW),
    _asking(f"name='{LOW.upper()}'", LOW),
    _asking(f"name='nobody {LOW} {SPANISH}'", LOW),
    _asking(f"name='nobody, {LOW}'", LOW),
    _asking("name='narrator'", "narrator"),
    _asking("name='deep'", f"{MULTI}#low"),
    _asking("name='nobody'", None),
    _asking("name='en-US-JennyNeural'", None),
    _asking("name='Kendra'", None),
    _asking(f"name='{MULTI}#high'", f"{MULTI}#high"),
    _asking(f"name='{MULTI}:high'", f"{MULTI}#high"),
    _asking(f"name='{MULTI}' speaker='low'", f"{MULTI}#low"),
    _asking(f"name='{MULTI}' speaker='1'", f"{MULTI}#high"),
    _asking(f"name='{MULTI}' speaker='nobody'", MULTI),
    _asking("languages='en-US'", None),
    _asking("languages='xx en'", None),
    _asking("gender='male'", None),
    _asking("gender='female'", None),
    _asking("gender='female' required='gender'", None),
    _asking("name='nobody' languages='en' required='name'", None),
    _asking("age='5'", None),
    _asking("variant='first'", None),
    _asking("", None),
    (f"Hello there. <voice languages='es'>{_HOW}</voice>",
     sounds("Hello there.", BETWEEN, Plain(_HOW, {"voice": SPANISH}))),
    (f"Hello there. <voice xml:lang='es-ES'>{_HOW}</voice>",
     sounds("Hello there.", BETWEEN, Plain(_HOW, {"voice": SPANISH}))),
    (f"<voice name='{MULTI}#high'>{_LONG}</voice>", Higher(_LONG, 3.16)),
    (f"<voice name='{MULTI}#low'>{_LONG}</voice>", Higher(_LONG, -2.81)),
    (f"Hello <voice name='{LOW}'>there</voice> you.",
     sounds("Hello", BETWEEN, Plain("there", {"voice": LOW}), BETWEEN, "you.")),
    (f"<voice name='{LOW}'>Hello there. <voice name='default'>{_HOW}</voice></voice>",
     sounds(Plain("Hello there.", {"voice": LOW}), BETWEEN, _HOW)),
    (f"<voice name='{LOW}'>Hello there. <voice name='{LOW}'>{_HOW}</voice></voice>",
     sounds(Plain("Hello there.", {"voice": LOW}), BETWEEN, Plain(_HOW, {"voice": LOW}))),
    (f"Hello there. <break time='700ms'/><voice name='{LOW}'>{_HOW}</voice>",
     sounds("Hello there.", 0.7, Plain(_HOW, {"voice": LOW}))),
    (f"<p>Hello there.</p><p><voice name='{LOW}'>{_HOW}</voice></p>",
     sounds("Hello there.", 0.625, Plain(_HOW, {"voice": LOW}))),
    (f"Hello there. <voice name='{LOW}' onvoicefailure='keepexisting' ordering='name'>{_HOW}</voice>",
     sounds("Hello there.", BETWEEN, Plain(_HOW, {"voice": LOW})), "`onvoicefailure`, `ordering`"),
    (f"Hello there. <voice name='{LOW}'>{_HOW}</voice> Fine.",
     Written(("Hello", "there", "How", "are", "you", "Fine"))),
)  # fmt: skip
_SPANISH = Plain("Buenos días, amigos.", {"voice": SPANISH})
LANGUAGES = cases(
    "`lang`, `xml:lang`",
    ("Hello there. <lang xml:lang='es-ES'>Buenos días, amigos.</lang>", sounds("Hello there.", BETWEEN, _SPANISH)),
    ("Hello there. <lang xml:lang='es-MX'>Buenos días, amigos.</lang>", sounds("Hello there.", BETWEEN, _SPANISH)),
    ("Hello there. <lang xml:lang='es'>Buenos días, amigos.</lang>", sounds("Hello there.", BETWEEN, _SPANISH)),
    ("Hello there. <s xml:lang='es-ES'>Buenos días, amigos.</s>", sounds("Hello there.", BETWEEN, _SPANISH)),
    ("<p>Hello there.</p><p xml:lang='es'>Buenos días, amigos.</p>", sounds("Hello there.", 0.625, _SPANISH)),
    ("<speak xml:lang='es-ES'>Buenos días, amigos.</speak>", sounds(_SPANISH)),
    ("<speak xml:lang='es-ES'><s>Buenos días, amigos.</s><s xml:lang='en-US'>Hello there.</s></speak>",
     sounds(_SPANISH, BETWEEN, "Hello there.")),
    ("He said <lang xml:lang='fr-FR'>bonjour</lang> to me.", pronounced("He said bonjour to me.", bonjour="bɔnʒˈuːɹ")),
    ("He said <lang xml:lang='fr'>bonjour</lang> to me.", pronounced("He said bonjour to me.", bonjour="bɔnʒˈuːɹ")),
    ("He said <w xml:lang='fr-FR'>bonjour</w> to me.", pronounced("He said bonjour to me.", bonjour="bɔnʒˈuːɹ")),
    ("He said <lang xml:lang='de-DE'>danke</lang> to me.", pronounced("He said danke to me.", danke="dˈæŋkə")),
    ("He said <lang xml:lang='en-US'>hello</lang> to me.", sounds("He said hello to me.")),
    ("He said <lang xml:lang='en'>hello</lang> to me.", sounds("He said hello to me.")),
    ("He said <lang xml:lang='tlh'>hello</lang> to me.",
     sounds("He said hello to me."), "languages that espeak-ng does not have"),
    ("He said <lang>hello</lang> to me.", sounds("He said hello to me.")),
    ("He said <lang xml:lang='../x'>hello</lang> to me.", sounds("He said hello to me.")),
    ("He said <lang xml:lang='tlh' onlangfailure='ignoretext'>hello</lang> to me.",
     sounds("He said hello to me."), "`onlangfailure`"),
    ("He said <lang xml:lang='fr-FR'>bonjour</lang> to me.", Written(("He", "said", "bonjour", "to", "me"))),
)  # fmt: skip
