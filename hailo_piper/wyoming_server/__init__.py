"""The Wyoming listener: Home Assistant's protocol on one event loop, which only moves bytes."""
