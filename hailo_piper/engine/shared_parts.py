"""All loaded voices share these parts: worker threads, espeak-ng, measured costs, and refused preparations."""

from dataclasses import dataclass, field

from hailo_piper.engine.espeak_ng.espeak import Espeak
from hailo_piper.engine.piper.preparation import Refusals
from hailo_piper.engine.scheduler import Scheduler
from hailo_piper.engine.speaking_costs import SpeakingCosts


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SharedParts:
    """The parts that every engine of a process works with. They outlive the engines."""

    scheduler: Scheduler
    espeak: Espeak
    costs: SpeakingCosts = field(default_factory=SpeakingCosts)
    refusals: Refusals = field(default_factory=dict)
    formants: Espeak = field(default_factory=Espeak)
    """The espeak-ng that sounds texts itself; its process starts with the first of them."""

    def close(self) -> None:
        """End the worker threads and espeak-ng's processes."""
        self.scheduler.close()
        self.espeak.close()
        self.formants.close()
