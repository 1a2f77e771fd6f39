"""Home Assistant's own text-to-speech entity for Wyoming against a port: prints what it made of it, as JSON."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncGenerator
from types import MappingProxyType
from typing import Any

from homeassistant.components import tts
from homeassistant.components.wyoming.data import WyomingService
from homeassistant.components.wyoming.tts import WyomingTtsProvider
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant


async def drive(port: int, text: str, pieces: list[str]) -> dict[str, Any]:
    hass = HomeAssistant("/tmp/home-assistant")
    service = await WyomingService.create("127.0.0.1", port)
    entry = ConfigEntry(
        data={}, discovery_keys=MappingProxyType({}), domain="wyoming", minor_version=1, options={}, source="user",
        subentries_data=None, title="hailo-piper", unique_id=None, version=1,
    )  # fmt: skip
    entity = WyomingTtsProvider(entry, service)
    entity.hass = hass
    (language,) = entity.supported_languages
    kind, wav = await entity.async_get_tts_audio(text, language, {})
    sounded = asyncio.Event()
    sounded_before_the_end = False

    async def message() -> AsyncGenerator[str]:
        nonlocal sounded_before_the_end
        for piece in pieces[:-1]:
            yield piece
        # The last piece waits for sound: without streaming there would be none.
        await asyncio.wait_for(sounded.wait(), 60)
        sounded_before_the_end = True
        yield pieces[-1]

    answer = await entity.async_stream_tts_audio(tts.TTSAudioRequest(language, {}, message()))
    streamed = list[bytes]()
    async for data in answer.data_gen:
        streamed.append(data)
        if len(streamed) > 1:
            sounded.set()
    unknown = await asyncio.wait_for(entity.async_get_tts_audio(text, language, {tts.ATTR_VOICE: "nobody"}), 60)
    await hass.async_stop(force=True)
    return {
        "name": service.get_name(),
        "platforms": [str(platform) for platform in service.platforms],
        "language": language,
        "voices": [[voice.voice_id, voice.name] for voice in entity.async_get_supported_voices(language) or []],
        "supports_streaming": entity.async_supports_streaming_input(),
        "kind": kind,
        "wav": base64.b64encode(wav).decode(),
        "sounded_before_the_end": sounded_before_the_end,
        "streamed": base64.b64encode(b"".join(streamed[1:])).decode(),
        "unknown": list(unknown),
    }


sys.stdout.write(json.dumps(asyncio.run(drive(int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])))) + "\n")
