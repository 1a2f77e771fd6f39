"""German ordinals agree with what stands before them: "der dritte", "am dritten", "dritter Platz"."""

import re

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import after, ended
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

_ONES = (
    "null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
    "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
)  # fmt: skip
TENS = ("", "zehn", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_IRREGULAR = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}

_WEAK = word_set(
    "am im vom zum zur beim dem den des ins ans ab bis seit einem einen einer eines meinem meinen meiner seinem "
    "seinen seiner ihrem ihren ihrer unserem unseren unserer deinem deinen deiner diesem diesen jedem jeden keinem "
    "keinen keiner allen"
)
"""After these an ordinal ends in -en."""
_SOFT = word_set("der die das diese eine meine deine seine ihre unsere jede jeder keine dieser jenes welche")
"""... and after these in -e."""
_BEFORE_DATIVE = word_set(
    "in an auf mit von zu bei nach seit aus vor neben unter über hinter zwischen während wegen ab trotz laut"
)
"""Before "der" they make it a dative, after which an ordinal ends in -en: "in der 2. Klasse"."""
_EITHER = word_set("dieses jedes jenes welches")
"""After these an ordinal ends in -e, but in -en before a genitive: "jedes 2. Kind", "dieses 3. Kapitels"."""
_INDEFINITE = word_set("ein kein mein dein sein ihr unser euer")
_VERBS = word_set("wurde wird werde ist war bin sei als")
"""Where no noun follows these, an ordinal is a place in a contest: "sie wurde 2. im Rennen"."""
_FIRST = lazily(r"(?:\d{1,3}\.){1,2}(?:\d{2,4})? ?(?:bis|und|oder|sowie|–|-|/)(?: zum)? ?$")
_NEUTER = lazily(
    "(?:mal|kapitel|hundert|jahrzehnt|tausend|semester|quartal|viertel|drittel|(?<![a-zäöüß])tor|gentor|spiel|jahr|gebot|auto|kind|haus|buch|"
    "bild|bier|(?<!g)rad|album|handy|geschlecht|opfer|ziel|stück|programm|treffen|finale|leben|geschoss|stockwerk|zimmer|"
    "fenster|konzert|lied|date|gleis|regiment|(?<!be)reich|gespräch|training|update|modell|gesetz|(?<!ant)wort|mitglied|team|rennen|"
    "turnier|(?<!ku)chen|lein|(?<!mo)ment|ium|bein|foto|video|gericht|glas|heft|werk|studium|tier|boot|schiff|zeichen|thema|problem)$"
)
_FEMININE = lazily(
    "(?:(?<!nam)(?<!jung)(?<!kund)(?<!deutsch)(?<!gedank)(?<!käs)(?<!franzos)(?<!end)(?<!kolleg)(?<!zeug)(?<!buchstab)"
    "e|ung|heit|keit|schaft|tion|ität|liga|zeit|staffel|saison|person|frau|tür|kammer|republik|ie|instanz|dosis|"
    "nacht|hand|wahl|chance|zahl|fassung|version)$"
)
_WOMEN = word_set(
    "elisabeth katharina maria margarete beatrix christina victoria viktoria anna isabella johanna margarethe"
)
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
MONTH = rf"(?:{'|'.join(MONTHS)}|Jänner)"


def stem(number: int) -> str:
    """Return an ordinal, 1 to 999, without its ending: "dritt", "einundzwanzigst"."""
    hundreds, rest = divmod(number, 100)
    start = "" if not hundreds else ("hundert" if hundreds == 1 else f"{_ONES[hundreds]}hundert")
    if rest in _IRREGULAR:
        return start + _IRREGULAR[rest]
    if not rest:
        return f"{start}st"
    if rest < 20:
        return f"{start}{_ONES[rest]}t"
    tens, ones = divmod(rest, 10)
    return f"{start}{_ONES[ones] + 'und' if ones else ''}{TENS[tens]}st"


def ending(match: re.Match[str]) -> str:
    """Return the ending of an ordinal by the words around it."""
    # "am 1. und 2. Mai": what stands before the first goes for both.
    text = _FIRST.sub("", match.string[max(0, match.start() - 40) : match.start()])
    written = ["", "", *re.sub('[,„“"»«(]', " ", text).split()]
    words = [word.lower() for word in written]
    earlier, article = words[-2:]
    noun = after(match).strip(".,;:!?\"'“”’»)")
    if earlier in _WEAK | _SOFT | _INDEFINITE and (
        adjective := re.fullmatch(r"[a-zäöüß]{2,30}(en|e|er|es)", written[-1])
    ):
        return adjective[1]
    if article in _VERBS and not noun[:1].isupper():
        return "e" if earlier == "sie" else "er"
    found = _after_article(earlier, article, noun.lower())
    if not found and written[-1][:1].isupper():  # "ein Abteil 1. Klasse", "Verbrennungen 2. Grades"
        found = "en" if noun.endswith("es") else "er" if earlier and _FEMININE.search(noun.lower()) else None
    return found or _ending_alone(noun.lower(), is_dative=article in _BEFORE_DATIVE)


