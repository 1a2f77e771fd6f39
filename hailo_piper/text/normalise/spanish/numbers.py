"""Spanish numbers agree with their nouns: "veintiún libros", "segunda planta", "primer lugar"."""

import re

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.context import after, before
from hailo_piper.text.normalise.rule import DIGIT, Rule
from hailo_piper.text.normalise.wording import word_set

_ONES = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós",
    "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
)  # fmt: skip
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
)  # fmt: skip
_ORDINALS = (
    "", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo",
    "undécimo", "duodécimo",
)  # fmt: skip
_TENTHS = (
    "", "décimo", "vigésimo", "trigésimo", "cuadragésimo", "quincuagésimo", "sexagésimo", "septuagésimo",
    "octogésimo", "nonagésimo",
)  # fmt: skip


def cardinal(number: int) -> str:
    """Return a number below a million in words."""
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words.append("mil" if thousands == 1 else f"{_shortened(cardinal(thousands))} mil")
    if rest or not thousands:
        words.append(_below_thousand(rest))
    return " ".join(words)


def _below_thousand(number: int) -> str:
    if number == 100:
        return "cien"
    hundreds, rest = divmod(number, 100)
    return f"{_HUNDREDS[hundreds]} {_below_hundred(rest) if rest else ''}".strip() if hundreds else _below_hundred(rest)


def _below_hundred(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]} y {_ONES[ones]}" if ones else _TENS[tens]


def _shortened(words: str) -> str:
    if words.endswith("veintiuno"):
        return f"{words.removesuffix('uno')}ún"
    return words[:-1] if words.endswith("uno") else words


def ordinal(number: int, *, is_feminine: bool = False) -> str:
    """Return an ordinal, 1 to 199, in words."""
    if number >= 100:
        words = f"centésimo {ordinal(number - 100) if number > 100 else ''}".strip()
    elif number < len(_ORDINALS):
        words = _ORDINALS[number]
    else:
        tens, ones = divmod(number, 10)
        words = f"{_TENTHS[tens]} {_ORDINALS[ones]}".strip()
    return re.sub(r"o\b", "a", words) if is_feminine else words


_NOT_NOUNS = word_set(
    "después antes entonces mientras además apenas ellos ellas estos estas esos esas nosotros vosotros quizás jamás "
    "casi nuestros nuestras otras otros todas todos muchas muchos pocas pocos cuyas cuyos ambas ambos tales cuales "
    "quienes seis tres menos lunes martes miércoles jueves viernes tras atrás dios unas unos aguas abajo"
)
_MASCULINE = word_set(
    "días mapas problemas programas temas sistemas planetas poetas idiomas climas diplomas dramas poemas teoremas "
    "gramas turistas artistas dálmatas kilómetros sofás"
)
_FEMININE = word_set(
    "veces noches mujeres calles partes clases flores llaves luces nubes torres manos imágenes series fotos motos "
    "tardes leyes redes paredes voces naves claves bases fuentes muertes órdenes señales sedes cruces frases "
    "mujer noche foto moto flor mano calle "
    "hora semana tonelada libra taza persona página vez caloría milla pulgada onza hectárea kilocaloría"
)
_FEMININE_ENDS = ("as", "ciones", "siones", "dades", "tades", "tudes", "umbres")
_COUNTED = lazily(r"(?<![\w.,:/])(\d{1,6}) (mil )?(de )?(?!por\b|mil\b)([a-záéíóúñü]{3,20})\b")


def is_feminine(noun: str) -> bool:
    """Whether a noun is feminine, by its end."""
    if noun in _MASCULINE:
        return False
    return noun in _FEMININE or noun.endswith((*_FEMININE_ENDS, "a", "ción", "sión", "dad"))


def agree(spoken: str) -> str:
    """Return what a rule says with its figure agreeing with the noun: "21 kilómetros", "200 libras"."""
    return _COUNTED.sub(
        lambda match: f"{_agreeing(int(match[1]), match[4])} {match[2] or ''}{match[3] or ''}{match[4]}", spoken
    )


def _agreeing(number: int, noun: str) -> str:
    """Return a figure, or words where its gender or its short form is heard."""
    ends_in_one = number % 10 == 1 and number % 100 != 11
    if is_feminine(noun):
        if not ends_in_one and number % 1000 < 200 and number // 1000 < 200:
            return str(number)
        words = re.sub(r"(cient|quinient)os", r"\1as", cardinal(number))
        return f"{words[:-1]}a" if ends_in_one else words
    return _shortened(cardinal(number)) if ends_in_one else str(number)


_VERB_ENDS = ("amos", "emos", "imos", "ais", "éis")
_DATED = word_set("el del al día años año capítulo página número artículo nº")
_SINGULAR = word_set(
    "hora día año mes semana minuto segundo persona vez libro kilo metro litro taza cucharada cucharadita habitación "
    "millón noche plaza paquete botella huevo cebolla diente perro gato hijo hija hermano hermana euro dólar peso "
    "gramo punto casa manzana silla mesa niño niña chico chica mujer hombre amigo amiga coche vaso copa cama foto "
    "pregunta piso moneda caja lata copia canción película"
)


def _cardinal(match: re.Match[str]) -> str | None:
    """Return a figure before a plural noun, or one before a noun that is often counted."""
    number, noun = int(match[1].replace(".", "")), match[2]
    if before(match) in _DATED or noun in _NOT_NOUNS:
        return None
    if number == 1 and not noun.endswith("s"):
        return ("una" if is_feminine(noun) else "un") if noun in _SINGULAR else None
    if not noun.endswith("s") or (noun.endswith(_VERB_ENDS) and not noun.endswith("ramos")):
        return None
    spoken = _agreeing(number, noun)
    return None if spoken.isdigit() else spoken


NO_NOUN = word_set("de del y e o en a al con que por para hoy ayer se es fue izda dcha izq")


def _ordinal(match: re.Match[str]) -> str | None:
    """Return an ordinal; "25º" before no noun is a temperature."""
    number, suffix = int(match["number"]), match["suffix"].lower()
    noun = after(match).rstrip(".,;:!?»\"')")
    has_noun = noun.islower() and noun.isalpha() and noun not in NO_NOUN
    if not number or (number > 12 and suffix in {"º", "°"} and not match["stop"] and not has_noun):
        return None
    words = ordinal(number, is_feminine=suffix == "ª" or suffix.removesuffix("s").endswith("a"))
    if suffix in {"os", "as"}:
        return f"{words}s"
    is_short = words.endswith(("primero", "tercero")) and (suffix == "er" or (has_noun and suffix in {"º", "°"}))
    return words[:-1] if is_short else words


RULES = (
    Rule(
        name="ordinal",
        pattern=(
            r"(?<![\w.,/-])(?P<number>1?\d{1,2})(?:(?P<stop>\.)?(?P<suffix>[ºª]|er|[oa]s|(?<=\.)[oa](?= [a-z])|"
            r"[rdtmvn][oa])"
            r"(?![\w°]| ?[CFNSEO]\b))"
        ),
        say=_ordinal,
        needs=DIGIT,
    ),
    Rule(
        name="cardinal",
        pattern=r"(?<![\w.,:/+$-])(\d{1,3}(?:\.\d{3})|\d{1,6})(?= (?:mil )?([a-záéíóúñü]{3,20})\b)",
        say=_cardinal,
        needs=DIGIT,
    ),
)
