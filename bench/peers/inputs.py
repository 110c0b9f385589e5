"""The files of a corpus folder (bench/data) as the peers take them."""

import os
from pathlib import Path

import numpy as np
import scipy.sparse as sp


def load_bytes(folder: Path) -> list[bytes]:
    text = (folder / "text.u8").read_bytes()
    offsets = np.fromfile(folder / "offsets.f64", "<f8").astype(np.int64).tolist()
    return [text[begin:end] for begin, end in zip(offsets, offsets[1:])]


def load_strings(folder: Path) -> list[str]:
    return [document.decode() for document in load_bytes(folder)]


def csr(folder: Path, values: np.ndarray, prefix: str = "") -> sp.csr_matrix:
    indptr = np.fromfile(folder / f"{prefix}indptr.i64", "<i8").astype(np.int32)
    indices = np.fromfile(folder / f"{prefix}indices.i32", "<i4")
    return sp.csr_matrix((values, indices, indptr), shape=(len(indptr) - 1, int(indices.max()) + 1))


def load_counts(folder: Path) -> sp.csr_matrix:
    return csr(folder, np.fromfile(folder / "counts.i32", "<i4"))


def load_tfidf(folder: Path) -> sp.csr_matrix:
    return csr(folder, np.fromfile(folder / "tfidf.f64", "<f8"))


def load_embeddings(folder: Path) -> np.ndarray:
    """Dense rows as models give them: 384 random projections of the TF-IDF rows, of length 1, in single precision. Written where they are not
    there yet."""
    path, columns = folder / "embeddings.f32", 384
    if not path.exists():
        tfidf = load_tfidf(folder)
        rows = tfidf @ np.random.RandomState(0).standard_normal((tfidf.shape[1], columns))
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        save(path, (rows / np.where(lengths > 0, lengths, 1)).astype("<f4"))
    return np.fromfile(path, "<f4").reshape(-1, columns)


def load_presence(folder: Path, prefix: str = "") -> sp.csr_matrix:
    """1 for every count."""
    entries = (folder / f"{prefix}indices.i32").stat().st_size // 4
    return csr(folder, np.ones(entries, np.int32), prefix)


def load_presence_of_all(folder: Path) -> sp.csr_matrix:
    write_all_counts(folder)
    return load_presence(folder, "all-")


def write_all_counts(folder: Path) -> None:
    """Where they are not there yet, the counts with maxDf 100 %: stop words are kept."""
    if (folder / "all-indptr.i64").exists():
        return
    from sklearn.feature_extraction.text import CountVectorizer

    counts = CountVectorizer(min_df=10).fit_transform(load_strings(folder))
    counts.sort_indices()
    save(folder / "all-indices.i32", counts.indices.astype("<i4"))
    save(folder / "all-indptr.i64", counts.indptr.astype("<i8"))


def save(path: Path, array: np.ndarray) -> None:
    """Complete or not at all: several processes may write the same file."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    array.tofile(part)
    part.replace(path)
