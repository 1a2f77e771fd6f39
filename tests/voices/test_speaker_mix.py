import pytest

from hailo_piper.errors import InvalidRequestError
from hailo_piper.voices.speaker_mix import normalised, parse_mix


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a(2)+b(1)", (("a", 2.0), ("b", 1.0))),
        ("a+b", (("a", 1.0), ("b", 1.0))),
        (" a (0.5) + 3( .25 ) ", (("a", 0.5), ("3", 0.25))),
        ("old (man)(2)+b", (("old (man)", 2.0), ("b", 1.0))),
        ("0+1+2+3+4+5+6+7", tuple((str(number), 1.0) for number in range(8))),
        ("a(1.)+a(2)", (("a", 1.0), ("a", 2.0))),
        ("a(2)", None),
        ("", None),
        ("p239", None),
    ],
)
def test_a_mix_is_parsed(text: str, parts: tuple[tuple[str, float], ...] | None) -> None:
    assert parse_mix(text) == parts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a(0)+b", "positive number"),
        ("a(-1)+b", "positive number"),
        ("a(x)+b", "positive number"),
        ("a()+b", "positive number"),
        ("a(.)+b", "positive number"),
        ("a(inf)+b", "positive number"),
        ("a(1e9)+b", "positive number"),
        ("a(\u0662)+b", "positive number"),
        (f"a({'9' * 400})+b", "positive number"),
        ("a(0.0000000000000000000001)+b", "positive number"),
        ("a+", "is missing"),
        ("+", "is missing"),
        ("(2)+b", "is missing"),
        ("a++b", "is missing"),
        ("0+1+2+3+4+5+6+7+8", "at most 8"),
        ("+" * 1_000_000, "at most 8"),
    ],
)
def test_a_mix_that_is_none_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidRequestError, match=reason) as caught:
        parse_mix(text)
    assert caught.value.param == "voice"
    assert len(caught.value.message) < 300


def test_equal_mixes_are_equal_and_weigh_one() -> None:
    assert normalised([(3, 2.0), (1, 2.0)]) == ((1, 0.5), (3, 0.5)) == normalised([(1, 1.0), (3, 1.0)])
    assert normalised([(1, 1.0), (2, 2.0), (1, 1.0)]) == ((1, 0.5), (2, 0.5))
    assert normalised([(0, 7.0)]) == ((0, 1.0),)
    weights = [weight for _, weight in normalised((number, number + 0.1) for number in range(8))]
    assert sum(weights) == pytest.approx(1, abs=1e-12)