def _after_article(earlier: str, article: str, noun: str) -> str | None:
    """Return the ending after a definite article, or a word like it; None after others."""
    if article in _WEAK:
        return "en"
    if article in _EITHER:
        return "en" if noun.endswith("s") else "e"
    if article in _SOFT:
        # A feminine noun after "der" is a dative or genitive, a noun in -en after "die" a plural.
        is_oblique = article in {"der", "dieser", "jeder"} and (earlier in _BEFORE_DATIVE or _FEMININE.search(noun))
        is_plural = article in {"die", "diese", "meine", "seine", "ihre", "unsere"} and noun.endswith("en")
        return "en" if is_oblique or is_plural else "e"
    return None


def _ending_alone(noun: str, *, is_dative: bool) -> str:
    """Return the ending where no article shows gender and case: "ein zweites Kind", "in zweiter Ehe"."""
    if _NEUTER.search(noun):
        return "em" if is_dative else "es"
    if _FEMININE.search(noun):
        return "er" if is_dative else "e"
    return "em" if is_dative and noun[:1].isalpha() else "er"


def _ordinal(match: re.Match[str]) -> str:
    return ended(match, stem(int(match[1])) + ending(match))


def _of_century(match: re.Match[str]) -> str | None:
    value = roman(match[1])
    return None if value is None else stem(value) + ending(match)


def _ruler(match: re.Match[str]) -> str | None:
    """Return a ruler's number: "Ludwig der Vierzehnte", "unter Ludwig dem Vierzehnten", "Elisabeth die Zweite"."""
    value = roman(match["numeral"])
    if value is None or value > 30:
        return None
    return ended(match, _with_article(match, stem(value).capitalize()))


def _with_article(match: re.Match[str], ordinal: str) -> str:
    name = match["name"]
    words = match.string[max(0, match.start() - 60) : match.start()].split()
    while words and words[-1][0].isupper() and len(words) > 1:  # "unter Papst Johannes Paul II."
        words.pop()
    preposition = words[-1].lower() if words else ""
    if name.lower() in _WOMEN:
        article = "der" if preposition in _AFTER_DATIVE else "die"
        return f"{name} {article} {ordinal}{'en' if article == 'der' else 'e'}"
    if match["genitive"]:
        return f"{name}s des {ordinal}en"
    if preposition in _AFTER_DATIVE:
        return f"{name} dem {ordinal}en"
    return f"{name} den {ordinal}en" if preposition in {"für", "gegen", "durch", "ohne"} else f"{name} der {ordinal}e"


_AFTER_DATIVE = word_set("unter von mit bei nach seit zu dem vom zum beim aus")
_NAMES = (
    "Ludwig|Karl|Friedrich|Wilhelm|Heinrich|Otto|Franz|Josef|Joseph|Leopold|Johannes|Paul|Benedikt|Pius|Leo|Gregor|"
    "Innozenz|Urban|Klemens|Clemens|Elisabeth|Katharina|Maria|Margarete|Beatrix|Christina|Victoria|Viktoria|Isabella|"
    "Georg|Eduard|Richard|Jakob|Philipp|Peter|Nikolaus|Alexander|Iwan|Gustav|Adolf|Christian|Albert|Napoleon|"
    "Maximilian|Rudolf|Ferdinand|Konrad|Ramses|Ptolemäus|August|Adolf|Charles|Harald|Carl|Umberto|Felipe|Juan Carlos|"
    "Sixtus|Alfons|Ernst|Sigismund|Matthias|Louis|Henry|James|Franziskus|Kleopatra|Friedrich Wilhelm|Johann|Victor"
)

RULES = (
    Rule(
        name="roman",
        pattern=rf"\b(?P<name>{_NAMES})(?P<genitive>(?<!Johanne)s(?= ))? (?P<numeral>[IVX]{{1,6}})(?:\.(?!\w)|\b)",
        say=_ruler,
        needs="IVX",
    ),
    Rule(
        name="roman",
        pattern=r"(?<![\w.])([IVX]{1,6})\.(?=[ -](?:Jahrhundert|Jh\.|Weltkrieg|Quartal|Semester|Rang|Klasse|Liga|Akt))",
        say=_of_century,
        needs="IVX",
    ),
    Rule(
        name="ordinal",
        pattern=r"(?<![\w.,:])(\d{1,3})\.(?= ?(?:bis|und|oder|sowie|–|-|/) ?(?:zum |am |der )?\d{1,3}\. )",
        say=_ordinal,
        needs=DIGIT,
    ),
    Rule(
        name="ordinal",
        pattern=r"(?<![\w.,:])(\d{1,3})\.(?=[ \u00a0\u202f-](?:[A-ZÄÖÜ]?[a-zäöüß]{2}|FC|SC|FSV|TV|SV|OG|UG))",
        say=_ordinal,
        needs=DIGIT,
    ),
    Rule(
        name="ordinal",
        pattern=r"(?:(?<=\b[Dd]er )|(?<=\b[Dd]en )|(?<=\b[Dd]em )|(?<=\b[Aa]m )|(?<=\b[Zz]um )|(?<=\b[Vv]om ))"
        r"([12]?\d|3[01])\.(?=[,;:!?]|$)",
        say=_ordinal,
        needs=DIGIT,
    ),
)
"""The splitter has cut a sentence that ends in a number: a number with a full stop before a word is an ordinal."""
