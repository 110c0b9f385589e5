"""SuiteSparse:GraphBLAS: the PLUS_PAIR product of graphblas.c, in a process of its own.

Both triangles: a mask that leaves the lower one out would have to hold an entry for every pair of terms.
"""

import subprocess
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import numpy as np
import scipy.sparse as sp

from answers import sparse_answer, upper_answer
from inputs import load_presence, write_all_counts
from task import Missing, Task

program = Path(__file__).parents[2] / "out/peers/graphblas"


def info() -> dict[str, Any]:
    return {"GraphBLAS": subprocess.run([found()], capture_output=True, text=True).stdout.strip()}


def found() -> Path:
    if not program.exists():
        raise Missing("GraphBLAS is not built; `npm run bench:peers -- --setup` builds it or says what it needs")
    return program


def prepare(folder: Path, threads: int, prefix: str = "") -> Popen[bytes]:
    columns = load_presence(folder, prefix).shape[1]
    files = [folder / f"{prefix}indptr.i64", folder / f"{prefix}indices.i32"]
    process = Popen([found(), *files, str(columns), str(threads)], stdin=PIPE, stdout=PIPE)
    reply(process)
    return process


def prepare_all(folder: Path, threads: int) -> Popen[bytes]:
    write_all_counts(folder)
    return prepare(folder, threads, "all-")


def run(process: Popen[bytes]) -> Popen[bytes]:
    ask(process, "run")
    reply(process)
    return process


def pairs(process: Popen[bytes]) -> sp.csr_matrix:
    ask(process, "write")
    columns, entries = map(int, reply(process).split())
    indptr = read(process, columns + 1, "i8")
    indices = read(process, entries, "i8").astype(np.int32)
    return sp.csr_matrix((read(process, entries, "i4"), indices, indptr), shape=(columns, columns))


def ask(process: Popen[bytes], request: str) -> None:
    process.stdin.write(f"{request}\n".encode())
    process.stdin.flush()


def reply(process: Popen[bytes]) -> bytes:
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"graphblas ended ({process.wait()})")
    return line


def read(process: Popen[bytes], count: int, dtype: str) -> np.ndarray:
    return np.frombuffer(bytearray(process.stdout.read(count * np.dtype(dtype).itemsize)), dtype)


tasks = {
    "cooccurrence": Task(prepare, run, lambda process, _: upper_answer(pairs(process))),
    "cooccurrence-full": Task(prepare, run, lambda process, _: sparse_answer(pairs(process))),
    "cooccurrence-stop-words": Task(prepare_all, run, lambda process, _: upper_answer(pairs(process))),
}
