"""Dutch numbers in words: ordinals and the years of a century."""

ONES = (
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
    "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
)  # fmt: skip
_TENS = ("", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_IRREGULAR = {1: "eerste", 3: "derde", 8: "achtste"}


def below_hundred(number: int) -> str:
    """Return a number, 1 to 99, in words."""
    if number < len(ONES):
        return ONES[number]
    return f"{joint(number % 10)}{_TENS[number // 10]}"


def joint(ones: int) -> str:
    """Return a number with the "and" before what follows: "drieën", "vieren"; nothing for 0."""
    return f"{ONES[ones]}{'ën' if ones in {2, 3} else 'en'}" if ones else ""


def year(digits: str) -> str:
    """Return a year: "zestien honderd zes"; before 1100 and from 2000 on it is a number like others."""
    if len(digits) != 4 or not "1100" <= digits < "2000":
        return str(int(digits))
    rest = int(digits[2:])
    return f"{ONES[int(digits[:2])]} honderd {below_hundred(rest) if rest else ''}".rstrip()


def ordinal(number: int) -> str:
    """Return an ordinal, 1 to 999, in words."""
    hundreds, rest = divmod(number, 100)
    start = f"{ONES[hundreds] if hundreds > 1 else ''}honderd" if hundreds else ""
    if not rest:
        return f"{start}ste"
    if rest in _IRREGULAR:
        return start + _IRREGULAR[rest]
    tens, ones = divmod(rest, 10)
    if tens < 2:
        return f"{start}{ONES[rest]}de"
    return f"{start}{joint(ones)}{_TENS[tens]}ste"
