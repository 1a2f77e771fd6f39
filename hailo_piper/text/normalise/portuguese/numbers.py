"""Portuguese numbers agree with their nouns: "duas horas", "vinte e uma pessoas", "terceira vez"."""

import re

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import after, before
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

_ONES = (
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
    "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove",
)  # fmt: skip
_TENS = ("", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa")
_HUNDREDS = (
    "", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos",
    "novecentos",
)  # fmt: skip
_ORDINALS = (
    "", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono",
)  # fmt: skip
_TENTHS = (
    "", "décimo", "vigésimo", "trigésimo", "quadragésimo", "quinquagésimo", "sexagésimo", "septuagésimo",
    "octogésimo", "nonagésimo",
)  # fmt: skip


def cardinal(number: int) -> str:
    """Return a number below a thousand in words."""
    if number == 100:
        return "cem"
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds]] if hundreds else []
    if rest >= len(_ONES):
        words.append(_TENS[rest // 10])
        rest %= 10
    if rest or not words:
        words.append(_ONES[rest])
    return " e ".join(words)


def ordinal(number: int, *, is_feminine: bool = False) -> str:
    """Return an ordinal, 1 to 199, in words."""
    if number >= 100:
        rest = ordinal(number - 100, is_feminine=is_feminine) if number > 100 else ""
        return f"{'centésima' if is_feminine else 'centésimo'} {rest}".strip()
    tens, ones = divmod(number, 10)
    words = f"{_TENTHS[tens]} {_ORDINALS[ones]}".strip()
    return re.sub(r"o\b", "a", words) if is_feminine else words


_MASCULINE = word_set(
    "dias mapas problemas programas temas sistemas planetas poetas idiomas climas dramas poemas gramas quilogramas "
    "miligramas microgramas turistas artistas atletas dia grama"
)
_NOT_NOUNS = word_set("mas apenas depois elas delas nelas estas essas aquelas outras todas muitas poucas umas das nas")
_FEMININE = word_set(
    "vezes noites mulheres partes classes flores chaves luzes nuvens torres mãos fotos motos tardes leis redes vozes "
    "bases fontes mortes ordens imagens viagens páginas vez noite parte mulher foto moto flor mão"
)


def is_feminine(noun: str) -> bool:
    """Whether a noun is feminine, by its end."""
    if noun in _MASCULINE:
        return False
    return noun in _FEMININE or noun.endswith(("as", "ções", "sões", "dades", "gens", "a", "ção", "são", "dade", "gem"))


_COUNTED = lazily(r"(?<![\w.,:/])(\d{1,3}) ([a-zà-ú]{3,20})\b")


def feminine(number: int) -> str:
    """Return a number below a million before a feminine noun; in figures where no gender is heard."""
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _feminine(number)
    many, few = _feminine(thousands), _feminine(rest)
    if many.isdigit() and few.isdigit():
        return str(number)
    many = cardinal(thousands) if many.isdigit() else many
    few = cardinal(rest) if few.isdigit() else few
    spoken = "mil" if thousands == 1 else f"{many} mil"
    link = " e " if rest <= 100 or rest % 100 == 0 else " "
    return f"{spoken}{link}{few}" if rest else spoken


def _feminine(number: int) -> str:
    """Return a number below a thousand before a feminine noun; in figures where no gender is heard."""
    if (number % 10 not in {1, 2} and number < 200) or (number % 100 in {11, 12} and number < 200):
        return str(number)
    words = (
        re.sub(r"entos\b", "entas", cardinal(number)).replace("duzentos", "duzentas").replace("trezentos", "trezentas")
    )
    words = re.sub(r"\bdois$", "duas", words)
    return re.sub(r"\bum$", "uma", words)


def agree(spoken: str) -> str:
    """Return what a rule says with its figure agreeing with the noun: "2 horas" as "duas horas"."""
    return _COUNTED.sub(
        lambda match: f"{feminine(int(match[1])) if is_feminine(match[2]) else match[1]} {match[2]}", spoken
    )


_DATED = word_set("o do dia ano anos capítulo página número artigo no ao")
_ONE = word_set(
    "hora semana pessoa vez xícara colher página noite garrafa cebola casa mesa cadeira caneta maçã laranja menina "
    "moça mulher filha irmã amiga porta janela foto carta moeda caixa lata palavra pergunta música camisa cama tonelada"
)


def _cardinal(match: re.Match[str]) -> str | None:
    number, noun = int(match[1].replace(".", "")), match[2]
    if before(match) in _DATED or noun in _NOT_NOUNS or not is_feminine(noun):
        return None
    if not noun.endswith("s"):
        return "uma" if number == 1 and noun in _ONE else None
    spoken = feminine(number)
    return None if spoken.isdigit() else spoken


def _ordinal(match: re.Match[str]) -> str | None:
    """Return an ordinal; "25º" before no noun is a temperature."""
    number, suffix = int(match[1]), match[2]
    has_noun = after(match)[:1].isalpha()
    if not number or (not has_noun and (suffix == "°" or (suffix == "º" and number > 12))):
        return None
    words = ordinal(number, is_feminine=suffix.removesuffix("s") in {"ª", "a"})
    return f"{words}s" if suffix.endswith("s") else words


RULES = (
    Rule(
        name="ordinal",
        pattern=r"(?<![\w.,/-])(1?\d{1,2})\.?([ºª°]|[oa]s(?= [a-zà-ú]{3})|[oa](?= [a-zà-ú]{3}))(?![\w°]| ?[CF]\b)",
        say=_ordinal,
        needs=DIGIT,
    ),
    Rule(
        name="cardinal",
        pattern=r"(?<![\w.,:/+$-])(\d{1,3}\.\d{3}|\d{1,6})(?= (?:mil )?([a-zà-ú]{3,20})\b)",
        say=_cardinal,
        needs=DIGIT,
    ),
)
