"""Rules for what computers name serve every language: URLs, e-mail, IP addresses, paths, files, versions, tags.

A language gives its words in a `Vocabulary`; `addresses` comes first among its rules, `versions` after dates and phone
numbers, since "14.03.2025" has the shape of both.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from hailo_piper.text.lazy_pattern import lazily
from hailo_piper.text.normalise.rule import DIGIT, INSIDE, Rule

_NONE: Mapping[str, str] = MappingProxyType({})


class Vocabulary(NamedTuple):
    """The words of one language for what computers name."""

    marks: Mapping[str, str]
    """Spoken names of `.`, `@`, `/`, `-`, `_`, `:` and whichever of `\\ ? = & # + % ~` it has; others are a blank."""
    version: str
    """Written for the v of "v1.2"."""
    hashtag: str
    """Spoken before the words of a hashtag; empty to leave it out."""
    hexadecimal: str
    """Spoken for the 0x of "0xFF"."""
    point: str = ""
    """Between the numbers of a version; the name of `.` if empty."""
    letters: Mapping[str, str] = _NONE
    """Letters in capitals that espeak-ng would read as a word ("A", the article), to what names them."""
    digits_apart: bool = False
    """Whether the numbers of an IP address are read digit by digit."""

    def spelled(self, letters: str) -> str:
        """Return letters and digits one by one: `pdf` as `P D F`."""
        return " ".join(self.letters.get(letter, letter) for letter in letters.upper())

    def read(self, name: str) -> str:
        """Return a path, host or file name: words as words, initialisms spelled, marks by their names."""
        return " ".join(filter(None, (self._part(part) for part in _PARTS.findall(name))))

    def host(self, name: str) -> str:
        """Return a host name; a top-level domain of two letters is spelled, and `www.` is left out."""
        *labels, last = name.removeprefix("www.").removeprefix("WWW.").split(".")
        top = self.spelled(last) if len(last) == 2 and last.isalpha() else self.read(last)
        return f" {self.marks['.']} ".join([*map(self.read, labels), top])

    def _part(self, part: str) -> str:
        if not part.isalnum():
            return self.marks.get(part, "")
        if _SPELLED.fullmatch(part) or (1 < len(part) < 6 and part.isalpha() and not _VOWEL.search(part)):
            return self.spelled(part)
        return part.lower() if part.isupper() and len(part) > 4 else part


_PARTS = lazily(r"[^\W\d_]+|\d+|[\W_]")
_VOWEL = lazily(r"[aeiouyà-öø-ÿœąęó]", re.IGNORECASE)
_SPELLED = lazily(
    "7z|aac|api|avi|cgi|csv|deb|dll|dmg|eps|etc|exe|gpg|gui|ics|id|io|ip|iso|ogg|pdf|png|py|rs|rtf|sdk|sh|src"
    "|svg|ts|tsv|"
    "ui|url|usb|usr|wma|xls",
    re.IGNORECASE,
)
"""Runs of letters with a vowel that nobody reads as a word."""
_EXTENSIONS = (
    "7z|aac|apk|avi|bak|bat|bin|bmp|cfg|conf|cpp|cs|css|csv|dat|db|deb|dll|dmg|docx?|env|eps|epub|exe|flac|gif|gz|"
    "heic|html?|ico|ics|img|ini|iso|jar|java|jpe?g|jsx?|json|kt|lock|log|lua|m4a|md|mkv|mov|mp[34]|odt|ogg|onnx"
    "|pdf|php|"
    "png|pptx?|ps1|psd|py|rar|rb|rpm|rs|rst|rtf|service|sh|sql|svg|swift|tar|tex|tgz|tiff?|toml|tsv?|tsx|txt|vue|wav|"
    "webm|webp|wma|xlsx?|xml|ya?ml|zip"
)
# Domains that are words after a forgotten blank ("So.is it?") are not among them.
_DOMAINS = (
    "com|org|net|edu|gov|info|biz|dev|app|io|ai|tv|fm|co|eu|us|uk|ca|au|nz|ie|de|at|ch|fr|be|nl|lu|es|it|pt|br|mx|ar|"
    "pl|cz|se|dk|fi|jp|cn|ru|online|shop|blog|cloud|tech"
)
_TAIL = ".,;:!?)]}'\"’”»*"
_URL = r"(?<![\w.@/-])(?:(?:https?|ftp)://|www\.)[^\s<>\"“”«»]{1,2000}+"
_BARE = (
    rf"(?<![\w.@/-])(?P<host>(?:[^\W_][\w-]{{0,62}}\.){{1,4}}(?:{_DOMAINS}))(?![\w@-]|\.\w)"
    r"(?P<rest>(?::\d{2,5})?(?:/[^\s<>\"“”«»]{0,2000}+)?)"
)
_EMAIL = (
    r"(?<![\w.+@-])(?P<user>[\w.+-]{1,64}+)@(?P<host>(?:[\w-]{1,63}+\.){1,4}(?:[^\W\d_]{2,24}+|\d{1,3}(?!\w|\.\w)))"
)
_IP = r"(?<![\w.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})((?::\d{1,5}|/\d{1,2})?)(?![\w.]*\d)"
_LOCAL = r"(?<![\w.])(localhost):(\d{2,5})(?!\w)"
_PATH = r"(?<![\w/.~:\\])(?:(?:~|\.{1,2})?/[\w.+-]{1,200}+(?:/[\w.+-]{1,200}+){1,40}+/?|~/[\w.+-]{1,200}+/?)"
_WINDOWS_PATH = r"(?<!\w)(?P<drive>[A-Za-z]):(?P<rest>(?:\\[\w.+-]{1,200}+){1,40}+\\?)"
_FILE = (
    rf"(?<![\w./\\@-])(?:[\w-]{{1,100}}+[./]){{1,12}}?(?<=\.)(?:{_EXTENSIONS}|{_EXTENSIONS.upper()})(?![\w@-]|\.\w|/)"
)
_VERSION = (
    r"(?<![\w.,-])(?P<v>[vV]\.?)?(?P<numbers>\d{1,4}(?:\.\d{1,4}){1,4})"
    r"(?P<suffix>(?:-?(?:alpha|beta|rc)\.?\d{0,3})?)(?!\w|[.,]\d)"
)
_HASHTAG = r"(?<![\w&#/])#(?P<tag>[^\W\d_]\w{1,100}+)"
_MENTION = r"(?<![\w.@/+-])@(?P<name>[^\W\d]\w{0,60}+)"
_HEXADECIMAL = r"(?<!\w)0[xX](?P<digits>[0-9A-Fa-f]{1,64}+)(?!\w)"
_SCHEME = lazily(r"^\w+://")
_HUMPS = lazily(r"[A-Z]{2,}(?![a-z])|[^\W\d_][^\W\dA-Z_]*|\d+")


def addresses(words: Vocabulary) -> Sequence[Rule]:
    """Return the rules for what names a place: URL, e-mail, IP address, path, file, hashtag, mention, hexadecimal."""
    return tuple(
        Rule(name=name, pattern=pattern, say=partial(say, words), needs=needs, holds_words=True)
        for name, pattern, needs, say in _ADDRESSES
    )


def _url(words: Vocabulary, match: re.Match[str]) -> str:
    body, tail = _without_tail(match[0])
    host, slash, rest = _SCHEME.sub("", body).partition("/")
    path = f" {words.read('/' + rest)}" if slash and rest else ""
    return words.host(host) + path + tail


def _bare_url(words: Vocabulary, match: re.Match[str]) -> str:
    rest, tail = _without_tail(match["rest"])
    return f"{words.host(match['host'])} {words.read(rest.removesuffix('/'))}".rstrip() + tail


def _email(words: Vocabulary, match: re.Match[str]) -> str:
    return f"{words.read(match['user'])} {words.marks['@']} {words.host(match['host'])}"


def _ip_address(words: Vocabulary, match: re.Match[str]) -> str | None:
    numbers = match[1].split(".")
    if any(int(number) > 255 for number in numbers):
        return None
    spoken = [" ".join(number) if words.digits_apart else number for number in numbers]
    return f" {words.marks['.']} ".join(spoken) + (f" {words.read(match[2])}" if match[2] else "")


def _path(words: Vocabulary, match: re.Match[str]) -> str:
    body, tail = _without_tail(match[0])
    return words.read(body) + tail


def _windows_path(words: Vocabulary, match: re.Match[str]) -> str:
    body, tail = _without_tail(match["rest"])
    return f"{words.spelled(match['drive'])} {words.read(':' + body)}{tail}"


def _file(words: Vocabulary, match: re.Match[str]) -> str:
    stem, _, extension = match[0].rpartition(".")
    is_spelled = len(extension) < 3 or _SPELLED.fullmatch(extension)
    return f"{words.read(stem)} {words.marks['.']} {words.spelled(extension) if is_spelled else words.read(extension)}"


def _hashtag(words: Vocabulary, match: re.Match[str]) -> str:
    return f"{words.hashtag} {' '.join(_HUMPS.findall(match['tag']))}".lstrip()


def _mention(words: Vocabulary, match: re.Match[str]) -> str:
    return f"{words.marks['@']} {' '.join(_HUMPS.findall(match['name']))}"


def _hexadecimal(words: Vocabulary, match: re.Match[str]) -> str:
    return f"{words.hexadecimal} {words.spelled(match['digits'])}"


_ADDRESSES: Sequence[tuple[str, str, str, Callable[[Vocabulary, re.Match[str]], str | None]]] = (
    ("url", _URL, INSIDE, _url),
    ("e-mail", _EMAIL, "@", _email),
    ("ip address", _IP, INSIDE, _ip_address),
    ("url", _LOCAL, ":", _path),
    ("path", _WINDOWS_PATH, "\\", _windows_path),
    ("path", _PATH, "/", _path),
    ("file", _FILE, INSIDE, _file),
    ("url", _BARE, INSIDE, _bare_url),
    ("hashtag", _HASHTAG, "#", _hashtag),
    ("mention", _MENTION, "@", _mention),
    ("hexadecimal", _HEXADECIMAL, "xX", _hexadecimal),
)


def versions(words: Vocabulary) -> Sequence[Rule]:
    """Return the rule for versions: three numbers or more, or a v before two."""

    def version(match: re.Match[str]) -> str | None:
        numbers = match["numbers"].split(".")
        if not match["v"] and len(numbers) < 3:
            return None
        name = f"{words.version} " if match["v"] else ""
        suffix = f" {words.read(match['suffix'].lstrip('-'))}" if match["suffix"] else ""
        return name + f" {words.point or words.marks['.']} ".join(numbers) + suffix

    return (Rule(name="version", pattern=_VERSION, say=version, needs=DIGIT),)


def _without_tail(text: str) -> tuple[str, str]:
    """Return a text and the punctuation at its end, which belongs to the sentence."""
    body = text.rstrip(_TAIL)
    return body, text[len(body) :]
