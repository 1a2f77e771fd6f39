"""Prosody and emphasis, judged by durations, level and pitch of their run."""

from tests.support.ssml_cases.case import Case, cases
from tests.support.ssml_judges import Contoured, Higher, Judge, Lasting, Manner, Silenced, sounds

_BEFORE, _RUN, _AFTER = "We were away all year, ", "and nobody knew our new neighbours", " in the village."
_PLAIN = f"{_BEFORE}{_RUN}{_AFTER}"
_SAME = sounds(_PLAIN)


def _manner(rate: float = 1.0, semitones: float = 0.0, decibels: float = 0.0) -> Manner:
    return Manner(_PLAIN, "and", "neighbours", rate, semitones, decibels)


def _prosody(
    element: str, *listed: tuple[str, Judge] | tuple[str, Judge, str], opening: str = "", closing: str = ""
) -> list[Case]:
    """Return cases in which a run of one sentence stands in a `prosody` element with these attributes."""
    return [
        Case(element, f"{_BEFORE}{opening}<prosody {one[0]}>{_RUN}</prosody>{closing}{_AFTER}", *one[1:])
        for one in listed
    ]


RATE = _prosody(
    "`prosody`, `rate`",
    ("rate='x-slow'", _manner(0.5)),
    ("rate='slow'", _manner(0.75)),
    ("rate='medium'", _SAME),
    ("rate='default'", _SAME),
    ("rate='fast'", _manner(1.25)),
    ("rate='x-fast'", _manner(1.5)),
    ("rate='50%'", _manner(0.5)),
    ("rate='80%'", _manner(0.8)),
    ("rate='100%'", _SAME),
    ("rate='150%'", _manner(1.5)),
    ("rate='+25%'", _manner(1.25)),
    ("rate='-20%'", _manner(0.8)),
    ("rate='0.8'", _manner(0.8)),
    ("rate='2'", _manner(2.0)),
    ("rate='1000%'", _manner(4.0)),
    ("rate='1%'", _manner(0.25)),
    ("rate='quick'", _SAME),
    ("rate='+1.5'", _SAME),
    ("rate=''", _SAME),
    ("rate='-20 %'", _SAME),
)
PITCH = _prosody(
    "`prosody`, `pitch`",
    ("pitch='x-low'", _manner(semitones=-4)),
    ("pitch='low'", _manner(semitones=-2)),
    ("pitch='medium'", _SAME),
    ("pitch='default'", _SAME),
    ("pitch='high'", _manner(semitones=2)),
    ("pitch='x-high'", _manner(semitones=4)),
    ("pitch='+2st'", _manner(semitones=2)),
    ("pitch='-2st'", _manner(semitones=-2)),
    ("pitch='+1.5st'", _manner(semitones=1.5)),
    ("pitch='+12.246%'", _manner(semitones=2)),
    ("pitch='-10.91%'", _manner(semitones=-2)),
    ("pitch='+19.59Hz'", _manner(semitones=2)),
    ("pitch='142.5Hz'", _manner(semitones=-2)),
    ("pitch='shrill'", _SAME),
    ("pitch='2'", _SAME),
)
VOLUME = _prosody(
    "`prosody`, `volume`",
    ("volume='silent'", Silenced(_PLAIN, "and", "neighbours")),
    ("volume='-200dB'", Silenced(_PLAIN, "and", "neighbours")),
    ("volume='x-soft'", _manner(decibels=-12)),
    ("volume='soft'", _manner(decibels=-6)),
    ("volume='medium'", _SAME),
    ("volume='default'", _SAME),
    ("volume='loud'", _manner(decibels=3)),
    ("volume='x-loud'", _manner(decibels=6)),
    ("volume='-6dB'", _manner(decibels=-6)),
    ("volume='+6.0dB'", _manner(decibels=6)),
    ("volume='+3dB'", _manner(decibels=3)),
    ("volume='50'", _manner(decibels=-6.02)),
    ("volume='100'", _SAME),
    ("volume='0'", Silenced(_PLAIN, "and", "neighbours")),
    ("volume='+10%'", _manner(decibels=0.83)),
    ("volume='-50%'", _manner(decibels=-6.02)),
    ("volume='noisy'", _SAME),
    ("volume='+40dB'", _manner(decibels=12.04)),
)
NESTED = [
    *_prosody(
        "`prosody`, nested and together",
        ("rate='80%'", _manner(0.6)),
        ("rate='default'", _SAME),
        ("rate='medium'", _manner(0.75)),
        ("pitch='high'", _manner(0.75, 2)),
        ("volume='-6dB'", _manner(0.75, 0, -6)),
        opening="<prosody rate='75%'>",
        closing="</prosody>",
    ),
    *_prosody(
        "`prosody`, nested and together",
        ("rate='75%' pitch='+2st' volume='-6dB'", _manner(0.75, 2, -6)),
        ("rate='125%' pitch='-2st' volume='+3dB'", _manner(1.25, -2, 3)),
    ),
    *_prosody(
        "`prosody`, nested and together",
        ("volume='-6dB'", _manner(decibels=-12)),
        ("volume='default'", _SAME),
        opening="<prosody volume='-6dB'>",
        closing="</prosody>",
    ),
    *cases(
        "`prosody`, nested and together",
        (f"<prosody pitch='-2st'>{_PLAIN}</prosody>", Higher(_PLAIN, -2)),
        (f"<p><prosody pitch='+2st'>{_PLAIN}</prosody></p>", Higher(_PLAIN, 2)),
    ),
]
DURATION = _prosody(
    "`prosody`, `duration`",
    ("duration='3s'", Lasting("and", "neighbours", 3.0)),
    ("duration='1500ms'", Lasting("and", "neighbours", 1.5)),
    ("duration='1.2s'", Lasting("and", "neighbours", 1.2)),
    ("duration='2.5s' rate='x-fast'", Lasting("and", "neighbours", 2.5)),
    ("duration='soon'", _SAME),
    ("duration='0s'", _SAME),
)
_UP_AND_DOWN = Contoured(_PLAIN, (("and", "nobody", 3), ("new", "neighbours", -2)))
CONTOUR = _prosody(
    "`prosody`, `contour`",
    ("contour='(0%,+2st)(100%,+2st)'", _manner(semitones=2)),
    ("contour='(50%,-2st)'", _manner(semitones=-2)),
    ("contour='(0%,+3st) (50%,+3st) (51%,-2st) (100%,-2st)'", _UP_AND_DOWN),
    ("contour='(51%,-2st)(0%,+3st)(100%,-2st)(50%,+3st)(60%,much)(170%,+4st)' pitch='x-low'", _UP_AND_DOWN),
    ("contour='(0%,high)(100%,high)'", _manner(semitones=2)),
    ("contour='up and down'", _SAME),
)
WITHOUT_EFFECT = _prosody(
    "`prosody`, `range` and unknown attributes",
    ("range='x-high'", _SAME, "`range`"),
    ("role='x'", _SAME),
)
_MODERATE = _manner(0.92, 1, 1.5)
EMPHASIS = cases(
    "`emphasis`",
    (f"{_BEFORE}<emphasis>{_RUN}</emphasis>{_AFTER}", _MODERATE),
    (f"{_BEFORE}<emphasis level='moderate'>{_RUN}</emphasis>{_AFTER}", _MODERATE),
    (f"{_BEFORE}<emphasis level='strong'>{_RUN}</emphasis>{_AFTER}", _manner(0.85, 2, 3)),
    (f"{_BEFORE}<emphasis level='reduced'>{_RUN}</emphasis>{_AFTER}", _manner(1.08, -0.5, -2)),
    (f"{_BEFORE}<emphasis level='none'>{_RUN}</emphasis>{_AFTER}", _SAME),
    (f"{_BEFORE}<emphasis level='wild'>{_RUN}</emphasis>{_AFTER}", _MODERATE),
)
