"""A command's --voice may be an alias, which has a way of speaking beside its voice."""

from typing import TYPE_CHECKING

from hailo_piper.voices.name_matching import same_name

if TYPE_CHECKING:
    from hailo_piper.config.settings import Config


def alias_of(name: str | None, config: "Config") -> str | None:
    """Return a voice's name if it is an alias: the voice is loaded already, but an alias has a way of speaking, too."""
    own = (name or "").partition("#")[0]
    return name if same_name(own, config.voices.aliases) is not None else None
