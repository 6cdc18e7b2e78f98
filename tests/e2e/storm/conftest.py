"""What is here needs no stack."""

import pytest


@pytest.fixture(autouse=True)
def good_vendor() -> None: ...
