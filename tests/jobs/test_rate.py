"""The rate of a run, by a clock of the test's own."""

from hailo_piper.jobs.rate import Rate, clock_time


def test_the_rest_takes_as_long_as_the_lines_that_were_spoken_say() -> None:
    now, share = [0.0], [0.5]
    rate = Rate(lambda: share[0], lambda: now[0])
    rate.kept = 50
    assert rate.remaining_seconds is None
    rate.begin()
    rate.spoken, rate.audio_seconds, now[0], share[0] = 25, 100.0, 10.0, 0.75
    assert rate.remaining_seconds == 10.0
    state = " 75% of the input, 25 spoken, 50 there already"
    assert rate.line() == f"{state}, 2.5 lines/s, 10.0 s of sound a second, 0:10 left"


def test_nobody_knows_how_long_standard_input_is() -> None:
    now = [0.0]
    rate = Rate(lambda: None, lambda: now[0])
    rate.begin()
    rate.spoken, rate.bad, now[0] = 3, 1, 1.0
    assert rate.remaining_seconds is None
    assert rate.line() == "3 spoken, 1 bad, 3.0 lines/s, 0.0 s of sound a second"


def test_a_duration_is_written_as_a_clock_shows_it() -> None:
    assert [clock_time(seconds) for seconds in (0, 59.6, 7509)] == ["0:00", "1:00", "2:05:09"]
