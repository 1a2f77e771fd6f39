"""Helpers of the tests, and where the checkout is."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
