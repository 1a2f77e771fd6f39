"""English rules for letters, initialisms and words in capitals."""

import re
from collections.abc import Sequence

from hailo_piper.text.normalise.rule import Rule
from hailo_piper.text.normalise.wording import word_set

_SPOKEN = r"(?<![\w.-])(?P<word>PIN|RAM|ROM|SIM|LAN|WAN|DOS|RIP)(?P<plural>s?)(?![\w-]|\.\w)"
_ARE = r"\b(?P<word>[Hh]ow|[Ww]hat|[Ww]here|[Ww]hy|[Ww]hen|[Ww]ho|[Tt]here|[Tt]hat|[Tt]hese|[Tt]hose)['’ʼ]re\b"
_TERM_A = r"(?<![\w.'’])[Aa](?= ?[<>=≤≥≠×÷+*→^²³]{1,2} ?[\w(])|(?<=[<>=≤≥≠×÷+*→] )[Aa](?=[.,;:!?)²³^]|$| [<>=≤≥≠×÷+*→])"
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
_SPELLED = {"APR": "eh P R", "ETA": "E T eh", "IDs": "I D's", "WHO": "W H O"}
"""What espeak-ng takes for a word."""
_NOT_WORDS = r"(?<![\w.'’-])(?:APR|ETA|IDs|(?<=\b[Tt]he )WHO)(?![\w'’-])"
_NAMES_OF_LETTERS = r"(?P<letter>[BCDF-HJ-LNP-TW-Z])s(?<![\w.'’-][A-Z]s)(?![\w'’-]|\.\w| ?\d)"
_DOT_NET = r"(?<![\w.])(?P<asp>ASP)?\.NET\b"
_WORDS = word_set(
    "to say out if see way new day has saw yes yep run too few off far top low big old own buy end let try ask "
    "sit pay win die cut man lot eye job law car kid ago hot bad sad hi hey bye yet red wow god wet dry eat age "
    "aid aim air ant arm art ate bag bar bat bed bee beg bet bid bit box boy bug cab cap cat cow cry cup dad dig "
    "dog due ear eve fan fat few fit fly fog fox fun gap gas gun guy hat hen hit hug ice ill ink jam jar jet joy "
    "key lap lay leg lid lie lip mad map mat men met mix mom mud mum nap nod nut oak odd of oil owe pan pea pen "
    "pie pig pit pop pot rat raw ray rid rip rob rub rug sea sew shy sin six sky sun tap tax tea tie tip toe toy "
    "van war wax web won zip zoo max set"
)
"""Words that espeak-ng spells where they are in capitals, and that are no initialisms."""
_IN_CAPITALS = r"(?<![\w.'’&/-])[A-Z]{2,3}(?![\w'’&/-]|\.\w)"


def capitals() -> Sequence[Rule]:
    """Return the rules, the most specific first."""
    return (
        Rule(name="letter", pattern=_TERM_A, say=lambda _: "eh", needs="<>=≤≥≠×÷+*→^²³"),
        Rule(name="letter", pattern=_LONE_A, say=lambda _: "eh", needs="A"),
        Rule(name="letter", pattern=_SLASHED_A, say=lambda match: f"eh {match['other']}", needs="/"),
        Rule(name="letter", pattern=_GRADE, say=_grade, needs="A"),
        Rule(name="acronym", pattern=_SPOKEN, say=lambda match: match[0].lower(), needs="PRSLWD"),
        Rule(name="contraction", pattern=_ARE, say=lambda match: f"{match['word']} are", needs="'’ʼ"),
        Rule(name="capitals", pattern=_CAPITALS, say=lambda match: match[0].lower(), needs="IUTH"),
        Rule(name="acronym", pattern=_NOT_WORDS, say=lambda match: _SPELLED[match[0]], needs="PDAW"),
        Rule(name="letter", pattern=_NAMES_OF_LETTERS, say=lambda match: f"{match['letter']}'s", needs="s"),
        Rule(name="acronym", pattern=_DOT_NET, say=_dot_net, needs="N"),
        Rule(name="capitals", pattern=_IN_CAPITALS, say=_word),
    )  # fmt: skip


def _dot_net(match: re.Match[str]) -> str:
    return "eh S P dot net" if match["asp"] else "dot net"


def _word(match: re.Match[str]) -> str | None:
    word = match[0].lower()
    return word if word in _WORDS else None


def _grade(match: re.Match[str]) -> str:
    sign = {"+": " plus", "-": " minus"}.get(match["sign"], "")
    return f"eh{sign}"
