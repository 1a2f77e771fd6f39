"""English rules for Roman numerals, initialisms, formulas, symbols and words in capitals."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.english.numbers import ordinal
from hailo_piper.text.normalise.numbers import roman
from hailo_piper.text.normalise.rule import Rule

_NUMERAL = r"(?P<numeral>[IVX]{1,8}|[IVXL]{2,8})"
_NUMBERED = (
    r"\b(?P<word>(?:(?:World War|Super Bowl|Final Fantasy|Star Wars|Grand Theft Auto|Vatican|Elizabeth Tudor)|"
    r"[Cc]hapters?|CHAPTER|[Pp]arts?|PART|[Aa]ct|ACT|[Vv]olume|[Bb]ook|[Ss]ection|[Aa]rticle|[Pp]hase|[Tt]ype"
    r"|[Cc]lass|[Ll]evel|"
    r"[Ss]tage|[Aa]ppendix|[Tt]itle|[Ee]pisode|[Ss]eason|[Ff]igure|[Tt]able|[Ss]cene|[Ll]esson|[Uu]nit|[Gg]rade"
    r"|[Mm]ark|[Gg]roup|"
    r"[Ss]tep|[Tt]ier|[Oo]ption|[Ee]xhibit|[Aa]mendment|[Pp]salm|[Cc]anto|[Ss]onnet|[Ss]ymphony|[Cc]oncerto|Rocky"
    r"|Apollo|Saturn|"
    r"Version|Windows|Mk|No\.|no\.|vol\.|Vol\.|ch\.|Ch\.|Fig\.|fig\.|Op\.) )"
    rf"{_NUMERAL}(?![\w'’]|\.\w)(?! (?:am|have|was|had|think|will|would|want|need|can|could|did|do|saw|like|love"
    rf"|wrote|read|don|know)\b)"
)
_LOWER = (
    r"\b(?P<word>(?:[Cc]hapter|[Pp]art|[Vv]olume|[Bb]ook|[Ss]ection|[Aa]ct|[Ss]cene|[Pp]age|[Ff]igure|[Ss]tep|p\."
    r"|pp\.) )(?P<numeral>[ivx]{2,7}|[v])\b"
)
_RULERS = (
    "Henry|Louis|Charles|James|George|Edward|William|Richard|Elizabeth|Mary|Philip|Ramses|Ramesses|Napoleon"
    "|Wilhelm|Friedrich|"
    "Frederick|Pius|Paul|Benedict|Leo|Gregory|Innocent|Alexander|Nicholas|Ivan|Peter|Catherine|Francis|Ferdinand"
    "|Alfonso|Felipe|"
    "Carlos|Carl|Gustav|Gustaf|Gustavus|Christian|Harald|Haakon|Otto|Rudolf|Joseph|Leopold|Albert|Margaret"
    "|Margrethe|Ptolemy|"
    "Darius|Xerxes|Cyrus|Urban|Clement|Boniface|Sixtus|Julius|Constantine|Justinian|Theodosius|Stephen|Robert"
    "|David|Malcolm|"
    "Umberto|Emmanuel|Pedro|Manuel|Sebastian|Mehmed|Murad|Selim|Suleiman|Amenhotep|Thutmose|Seti|John|Karl"
    "|Maximilian|Matthias|"
    "Sigismund|Casimir|Baldwin|Tiberius|Eugene|Celestine|Honorius|Adrian|Martin|Nicholas|Cleopatra|Bismarck"
    "|Abdullah|Mohammed|"
    "Rama|Akbar|Isabella|Joan|Anne|Victoria|Christina|Alexios|Basil|Leka|Franz|Josef|Cosimo|Lorenzo"
    "|Nebuchadnezzar|Artaxerxes"
)
_RULER = (
    rf"\b(?P<name>(?:{_RULERS}|(?:[Pp]ope|[Kk]ing|[Qq]ueen|[Ee]mperor|[Tt]sar|[Cc]zar|[Ss]ultan) [A-Z][a-z]+) )"
    rf"(?P<numeral>[IVX]{{2,8}}|V|I(?=’s|'s|,| (?:of|ruled|reigned|became|died|abdicated|and)\b|\.?$))(?!\w|-)"
)
_KING = (
    r"\b(?P<name>(?:[Pp]ope|[Kk]ing|[Qq]ueen|[Ee]mperor|[Tt]sar|[Cc]zar|[Ss]ultan) [A-Z][a-z]+ )"
    r"(?P<numeral>[IVX]{1,8})(?!\w|-)"
)
_CENTURY = r"\b(?P<numeral>[IVX]{1,5})(?P<ending>th|st|nd|rd)?(?= [Cc]entur)"
_FAMILY = (
    r"(?P<name>\b[A-Z][a-z]+ [A-Z][a-z]+,? )(?P<numeral>III|IV|II)(?=,|[.;]?$| (?:is|was|has|said|will|and|who"
    r"|became|of)\b)"
)
_ANY = (
    r"(?P<name>\b(?!(?:The|An?|In|On|My|Her|His|If|When|This|That|And|But|For|As|At|Is|It|To|An|Your"
    r"|Our) )[A-Z][a-z]+ )(?P<numeral>[IVX]{2,6})(?![\w’'-])"
)
_WARS = r"\bWW(?P<numeral>II|I)\b"

_SPOKEN = r"(?<![\w.-])(?P<word>PIN|RAM|ROM|SIM|LAN|WAN|DOS|RIP)(?P<plural>s?)(?![\w-]|\.\w)"
_ARE = r"\b(?P<word>[Hh]ow|[Ww]hat|[Ww]here|[Ww]hy|[Ww]hen|[Ww]ho|[Tt]here|[Tt]hat|[Tt]hese|[Tt]hose)['’ʼ]re\b"
_LONE_A = (
    r"(?<=\b[A-Z]&)A(?!\w)|(?<![\w.'’])A(?=&[A-Z]\b)|(?<=\b[BDHKRST]\+)A(?!\w)"
    r"|(?<=[a-z] )A(?=[.,;:!?)]|$| [a-z])|(?<![\w.'’&])A(?=, [B-Z]\b|:)"
)
_SLASHED_A = r"(?<![\w/])A/(?P<other>[BC])(?![\w/])"
_GRADE = r"(?<![\w.'’&])A(?P<sign>[+-])(?=[\s.,;:!?)]|$)"
_CAPITALS = (
    r"(?:(?<=[A-Z]{2} )|(?<=[A-Z]{2}, )|(?<=\bI ))(?<!\bTHE )(?P<word>IT|US|TO|HAS)(?![\w'’-]|\.\w)|(?<![\w.'’-])"
    r"(?<!\b[Tt][Hh][Ee] )(?P<first>IT|US|TO|HAS)(?= [A-Z]{2,}(?![a-z]))"
)
_ELEMENT = r"(?:H|He|Li|B|C|N|O|F|Ne|Na|Mg|Al|Si|P|S|Cl|K|Ca|Ti|Cr|Mn|Fe|Ni|Cu|Zn|Br|Ag|I|Ba|Hg|Pb|U)"
_FORMULA = (
    rf"(?<!\w)(?=[A-Za-z]{{0,12}}+[\d₀-₉])(?P<formula>(?:{_ELEMENT}[\d₀-₉]{{0,3}}){{2,10}}|{_ELEMENT}[₀-₉]{{1,3}})"
    rf"(?P<charge>[⁺⁻])?(?!\w)"
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SHARP = r"(?<![\w])(?P<note>[A-G])(?P<sign>#|♯|♭)(?!\w)(?P<scale>[ -](?:major|minor|flat|sharp)\b)?"
_SECTIONS = r"(?P<word>\b[Ss]ections? )?(?P<sign>§§?) ?(?=\w)"
_ABOUT = r"(?<![\w~/])[~≈] ?(?=[$€£]?\d)"
_FOOTNOTE = r"(?<=[\w.,;!?\"”)])\[\d{1,3}\](?!\w)"
_COMPARED = (
    r"(?P<left>(?<=[\w)])) ?(?P<sign>>=|<=|=>|!=|==|≥|≤|≠|≈) ?(?=[\w-])|(?<=[\w)]) (?P<less>[<>]) (?=[\w-])|"
    r"(?<![\w<>-])(?P<lone>[<>])(?=[$€£]?\d(?!\w*>))"
)
_COMPARISONS = {
    ">=": "is greater than or equal to", "≥": "is greater than or equal to", "<=": "is less than or equal to",
    "≤": "is less than or equal to", "!=": "is not equal to", "≠": "is not equal to", "≈": "is approximately",
    "==": "equals", ">": "is greater than", "<": "is less than",
}  # fmt: skip
_POWER = r"(?<=[\w)])(?:\^(?P<figures>-?\d{1,3}|[a-z]\b)|(?P<raised>[²³]))(?![\w⁺⁻])"
_STAR = r"(?<=\d) ?\* ?(?=\d)|(?<=\b[a-z]) \* (?=[a-z\d]\b)"
_AND_OR = (
    r"\b(?P<one>and)/(?P<two>or)\b|\b(?P<he>s?he|his|him|hers?|they|yes|on|input|pass|true|either|black)/"
    r"(?P<she>s?he|hers?|him|his|they|no|off|output|fail|false|or|white)\b"
)
_PLUS_MINUS = r"\+/[-−–] ?"
_ARROW = r" ?(?:(?<!-)->|→|=>|⇒) ?(?=\w)"
_GMT = r"\b(?P<zone>GMT|UTC) ?(?P<sign>[+−-])(?P<hours>\d{1,2})(?P<minutes>:\d\d)?"
_CPP = r"(?<!\w)(?P<letter>[A-Z])(?P<sign>\+\+)(?!\w)"
_PLUS = r"(?<=\d)\+(?=\s[a-z]|[.,;!?)]|$)"


def romans() -> Sequence[Rule]:
    """Return the rules for Roman numerals: of chapters and wars, of rulers, and behind another name."""
    return (
        Rule(name="roman", pattern=_NUMBERED, say=_cardinal, needs="IVXL"),
        Rule(name="roman", pattern=_LOWER, say=_cardinal, needs="ivx"),
        Rule(name="roman", pattern=_KING, say=_ruler, needs="IVX"),
        Rule(name="roman", pattern=_RULER, say=_ruler, needs="IVX"),
        Rule(name="roman", pattern=_CENTURY, say=lambda match: ordinal(roman(match["numeral"]) or 0), needs="IVX"),
        Rule(name="roman", pattern=_FAMILY, say=_ruler, needs="I"),
        Rule(name="roman", pattern=_ANY, say=_behind_name, needs="IVX"),
        Rule(name="roman", pattern=_WARS, say=lambda match: f"World War {roman(match['numeral'])}", needs="W"),
    )


def symbols() -> Sequence[Rule]:
    """Return the rules for symbols, formulas and capitals."""
    return (
        Rule(name="time zone", pattern=_GMT, say=_zone, needs="GU"),
        Rule(name="chemistry", pattern=_FORMULA, say=_formula, needs="0₀₁₂₃₄₅₆₇₈₉"),
        Rule(name="music", pattern=_SHARP, say=_sharp, needs="#♯♭"),
        Rule(name="symbol", pattern=_CPP, say=lambda match: f"{match['letter']} plus plus", needs="+"),
        Rule(name="symbol", pattern=_SECTIONS, say=_section, needs="§"),
        Rule(name="symbol", pattern=_COMPARED, say=_compared, needs="<>=≥≤≠≈"),
        Rule(name="symbol", pattern=_ABOUT, say=lambda _: "about ", needs="~≈"),
        Rule(name="footnote", pattern=_FOOTNOTE, say=lambda _: "", needs="["),
        Rule(name="math", pattern=_POWER, say=_power, needs="^²³"),
        Rule(name="math", pattern=_STAR, say=lambda _: " times ", needs="*"),
        Rule(name="symbol", pattern=_PLUS_MINUS, say=lambda _: "plus or minus ", needs="+"),
        Rule(name="symbol", pattern=_PLUS, say=lambda _: " plus", needs="+"),
        Rule(name="symbol", pattern=_ARROW, say=lambda _: " to ", needs="→⇒>"),
        Rule(name="symbol", pattern=_AND_OR, say=_either, needs="/"),
        Rule(name="letter", pattern=_LONE_A, say=lambda _: "eh", needs="A"),
        Rule(name="letter", pattern=_SLASHED_A, say=lambda match: f"eh {match['other']}", needs="/"),
        Rule(name="letter", pattern=_GRADE, say=_grade, needs="A"),
        Rule(name="acronym", pattern=_SPOKEN, say=lambda match: match[0].lower(), needs="PRSLWD"),
        Rule(name="contraction", pattern=_ARE, say=lambda match: f"{match['word']} are", needs="'’ʼ"),
        Rule(name="capitals", pattern=_CAPITALS, say=lambda match: match[0].lower(), needs="IUTH"),
    )


def _cardinal(match: re.Match[str]) -> str | None:
    value = roman(match["numeral"].upper())
    return value and f"{match['word']}{value}"  # type: ignore[return-value]


def _ruler(match: re.Match[str]) -> str | None:
    value = roman(match["numeral"])
    if value is None:
        return None
    return f"{match['name']}the {ordinal(value)}"


def _behind_name(match: re.Match[str]) -> str | None:
    value = roman(match["numeral"])
    return f"{match['name']}{value}" if value and value < 40 and value != 20 else None


def _zone(match: re.Match[str]) -> str:
    minutes = f" {match['minutes'][1:]}" if match["minutes"] and match["minutes"] != ":00" else ""
    return f"{match['zone']} {'plus' if match['sign'] == '+' else 'minus'} {int(match['hours'])}{minutes}"


def _formula(match: re.Match[str]) -> str:
    parts = re.findall(r"[A-Z]|[a-z]|\d+", match["formula"].translate(_SUBSCRIPTS))
    charge = {"⁺": " plus", "⁻": " minus"}.get(match["charge"] or "", "")
    return " ".join(part.upper() for part in parts) + charge


def _sharp(match: re.Match[str]) -> str:
    note = "eh" if match["note"] == "A" else match["note"]
    return f"{note} {'flat' if match['sign'] == '♭' else 'sharp'}{match['scale'] or ''}"


def _section(match: re.Match[str]) -> str:
    if match["word"]:
        return match["word"]
    return "sections " if match["sign"] == "§§" else "section "


def _compared(match: re.Match[str]) -> str | None:
    sign = match["sign"] or match["less"]
    if match["lone"]:
        return "more than " if match["lone"] == ">" else None if match.string[match.end()] == "3" else "less than "
    is_menu = sign == ">" and match.string[match.end()].isupper()
    if sign == "=>" or is_menu:
        return None
    return f" {_COMPARISONS[sign]} "


def _power(match: re.Match[str]) -> str:
    power = {"²": "2", "³": "3"}.get(match["raised"] or "", match["figures"])
    names = {"2": "squared", "3": "cubed"}
    return f" {names[power]}" if power in names else f" to the power of {power}"


def _either(match: re.Match[str]) -> str:
    if match["one"]:
        return "and or"
    return f"{match['he']} or {match['she']}" if match["she"] != "or" else match[0].replace("/", " ")


def _grade(match: re.Match[str]) -> str:
    sign = {"+": " plus", "-": " minus"}.get(match["sign"], "")
    return f"eh{sign}"
