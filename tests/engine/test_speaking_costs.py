import pytest

from hailo_piper.engine.speaking_costs import SpeakingCosts


def test_a_guess_holds_until_the_voice_was_heard() -> None:
    cost = SpeakingCosts().of("a")
    assert cost.work_a_second == pytest.approx(0.3)
    for _ in range(20):
        cost.note(0.05)
        cost.note(0.05, 1.0)
    assert cost.work_a_second == pytest.approx(0.1, abs=0.02)


def test_what_it_costs_now_counts_more_than_what_it_did() -> None:
    cost = SpeakingCosts().of("a")
    for _ in range(300):
        cost.note(0.1, 1.0)
    for _ in range(300):
        cost.note(0.4, 1.0)
    assert cost.work_a_second == pytest.approx(0.4, abs=0.01)


def test_each_voice_has_its_own_cost_and_keeps_it() -> None:
    costs = SpeakingCosts()
    costs.of("a").note(10, 10)
    assert costs.of("a") is costs.of("a")
    assert costs.of("b").work_a_second < costs.of("a").work_a_second
