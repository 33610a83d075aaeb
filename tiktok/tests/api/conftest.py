import pytest

from accounts.tests.program import Program


@pytest.fixture
def program(alice) -> Program:
    return Program(alice)
