"""Polish rules."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.context import after, before, ended
from hailo_piper.text.normalise.continental import plain_numbers, quantities
from hailo_piper.text.normalise.electronic import addresses, versions
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.patterns import BLANK, FRACTION
from hailo_piper.text.normalise.polish.dates import DATES
from hailo_piper.text.normalise.polish.ordinals import ordinal
from hailo_piper.text.normalise.polish.words import (
    ABBREVIATIONS,
    BEFORE_NUMBERS,
    ELECTRONIC,
    INITIALISMS,
    LANGUAGE,
    LAST,
    OPERATORS,
    SYMBOLS,
)
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import (
    abbreviations,
    dimensions,
    initialisms,
    operators,
    proportions,
    say_digits,
    signs_of_figures,
    symbols,
    units_of_fractions,
    vulgar_fractions,
    word_set,
)

_LOCATIVE = word_set("w we o po na przy")


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return _RULES


def _century(match: re.Match[str]) -> str | None:
    value = roman(match[1])
    if value is None:
        return None
    word = match[2]
    ending = "ym" if before(match) in _LOCATIVE else "ego"
    if not word:  # "XIX i XX wieku"
        return ordinal(value, ending)
    if word.startswith("w"):
        return ended(match, f"{ordinal(value, ending)} wieku") if word != "wiek" else f"{ordinal(value, 'y')} wiek"
    return f"{ordinal(value, 'y')} {word}"


def _ruler(match: re.Match[str]) -> str | None:
    value = roman(match[2])
    if value is None or value > 30:
        return None
    name = match[1]
    if name.endswith("a"):
        is_woman = name in {"Elżbieta", "Katarzyna", "Małgorzata", "Maria", "Anna", "Kleopatra", "Beatrycze"}
        return f"{name} {ordinal(value, 'a' if is_woman else 'ego')}"
    if name.endswith(("y", "i", "ii")) and name[:-1] + "a" in {"Elżbieta", "Katarzyna", "Małgorzata", "Anna"}:
        return f"{name} {ordinal(value, 'ej')}"
    return f"{name} {ordinal(value, 'ym' if name.endswith('em') else 'emu' if name.endswith('owi') else 'y')}"


def _numbered(match: re.Match[str]) -> str | None:
    value = roman(match[2])
    if value is None:
        return None
    return f"{match[1]} {ordinal(value, _NUMBERED[match[1].lower()])}"


_NUMBERED = {
    "rozdział": "y", "rozdziału": "ego", "rozdziale": "ym", "tom": "y", "tomu": "ego", "tomie": "ym", "część": "a",
    "części": "ej", "akt": "y", "klasa": "a", "klasy": "ej", "księga": "a", "etap": "y", "etapu": "ego",
}  # fmt: skip


def before_noun(match: re.Match[str]) -> str | None:
    """Return an ordinal by the ending of the noun after it: "pierwsze miejsce", "druga wojna", "drugiej wojny"."""
    value = int(match[1]) if match[1].isdigit() else roman(match[1])
    noun = after(match).rstrip(".,;:!?")
    if not value or not noun[:1].isalpha():
        return None
    if noun.endswith("em") or noun in _LOCATIVES or (noun.endswith("u") and before(match) in _LOCATIVE):
        ending = "ym"
    elif noun.endswith("ę"):
        ending = "ą"
    elif noun.endswith("a"):
        ending = "a"
    elif noun.endswith(("ie", "y", "i")):
        ending = "ej"
    elif noun.endswith(("o", "e")):
        ending = "e"
    else:
        ending = "ego" if noun.endswith("u") else "y"
    return ordinal(value, ending)


_LOCATIVES = word_set(
    "piętrze miejscu roku etapie meczu dniu rzędzie tomie rozdziale semestrze kwartale akcie sezonie punkcie tygodniu "
    "miesiącu odcinku"
)


def _street(match: re.Match[str]) -> str:
    """Return a street or an avenue in the case that a preposition asks for: "przy ulicy", "na ulicę Długą"."""
    preposition, name = before(match), after(match).rstrip(".,;:!?")
    forms = _STREETS[match[1].lower()]
    if name.endswith("ą"):
        return forms[3] if preposition in {"nad", "pod", "za", "przed", "między", "z"} else forms[2]
    return forms[preposition in {"przy", "na", "z", "od", "do", "w", "po", "ze", "we", "u", "koło", "obok", "wzdłuż"}]


_STREETS = {
    "ul": ("ulica", "ulicy", "ulicę", "ulicą"), "al": ("aleja", "alei", "aleję", "aleją"),
    "pl": ("plac", "placu", "plac", "placem"),
}  # fmt: skip


def _saint(match: re.Match[str]) -> str:
    """Return "saint" as it agrees with the name: "święta Anna", "świętej Anny", "świętego Jana"."""
    name = after(match).rstrip(".,;:!?)")
    if name.endswith(("ą", "ę")):
        return "świętą"
    if name[:-1] in _WOMEN and name[-1] in "ayieo":
        return "święta" if name[-1] == "a" else "świętej"
    if name.endswith("ii"):
        return "świętej"
    return "świętego" if name.endswith(("a", "ego")) else "świętym" if name.endswith("em") else "święty"


_WOMEN = word_set(
    "Ann Barbar Katarzyn Teres Mari Jadwig King Łucj Faustyn Cecyli Magdalen Rit Monik Klar Agat Agnieszk "
    "Elżbiet Małgorzat Weronik Zofi Rodzin Helen Urszul Joann"
)


def _title(match: re.Match[str]) -> str:
    """Return "Mr" or "Mrs" as it agrees with the name: "pani Kowalska", "pana Kowalskiego"."""
    name = after(match).rstrip(".,;:!?)")
    if name.endswith(("a", "ej", "ą")):
        return "panią" if name.endswith("ą") else "pani"
    return {"go": "pana", "mu": "panu", "im": "panem", "em": "panem"}.get(name[-2:], "pan")


def _fraction(match: re.Match[str]) -> str | None:
    whole, top, bottom = match[1], int(match[2]), int(match[3])
    if top >= bottom or (bottom > 12 and bottom not in {16, 20, 100}):
        return None
    if bottom == 2:
        if whole == "1":
            return "półtorej" if after(match).endswith(("y", "i")) else "półtora"
        spoken = "pół"
    elif top == 1:
        spoken = f"jedna {ordinal(bottom, 'a')}"
    else:
        few = {2: "dwie", 3: "trzy", 4: "cztery"}
        spoken = f"{few.get(top, top)} {ordinal(bottom, 'e' if top in few else 'ych')}"
    return f"{whole} i {spoken}" if whole else spoken


def telephone(match: re.Match[str]) -> str:
    """Return a telephone number in groups that are numbers, or digit by digit."""
    groups = re.findall(r"\d+", match[0])
    if all(len(group) in {2, 3} and group[0] != "0" for group in groups):
        return ("plus " if match[0].startswith("+") else "") + ", ".join(groups)
    return say_digits(match[0])


_RULES: Sequence[Rule] = (
    *addresses(ELECTRONIC),
    *DATES,
    Rule(
        name="phone",
        pattern=r"(?<![\w.,/-])(?:(?:\+\d{2} ?|(?<=tel\. ))[1-9]\d(?: \d{2,3}){3}|\+\d{2} ?[1-9]\d\d(?:[ -]?\d{3}){2}|"
        r"(?<=tel\. )[1-9]\d\d(?:[ -]?\d{3}){2})(?!\w|[ .,-]\d)",
        say=telephone,
        needs=DIGIT,
    ),
    Rule(
        name="phone",
        pattern=r"(?:(?<=numer )|(?<=numerem )|(?<=pod )|(?<=telefon )|(?<![\w.,/-])(?=\d{3}-))"
        r"[1-9]\d\d[ -]\d{3}[ -]\d{3}(?!\w|[ .,-]\d)",
        say=telephone,
        needs=DIGIT,
    ),
    Rule(name="abbreviation", pattern=r"(?<=\d )m\.(?= ?\d)", say=lambda _: "mieszkania", needs="."),
    Rule(
        name="unit",
        pattern=rf"(?<=\d){BLANK}?m{BLANK}?n\.p\.m\.",
        say=lambda match: ended(match, " metrów nad poziomem morza"),
        needs=".",
    ),
    *quantities(LANGUAGE),
    Rule(name="roman", pattern=r"\b([IVX]{1,6}) (wieku|wiek|w\.)(?!\w)", say=_century, needs="IVX"),
    Rule(name="roman", pattern=r"\b([IVX]{1,6})()(?= (?:i|oraz|lub|do) [IVX]{1,6} w)", say=_century, needs="IVX"),
    Rule(
        name="roman",
        pattern=rf"\b({'|'.join(_NUMBERED)}) ([IVX]{{1,6}})\b",
        say=_numbered,
        needs="IVX",
        ignore_case=True,
    ),
    Rule(name="roman", pattern=r"\b([A-ZŁŚŻ][a-ząćęłńóśźż]{2,20}) ([IVX]{2,6})\b(?![-'’.]\w)", say=_ruler, needs="IVX"),
    Rule(name="roman", pattern=r"\b(Karol|Henryk|Filip|Zygmunt|August|Jan|Jerzy) ([IV])\b", say=_ruler, needs="IV"),
    Rule(name="roman", pattern=r"\b([IVX]{2,6})(?= [a-ząćęłńóśźż]{3})", say=before_noun, needs="IVX"),
    Rule(name="roman", pattern=r"\b([IV])(?= (?:wojn|Rzecz|klas|miejsc|etap|lig))", say=before_noun, needs="IV"),
    Rule(name="ordinal", pattern=r"(?<![\w.,])(\d{1,3})\.(?= [a-ząćęłńóśźż]{3})", say=before_noun, needs=DIGIT),
    Rule(name="fraction", pattern=FRACTION, say=_fraction, needs="/"),
    vulgar_fractions(lambda match: f"{match[1]} i {SYMBOLS[match[2]]}" if match[1] else SYMBOLS[match[2]]),
    units_of_fractions(LANGUAGE, form=3),
    proportions("range", "do"),
    dimensions(LANGUAGE.by),
    *plain_numbers(LANGUAGE),
    *versions(ELECTRONIC),
    Rule(name="abbreviation", pattern=r"(?<=\b[Ww] )br\.", say=lambda match: ended(match, "bieżącym roku"), needs="."),
    abbreviations(BEFORE_NUMBERS, before_numbers=True),
    Rule(name="abbreviation", pattern=r"\b([Uu]l|[Aa]l|[Pp]l)\.(?= ?\w)", say=_street, needs="."),
    Rule(name="abbreviation", pattern=r"\b[śŚ]w\.(?= ?[A-ZŁŚŻ])", say=_saint, needs="."),
    Rule(name="abbreviation", pattern=r"\bp\.(?= [A-ZŁŚŻ][a-ząćęłńóśźż]{2})", say=_title, needs="."),
    Rule(name="abbreviation", pattern=r"\bpt\.(?= [A-ZŁŚŻ„\"«])", say=lambda _: "pod tytułem", needs="."),
    Rule(name="abbreviation", pattern=r"\bpor\.(?= [A-ZŁŚŻ])", say=lambda _: "porucznik", needs="."),
    abbreviations(ABBREVIATIONS),
    abbreviations(LAST, last=True),
    initialisms(INITIALISMS),
    Rule(name="symbol", pattern=rf"§{{1,2}}{BLANK}?", say=lambda _: "paragraf ", needs="§"),
    Rule(name="symbol", pattern=r"\bi/lub\b", say=lambda _: "i lub", needs="/"),
    *signs_of_figures("około", "numer"),
    operators(OPERATORS),
    symbols(SYMBOLS),
)
