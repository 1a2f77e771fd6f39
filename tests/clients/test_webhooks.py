"""Webhooks as standard-webhooks' own package checks them."""

import base64
import time

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from hailo_piper.jobs.queue.targets import Target, headers

SECRETS = (bytes(range(32)), bytes(24))


def test_standardwebhooks_verifies_what_is_sent() -> None:
    body = b'{"id": "evt_1", "object": "event", "type": "batch.completed", "data": {"id": "batch_1"}}'
    sent = headers(Target("https://a.example/", SECRETS, allow_private=False), "evt_1", int(time.time()), body)
    for secret in SECRETS:
        webhook = Webhook(f"whsec_{base64.b64encode(secret).decode()}")
        assert webhook.verify(body, sent)["data"] == {"id": "batch_1"}
        with pytest.raises(WebhookVerificationError):
            webhook.verify(body.replace(b"batch_1", b"batch_2"), sent)
