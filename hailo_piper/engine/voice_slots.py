"""Slots hold the loaded voices by recency, and choose the least recently used ones to evict (LRU)."""

from dataclasses import dataclass

from hailo_piper.engine.engine import Engine
from hailo_piper.engine.memory_budget import MemoryBudget
from hailo_piper.voices.voice import Voice


@dataclass(slots=True, eq=False)
class Slot:
    """The place of one voice that is loaded, or being loaded."""

    engine: Engine | None = None
    users: int = 0
    """Requests that speak with it or load it."""
    load_seconds: float = 0.0


class VoiceSlots:
    """The slots of all voices but the default one, the least recently used first. Their owner locks them."""

    def __init__(self, default: Engine, budget: MemoryBudget) -> None:
        self._default = default
        self._budget = budget
        self._slots: dict[Voice, Slot] = {}

    def __contains__(self, voice: Voice) -> bool:
        return voice in self._slots

    def get(self, voice: Voice) -> Slot | None:
        """Return the slot of a voice, without using it."""
        return self._slots.get(voice)

    def use(self, voice: Voice) -> Slot:
        """Return the slot of a voice, a new one if there is none, with one more user and as the latest used."""
        slot = self._slots.pop(voice, None) or Slot()
        slot.users += 1
        self._slots[voice] = slot
        return slot

    def remove(self, voice: Voice) -> Slot | None:
        """Remove the slot of a voice, if there is one, and return it."""
        return self._slots.pop(voice, None)

    def clear(self) -> None:
        """Remove every slot."""
        self._slots.clear()

    @property
    def voices(self) -> list[Voice]:
        """All voices with a slot."""
        return list(self._slots)

    @property
    def loaded(self) -> dict[Voice, Engine]:
        """The engines of the voices that are loaded."""
        return {voice: slot.engine for voice, slot in self._slots.items() if slot.engine}

    @property
    def idle(self) -> list[Voice]:
        """The loaded voices that nobody uses."""
        return [voice for voice, slot in self._slots.items() if slot.engine and not slot.users]

    @property
    def num_bytes(self) -> float:
        """The memory of all voices, the default one included, by the budget's estimate."""
        return sum(map(self._bytes, (self._default.voice, *self._slots)))

    def evictable_for(self, voice: Voice) -> list[Voice] | None:
        """Return the voices to evict before this one is loaded; None if too many speak just now.

        Beside the default voice there is always room for one.
        """
        kept = dict(self._slots)
        needed = self._bytes(self._default.voice) + self._bytes(voice)
        idle = iter(self.idle)
        while kept and needed + sum(map(self._bytes, kept)) > self._budget.budget_bytes:
            if (oldest := next(idle, None)) is None:
                return None
            del kept[oldest]
        return [other for other in self._slots if other not in kept]

    def _bytes(self, voice: Voice) -> float:
        slot = self._slots.get(voice)
        engine = self._default if voice is self._default.voice else slot.engine if slot else None
        return self._budget.bytes_of(voice, engine)
