"""Wishes are what a `voice` element asks for."""

from collections.abc import Mapping

from hailo_piper.text.voice_choice import VoiceChoice


def wishes(attributes: Mapping[str, str]) -> VoiceChoice | None:
    """Return the choice that the attributes of a `voice` element make; None where they ask for nothing.

    Lists are divided by blanks, as SSML 1.1 says, or commas. The accents of languages, `en:en-GB`, are left out.
    """

    def parts(*names: str) -> tuple[str, ...]:
        return tuple(" ".join(attributes.get(name, "") for name in names).replace(",", " ").split())

    languages = dict.fromkeys(part.partition(":")[0] for part in parts("languages", "language", "xml:lang"))
    variant = attributes.get("variant", "").strip()
    choice = VoiceChoice(
        names=parts("name"),
        languages=tuple(languages),
        gender=attributes.get("gender", "").strip().lower(),
        age=attributes.get("age", "").strip(),
        variant=int(variant) if variant.isascii() and variant.isdigit() and len(variant) < 5 else 0,
        speaker=attributes.get("speaker", "").strip(),
    )
    return None if choice == VoiceChoice() else choice._replace(required=parts("required"))
