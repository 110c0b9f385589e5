"""What a module of tasks holds: `tasks`, `info()` with versions, and `start(threads)` where a call sets the threads."""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple


class Missing(Exception):
    """A task that a peer cannot do here, and why."""


class Task(NamedTuple):
    """One row of one peer; only `run` is timed."""

    prepare: Callable[[Path, int], Any]
    """From the folder of a corpus and the number of threads to what `run` gets."""
    run: Callable[[Any], Any]
    answer: Callable[[Any, int], dict[str, Any]]
    """From the result and the number of threads to one of the forms of answers.py."""


def versions(*packages: str) -> dict[str, str]:
    return {package: version(package) for package in packages}
