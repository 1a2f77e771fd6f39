"""Reads a reply on threads for a listener whose event loop only moves bytes.

Each piece is made once the client has taken the piece before it (backpressure).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from contextvars import copy_context
from typing import Any

from hailo_piper.errors import AbandonedError, InvalidRequestError, SpeechError, SynthesisError
from hailo_piper.listeners.service import Service
from hailo_piper.monitoring import logs
from hailo_piper.monitoring.metrics import Metrics
from hailo_piper.monitoring.tracing import Span
from hailo_piper.speech.reply import Reply

logger = logging.getLogger(__name__)

Read = Callable[[], Awaitable[bytes]]
"""Returns the next piece of a reply; nothing after the last, or once it is over."""


async def answer(  # noqa: PLR0913 - each is a part of the answer
    begin: Callable[[Span], Reply],
    send: Callable[[Reply, Read], Awaitable[None]],
    *,
    service: Service,
    listener: str,
    threads: Executor,
    is_over: Callable[[], bool],
) -> None:
    """Begin a reply, have it sent, and close it, in the context of the request whose answer it is.

    `is_over`: whether nobody wants the rest. Raises SpeechError where the request cannot be answered or fails, and what
    `send` raises: ConnectionError where the client has left.
    """
    span = service.tracer.begin(f"{listener} synthesize", {})
    span.note({"speech.request_id": logs.request_id.get()})
    logs.trace_id.set(span.traceparent[3:35] or None)
    context, loop = copy_context(), asyncio.get_running_loop()

    async def work(task: Callable[[], Any]) -> Any:
        # One task at a time, so that a reply is never closed while a thread makes its next piece.
        return await loop.run_in_executor(threads, context.run, task)

    reply: Reply | None = None
    try:
        reply = await work(lambda: begin(span))
        pieces = iter(reply)

        async def read() -> bytes:
            data: bytes = b"" if is_over() else await work(lambda: next(pieces, b""))
            return data

        try:
            await send(reply, read)
        finally:
            await work(reply.close)
    except SpeechError as error:
        if isinstance(error, InvalidRequestError | AbandonedError):
            # Its client's doing, no failure of the service.
            span.note({"error.type": error.code})
        else:
            span.fail(error.code)
        if reply is None:
            span.note({"speech.outcome": error.code})
            note_refusal(error, listener, service.metrics)
        raise
    except ConnectionError:
        raise
    except Exception as error:
        # Whatever it is, the client gets an error, and the connection goes on.
        logger.exception("request failed")
        span.fail("internal_error")
        failure = SynthesisError("Internal error; the log has the details")
        failure.code = "internal_error"
        raise failure from error
    finally:
        span.end()


def note_refusal(error: SpeechError, listener: str, metrics: Metrics) -> None:
    """Count and log a request that got an error and no sound."""
    metrics.refused(listener, error.code)
    failure = error if isinstance(error, SynthesisError) else None
    fields = {"listener": listener, "outcome": error.code}
    logger.log(logging.ERROR if failure else logging.INFO, "refused", extra={"fields": fields}, exc_info=failure)
