"""English rules for Roman numerals, of chapters and wars, of rulers, and of years."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.english.numbers import ordinal, year
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
    rf"{_NUMERAL}(?:[-–](?P<until>[IVXL]{{1,8}}))?(?![\w'’]|\.\w)(?!(?<= I) (?:am|have|was|had|think|will"
    rf"|would|want|need|can|could|did|do|saw|like|love"
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
    rf"(?P<numeral>[IVX]{{2,8}}|V|I(?=’s|'s|,| (?:of|ruled|reigned|became|died"
    rf"|abdicated|and|is|has|succeeded|inherited|granted|(?:lost|took|left|married|built) (?:his|her|the))\b"
    rf"|\.?$))(?!\w|-)"
)
_KING = (
    r"\b(?P<name>(?:[Pp]ope|[Kk]ing|[Qq]ueen|[Ee]mperor|[Tt]sar|[Cc]zar|[Ss]ultan) [A-Z][a-z]+ )"
    r"(?P<numeral>[IVX]{1,8})(?!\w|-)"
)
_CENTURY = r"\b(?P<numeral>[IVX]{1,5})(?P<ending>th|st|nd|rd)?(?= [Cc]entur)"
_FAMILY = (
    r"(?P<name>\b(?!(?:The|An|My|Her|His|Our|Your|This|That|Its) )[A-Z][a-z]+ [A-Z][a-z]+,? )(?P<numeral>III"
    r"|IV|II)(?=,|[.;]?$| (?:is|was|has|said|will|and|who"
    r"|became|of)\b)"
)
_ANY = (
    r"(?P<name>\b(?!(?:The|An?|In|On|My|Her|His|If|When|This|That|And|But|For|As|At|Is|It|To|An|Your"
    r"|Our) )[A-Z][a-z]+ )(?P<numeral>[IVX]{2,6})(?![\w’'-])"
)
_WARS = r"\bWW(?P<numeral>II|I)\b"
_INTRAVENOUS = (
    r"(?:(?<=\b[Aa]n )|(?<=\b[Tt]he )|(?<=\bby )|(?<=\bvia )|(?<=\bhis )|(?<=\bher ))IV(?![\w'’-]|\.\w)"
    r"|(?<![\w.'’-])IV(?=s?\b (?:drip|line"
    r"|bag|fluids?|pole|therapy|needle|treatment|antibiotics|push|access|catheter|infusion|drugs?|use|medication)\b)"
)
_YEAR = r"(?<![\w.'’-])(?P<numeral>M[MCDXLVI]{3,13})(?![\w'’-]|\.\w)"
_LEFT = (
    r"(?<![\w.'’-])(?P<numeral>II|III|VII|VIII|IX|XI|XII|XIII|XIV|XVI{0,3}|XIX|XXI{0,3}|XXIV|XXV"
    r"|(?<=[a-z]\. )[IVXL]{2,6})(?![\w'’-]|\.\w)"
)
"""What espeak-ng reads as "Roman two", wherever it stands."""


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
        Rule(name="roman", pattern=_INTRAVENOUS, say=lambda _: "I V", needs="I"),
        Rule(name="roman", pattern=_YEAR, say=lambda match: _year(match["numeral"]), needs="M"),
        Rule(name="roman", pattern=_LEFT, say=lambda match: str(roman(match["numeral"])), needs="IX"),
        Rule(name="roman", pattern=_WARS, say=lambda match: f"World War {roman(match['numeral'])}", needs="W"),
    )


def _cardinal(match: re.Match[str]) -> str | None:
    value, last = roman(match["numeral"].upper()), match.groupdict().get("until")
    until = f" to {roman(last)}" if last and roman(last) else ""
    return value and f"{match['word']}{value}{until}"  # type: ignore[return-value]


def _ruler(match: re.Match[str]) -> str | None:
    value = roman(match["numeral"])
    if value is None:
        return None
    return f"{match['name']}the {ordinal(value)}"


def _behind_name(match: re.Match[str]) -> str | None:
    value = roman(match["numeral"])
    return f"{match['name']}{value}" if value and value < 40 and value != 20 else None


def _year(numeral: str) -> str | None:
    value = roman(numeral)
    return value and year(str(value))  # type: ignore[return-value]
