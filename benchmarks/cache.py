"""How much sooner a repeated phrase is there: its last byte, out of the cache and synthesized, in one run.

    python benchmarks/cache.py

Asks a service of its own for a phrase of 50 characters, five times with and five times without the cache, over and
over, and prints the medians. Exits 1 where the cache is less than 20 times faster, or an answer differs.
"""

import asyncio
import json
import statistics
import sys
import tempfile

from load import QUIET, Answer, Connection, serving

PHRASE = "The kitchen light is on now, the door is locked too."[:50]
ROUNDS = 10
ASKED_AGAIN = 5


async def measure(host: str, port: int) -> bool:
    connection = Connection(host, port)

    async def ask(*, use_cache: bool) -> Answer:
        body = json.dumps({"input": PHRASE, "response_format": "wav", "use_cache": use_cache, **QUIET}).encode()
        return await connection.ask("POST", "/v1/audio/speech", body)

    kept = await ask(use_cache=True)
    answers: dict[bool, list[Answer]] = {False: [], True: []}
    for _ in range(ROUNDS):
        for use_cache, got in answers.items():
            got += [await ask(use_cache=use_cache) for _ in range(ASKED_AGAIN)]
    connection.close()
    states = {use_cache: {answer.headers["x-cache"] for answer in got} for use_cache, got in answers.items()}
    equal = {answer.body for got in answers.values() for answer in got} == {kept.body}
    synthesized, cached = (statistics.median(answer.seconds for answer in answers[side]) for side in (False, True))
    count, length = ROUNDS * ASKED_AGAIN, len(kept.body) / 44100
    print(f"{len(PHRASE)} characters, {length:.1f} s of audio, {count} times each, medians to the last byte")
    print(f"synthesized {synthesized * 1e3:7.1f} ms")
    print(f"cached      {cached * 1e3:7.1f} ms, {synthesized / cached:.0f} times faster")
    print(f"answers     {'equal to the byte' if equal else 'DIFFER'}")
    return equal and states == {False: {"miss"}, True: {"hit"}} and synthesized >= 20 * cached


def main() -> int:
    with tempfile.TemporaryDirectory() as directory:
        performance = {"cache_enabled": True, "cache_directory": directory}
        with serving(performance=performance) as (url, _):
            host, _, port = url.removeprefix("http://").partition(":")
            return 0 if asyncio.run(measure(host, int(port))) else 1


if __name__ == "__main__":
    sys.exit(main())
