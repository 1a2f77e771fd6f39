"""French rules."""

from collections.abc import Sequence

from hailo_piper.text.normalise.rule import Rule


def rules(region: str) -> Sequence[Rule]:  # noqa: ARG001 - one set of rules serves every region
    """Return the rules."""
    return ()
