"""How a golden is laid out: one JSON object in ASCII (no editor can normalise it), one case on a line."""

import json
import platform
import unicodedata
from pathlib import Path

import numpy
import scipy
import sklearn

folder = Path(__file__).parent.parent


def versions():
    return {
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    }


def plain(value):
    """NumPy's numbers and arrays as Python's, which `json` prints so that a reader gets the same double back."""
    if isinstance(value, numpy.ndarray | numpy.generic):
        return plain(value.tolist())
    if isinstance(value, float) and value == float("inf"):
        return "Infinity"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def on_one_line(value):
    return json.dumps(plain(value), separators=(",", ":"), allow_nan=False)


def write(name, about, cases, **tables):
    """`tables` are objects or lists that the cases refer to; they stand before them, one entry on a line."""
    parts = [f'"about": {on_one_line(about)}', f'"versions": {on_one_line(versions())}']
    for key, table in {**tables, "cases": cases}.items():
        if isinstance(table, dict):
            lines = [f"{on_one_line(entry)}: {on_one_line(value)}" for entry, value in table.items()]
            parts.append(f'"{key}": {{\n' + ",\n".join(lines) + "\n}")
        else:
            parts.append(f'"{key}": [\n' + ",\n".join(map(on_one_line, table)) + "\n]")
    path = folder / f"{name}.json"
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="ascii")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")


def csr_fields(matrix):
    """The three arrays of a CSR matrix, columns ascending within each row."""
    matrix = matrix.tocsr()
    matrix.sort_indices()
    return {"indptr": matrix.indptr, "indices": matrix.indices, "values": matrix.data}
