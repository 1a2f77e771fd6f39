"""Letters, signs and figures are said one by one, by their names; telephone numbers in groups."""

import re
import unicodedata

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.kinds import Kinds, one_by_one


def spelled(characters: str, kinds: Kinds) -> str:
    """Return letters in capitals and signs by their names, one by one."""
    names = []
    for sign in characters:
        # A mark that joins what stands before it, or what nobody sees, has no name.
        if unicodedata.category(sign)[0] in "MC":
            continue
        letter = upper if len(upper := sign.upper()) == 1 else sign
        names.append(kinds.letters.get(letter) or kinds.marks.get(sign) or letter)
    return " ".join(names)


_GROUPS = lazily(r"[0-9]+", re.ASCII)


def _groups(text: str, code: str) -> list[str]:
    """Return a telephone number's figures in groups: as it is written, or of three and a last of four or two.

    `code`: the country calling code of the place where it is dialled, if it is known.
    """
    groups = _GROUPS.findall(text)
    if len(groups) != 1 or len(groups[0]) < 5:
        return groups
    figures = groups[0]
    is_american = len(figures) == 7 or (len(figures) == 10 and figures[0] != "0" and code in {"", "1"})
    ends = 4 if is_american or len(figures) % 3 == 1 else len(figures) % 3 or 3
    cut = len(figures) - ends
    last = figures[cut:]
    tail = [last] if is_american or len(last) < 4 else [last[:2], last[2:]]
    return [figures[at : at + 3] for at in range(0, cut, 3)] + tail


_EXTENSION = lazily(r" ?(?:;ext=|[^\W\d_]{0,12}\.?:? ?#?) ?([0-9]{1,6})")
_BEFORE_EXTENSION = lazily(
    r";ext=| ?(?:\b(?:ext(?:ension)?|x|app|poste|int|durchwahl|dw|ramal|toestel|wew)\b\.?:?|x|#)", re.IGNORECASE
)
_TELEPHONE = lazily(r"\+?[0-9(][0-9A-Za-z() ./\-]{0,60}")
_TOKENS = lazily(r"[0-9]+|[A-Za-z]+")
_VOWEL = lazily("[aeiouy]", re.IGNORECASE)


def say_telephone(text: str, code: str, kinds: Kinds) -> str | None:
    """Return a telephone number in its groups, its extension last; None where it is none.

    `code`: the country calling code of the place where it is dialled, or nothing.
    """
    body = text
    cut = _BEFORE_EXTENSION.search(body)
    extension = _EXTENSION.fullmatch(body, cut.start()) if cut else None
    if cut and not extension and cut[0].strip().lower() != "x":
        return None
    body = body[: cut.start()].rstrip(", ") if cut and extension else body
    if not _TELEPHONE.fullmatch(body) or sum(sign in "0123456789" for sign in body) < 2:
        return None
    if any(sign.isalpha() for sign in body):
        said = ", ".join(_of_telephone(token, kinds) for token in _TOKENS.findall(body))
    else:
        groups = _groups(body, code)
        said = kinds.telephone(" ".join(groups)) if kinds.telephone else one_by_one(groups)
    said = (kinds.plus if body.startswith("+") else "") + said
    return f"{said}, {kinds.extension} {one_by_one([extension[1]])}".replace(",  ", ", ") if extension else said


def _of_telephone(token: str, kinds: Kinds) -> str:
    """Return figures one by one, a word in letters as it is: "1-800-FLOWERS"."""
    if token[0] in "0123456789":
        return one_by_one([token])
    return token.lower() if len(token) > 2 and _VOWEL.search(token) else spelled(token, kinds)
