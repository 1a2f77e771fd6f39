"""The Wyoming listener speaks Home Assistant's protocol on one event loop.

Modules, in import order: `wire`, `dialect`, `patience`, `link`, `speaking`, `connection`, `listener`, `discovery`.
"""
