"""A peer as a server: `peer.py PEER THREADS` answers requests, one JSON object a line, until its input ends.

{"do": "info"}                               versions, tasks, and the threads of each library as found
{"do": "prepare", "task": t, "folder": f}    loads the input and compiles what is compiled: {}
{"do": "run", "task": t, "folder": f}        runs it, prepared first where it is not: {"seconds", "peakBytes", "answer"}
Where a request cannot be met: {"missing": why} for what is not installed or not done, {"error": what} for a fault.
"""

import importlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from types import ModuleType
from typing import Any

from memory import watch_peak
from task import Missing, Task

modules = {
    "scikit-learn": "sklearn_tasks",
    "scikit-learn-intelex": "sklearnex_tasks",
    "SciPy": "scipy_tasks",
    "Numba": "numba_tasks",
    "GraphBLAS": "graphblas_tasks",
    "wc": "wc_tasks",
}


def pin_threads(threads: int) -> None:
    """Must come before NumPy is imported: libraries read these variables once."""
    for library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ[f"{library}_NUM_THREADS"] = str(threads)


def load(peer: str, threads: int) -> ModuleType:
    try:
        module = importlib.import_module(modules[peer])
    except ModuleNotFoundError as error:
        raise Missing(f"{error.name} is not installed; `npm run bench:peers -- --setup` installs it") from error
    if hasattr(module, "start"):
        module.start(threads)
    return module


def info(module: ModuleType) -> dict[str, Any]:
    found = {"python": platform.python_version(), **module.info(), "tasks": list(module.tasks)}
    if "threadpoolctl" in sys.modules:
        pools = sys.modules["threadpoolctl"].threadpool_info()
        found["pools"] = [{key: pool[key] for key in ("internal_api", "version", "num_threads")} for pool in pools]
    return found


def measure(task: Task, prepared: Any, threads: int) -> dict[str, Any]:
    peak_bytes = watch_peak(prepared.pid if isinstance(prepared, Popen) else os.getpid())
    start = time.perf_counter()
    result = task.run(prepared)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peakBytes": peak_bytes(), "answer": task.answer(result, threads)}


class Server:
    """Holds the input of one task at a time."""

    def __init__(self, peer: str, threads: int) -> None:
        self.threads = threads
        self.module = load(peer, threads)
        self.key: tuple[str, str] | None = None
        self.prepared: Any = None

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["do"] == "info":
            return info(self.module)
        task = self.module.tasks.get(request["task"])
        if task is None:
            raise Missing("this peer has no such task")
        self.prepare(task, request["task"], request["folder"])
        if request["do"] == "prepare":
            return {}
        return measure(task, self.prepared, self.threads)

    def prepare(self, task: Task, name: str, folder: str) -> None:
        if self.key == (name, folder):
            return
        self.key = self.prepared = None  # what was there must go before more comes
        self.prepared = task.prepare(Path(folder), self.threads)
        self.key = (name, folder)


def guarded(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return work()
    except Missing as missing:
        return {"missing": str(missing)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main(peer: str, threads: int) -> None:
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not be taken for a reply
    pin_threads(threads)
    server: Server | None = None

    def reply(line: str) -> dict[str, Any]:
        nonlocal server
        server = server or Server(peer, threads)
        return server.reply(json.loads(line))

    for line in sys.stdin:
        print(json.dumps(guarded(lambda: reply(line))), file=replies, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
