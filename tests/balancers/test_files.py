"""Each line of a shipped file has its reason in the README."""

import re

import pytest

from tests.balancers.balancers import DEPLOY

FILES = ("haproxy/haproxy.cfg", "nginx/nginx.conf", "caddy/Caddyfile")
STRUCTURE = {
    "global", "defaults", "frontend", "backend", "server", "bind", "default_backend", "default-server", "events",
    "http", "upstream", "include", "location", "proxy_pass", "default_type", "add_header", "return", "default",
    "request_body", "reverse_proxy", "transport", "respond", "header",
}  # fmt: skip
"""Words that only hold others, or say no more than an address or a text."""


@pytest.mark.parametrize("file", FILES)
def test_every_line_has_its_reason(file: str) -> None:
    reasons = (DEPLOY / "README.md").read_text(encoding="utf-8")
    lines = (DEPLOY / file).read_text(encoding="utf-8").splitlines()
    words = {found[1] for line in lines if (found := re.match(r"\s*([a-z][\w.-]+)", line))}
    assert {word for word in words - STRUCTURE if word not in reasons} == set()


def test_every_address_that_a_file_takes_is_told() -> None:
    reasons = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for file in FILES:
        for name in re.findall(r"HAILO_PIPER_\w+", (DEPLOY / file).read_text(encoding="utf-8")):
            assert name in reasons or name == "HAILO_PIPER_2", name
