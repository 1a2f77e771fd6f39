"""Voices are fetched over HTTP: whole, checked and within bounds.

Modules, in import order: `limits`, `http_client`, `remote_file`, `download`, `catalogue`, `kokoro`.
"""
