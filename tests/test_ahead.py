from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from hailo_piper.ahead import ahead
from tests.conftest import wait_until


def test_the_next_item_is_made_while_the_present_one_is_used() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(3):
            made.append(number)
            yield number

    with ThreadPoolExecutor(1) as executor:
        taken = ahead(items(), executor)
        for number in range(3):
            wait_until(partial(made.__contains__, number))
            assert made[-1] == number
            assert next(taken) == number
        assert list(taken) == []


def test_what_an_item_raises_comes_in_its_place() -> None:
    with ThreadPoolExecutor(1) as executor:
        taken = ahead((1 // number for number in (1, 0, 1)), executor)
        assert next(taken) == 1
        with pytest.raises(ZeroDivisionError):
            next(taken)
