"""Formulas come as LaTeX from chat programs; they become the signs that a person would type.

The rules of a language then read `√`, `≤` and `^2` as they do in any other text.
"""

import re

from hailo_piper.text.found import Found
from hailo_piper.text.lazy_pattern import lazily

_LONGEST = 600
_CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}
_OPENING = lazily(r"\\[(\[]|\$\$|\$(?=[A-Za-z\\({-])")
"""A price has a figure after its `$`."""
_IS_FORMULA = lazily(r"[\\^_=+<>]|^[A-Za-z]$|^[A-Za-z]\([A-Za-z]\)$")
"""Without one, it is `$HOME and $AAPL`, or a bracket that is only escaped."""
_SIGNS = {
    "times": "×", "cdot": "×", "div": "÷", "pm": "±", "neq": "≠", "ne": "≠", "leq": "≤", "le": "≤", "geq": "≥",
    "ge": "≥", "approx": "≈", "to": "→", "rightarrow": "→", "Rightarrow": "→", "infty": "∞", "sqrt": "√", "sum": "∑",
    "int": "∫", "degree": "°", "circ": "°", "ldots": "…", "dots": "…", "cdots": "…", "alpha": "α", "beta": "β",
    "gamma": "γ", "delta": "δ", "Delta": "Δ", "epsilon": "ε", "theta": "θ", "lambda": "λ", "mu": "µ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Omega": "Ω",
    "%": "%", "$": "$", "&": "&", "#": "#", "_": "_",
}  # fmt: skip
_NAMES = lazily(r"\\([A-Za-z]+|[%$&#_])\s?")
_NAMED = frozenset(["sin", "cos", "tan", "log", "ln", "exp", "lim", "max", "min", "mod", "gcd", "det"])
_TEXT = lazily(r"\\(?:text|mathrm|mathbf|mathit|boxed|operatorname)\{([^{}]{0,300})\}")
_FRACTION = lazily(r"\\[dt]?frac\{([^{}]{1,200})\}\{([^{}]{1,200})\}")
_ROOT = lazily(r"\\sqrt\{([^{}]{1,200})\}")
_RAISED = lazily(r"([\^_])\{([^{}]{1,60})\}")
_POWER = lazily(r"\^([23])(?!\w)")
_POWERS = {"2": "²", "3": "³"}
_LAYOUT = lazily(r"\\[,;:!]|[{}\\]")
_DEEPEST = 6
_ONE = lazily(r"\w+")


def read_formula(text: str, at: int, *, is_whole: bool) -> Found | None:
    """Return the formula that begins at an index, or its mark alone where none does; None where more must come."""
    opening = _OPENING.match(text, at)
    if opening is None:
        is_open = not is_whole and at + 1 == len(text)
        return None if is_open else Found(at + 1, text[at])
    mark = opening[0]
    end = text.find(_CLOSING[mark], opening.end(), at + _LONGEST)
    line_end = text.find("\n", at) if mark == "$" else -1
    if end < 0 and line_end < 0 and not is_whole and len(text) < at + _LONGEST:
        return None
    content = text[opening.end() : end]
    # As Pandoc has it: no blank before the closing mark.
    is_apart = mark == "$" and content[-1:].isspace()
    is_formula = end >= 0 and not is_apart and not 0 <= line_end < end and _IS_FORMULA.search(content) is not None
    if not is_formula:
        return Found(at + len(mark), mark if mark[0] == "$" else mark[1])
    return Found(end + len(mark), said(content))


def said(formula: str) -> str:
    """Return a formula in LaTeX as it is typed."""
    formula = " ".join(formula.split())
    for _ in range(_DEEPEST):
        before = formula
        formula = _TEXT.sub(r"\1", formula)
        formula = _ROOT.sub(lambda root: f"√{_bracketed(root[1])}", formula)
        formula = _RAISED.sub(lambda raised: f"{raised[1] if raised[1] == '^' else ' '}{raised[2]}", formula)
        formula = _FRACTION.sub(_divided, formula)
        if formula == before:
            break
    formula = _POWER.sub(lambda power: _POWERS[power[1]], formula)
    formula = _NAMES.sub(lambda name: _sign(name[1]), formula)
    return " ".join(_LAYOUT.sub(" ", formula).split())


def _bracketed(part: str) -> str:
    """Return a part of a formula in brackets, if it is more than one word."""
    part = part.strip()
    return part if _ONE.fullmatch(part) else f"({part})"


def _divided(parts: re.Match[str]) -> str:
    above, below = map(_bracketed, parts.groups())
    return f"{above}/{below}" if above.isdigit() and below.isdigit() else f"{above} / {below}"


def _sign(name: str) -> str:
    if name in _NAMED:
        return f" {name} "
    sign = _SIGNS.get(name, "")
    return sign if sign in {"", "√", "°"} or sign.isalpha() else f" {sign} "
