"""The sources of a request's sentences are shared with others: a sentence is spoken once, and found by its key."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from hailo_piper import __version__
from hailo_piper.cache.in_progress import Claim, SentencesInProgress
from hailo_piper.cache.store import Cache, CachedSpeech
from hailo_piper.engine.engine import Engine
from hailo_piper.monitoring.tracing import SentenceSpans
from hailo_piper.speech.casting import Role
from hailo_piper.speech.ticket import Ticket
from hailo_piper.text.sentence import Sentence

_ENTRY = 2
"""Counts the kinds of entries that this code has made; those of an earlier kind are not found."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Sources:
    """The sources of one request's sentences, and whether others may count on it."""

    engine: Engine
    cache: Cache
    in_progress: SentencesInProgress
    ticket: Ticket
    """Of the request."""

    spans: SentenceSpans
    """Of the request's sentences that were read."""

    def are_slow(self) -> bool:
        """Return whether no other request should wait for them: the reader takes nothing, or listeners come first."""
        return self.ticket.gives_way or self.ticket.is_stalled()


def share_out(keys: Sequence[str], sources: Sources) -> tuple[list[bool], dict[int, Claim], CachedSpeech | None]:
    """Return which sentences the cache has, by place, the claim of each that this request is to speak, and the first.

    The rest another request is speaking now. Of equal sentences the first is claimed. The first one comes at once, if
    the cache has it.
    """
    # Claim before asking the cache, so that a sentence finished in between is found there.
    claim = sources.in_progress.claim(keys, is_stalled=sources.are_slow)
    found, first = sources.cache.find(keys)
    sources.in_progress.give_back(claim, [key for key, is_found in zip(keys, found, strict=True) if is_found])
    return found, {keys.index(key): claim for key in claim.keys}, first


def key_of(role: Role, engine: Engine, sentence: Sentence) -> str:
    """Return a digest of everything that makes two syntheses equal."""
    parts = [
        __version__,
        _ENTRY,
        engine.digest,
        role.voice.sample_rate,
        *astuple(role.delivery),
        sentence.text,
        sentence.pronounced,
        sentence.manners,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
