"""wc: counts the words of the same bytes. It gives no answer to compare, but a time to look up to."""

import os
import subprocess
from pathlib import Path
from typing import Any

from task import Task

locale = "C.UTF-8"


def info() -> dict[str, Any]:
    first_line = subprocess.run(["wc", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    return {"wc": first_line, "locale": locale}


def run(text: Path) -> str:
    environment = {**os.environ, "LC_ALL": locale}
    return subprocess.run(["wc", "-w", text], env=environment, capture_output=True, text=True, check=True).stdout


def prepare(folder: Path, threads: int) -> Path:
    text = folder / "text.u8"
    text.read_bytes()  # into the page cache
    return text


task = Task(prepare, run, lambda words, threads: {})
tasks = {"counts": task, "counts-bytes": task}
