from typing import Any
from unittest.mock import sentinel

import pytest

from hailo_piper.monitoring.tracing import NO_SPAN, SentenceSpans
from hailo_piper.speech.sources import Sources
from hailo_piper.speech.ticket import STALLED_SECONDS, Ticket
from tests.support.clock import FakeClock


def sources_of(ticket: Ticket) -> Sources:
    parts: dict[str, Any] = dict.fromkeys(("engine", "cache", "in_progress"), sentinel.unused)
    return Sources(**parts, ticket=ticket, spans=SentenceSpans(NO_SPAN))


@pytest.mark.parametrize("gives_way", [False, True])
def test_a_listener_does_not_wait_for_sentences_that_come_after_its_own(*, gives_way: bool) -> None:
    assert sources_of(Ticket(10, gives_way=gives_way)).are_slow() is gives_way


def test_nobody_waits_for_the_sentences_of_a_stalled_reader() -> None:
    clock = FakeClock()
    ticket = Ticket(10, clock)
    with ticket.set_aside():
        clock.now += STALLED_SECONDS + 0.1
        assert sources_of(ticket).are_slow()
    assert not sources_of(ticket).are_slow()
