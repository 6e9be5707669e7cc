"""Small whole files of every format that is read, which tests/damaged_files.py damages."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


def npy(array: object) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.asarray(array))
    return buffer.getvalue()


def encoded(kind: str, mode: str, number: int, **options: object) -> bytes:
    """Return an image of two pages where options ask for it."""
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 3  # turned upside down
    n_channels = len(mode)
    size = (5, 4, n_channels) if n_channels > 1 else (5, 4)
    values = np.random.default_rng(number).integers(0, 256, size, dtype=np.uint8)
    pages = [Image.fromarray(values), Image.fromarray(255 - values)]
    if "save_all" in options:
        options["append_images"] = pages[1:]
    pages[0].save(buffer, kind, **options, **({"exif": exif} if kind == "jpeg" else {}))
    return buffer.getvalue()


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">2xBB{array.ndim}I", 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def parquet(table: pa.Table, **options: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


VALUES = np.random.default_rng(0).random((12, 3)).round(3)
PIXELS = np.random.default_rng(0).integers(0, 256, (12, 4, 3), dtype=np.uint8)
CLASSES = np.arange(12) % 3
NAMES = np.array(["cat", "dog", "élan"])[CLASSES]
FRAME = pd.DataFrame(VALUES, columns=["width", "height", "depth"]).assign(species=NAMES)
MEMBERS = {"X.npy": npy(PIXELS), "y.npy": npy(NAMES)}
SPLIT = {
    **{"x_train.npy": npy(VALUES), "y_train.npy": npy(CLASSES)},
    **{"x_test.npy": npy(VALUES[:5]), "y_test.npy": npy(CLASSES[:5])},
}
PUBLISHED = {f"{digit * 64}.npy": npy(CLASSES) for digit in "07"}
HUGGING_FACE = {"info": {"features": {"label": {"names": ["cat", "dog", "elk"], "_type": "ClassLabel"}}}}
QMNIST = struct.pack(">2xBB2I", 0x0C, 2, 12, 8) + (np.arange(96) % 5).astype(">i4").tobytes()
HUB = pa.table({"image": [encoded("png", "L", n) for n in range(12)], "label": CLASSES})
TABLE = pa.Table.from_pandas(FRAME.set_index(pd.Index(range(3, 15), name="row")))
IMAGES: dict[str, tuple[str, dict[str, object]]] = {
    **{f"image.{kind}": ("RGB", {}) for kind in ("png", "jpeg", "bmp", "webp", "ppm")},
    **{f"image.{kind}": ("L", {"save_all": True}) for kind in ("gif", "tiff")},
    "image.lzw.tiff": ("RGB", {"compression": "tiff_lzw"}),
    "image.clear.png": ("RGBA", {}),
}

# By the file's name; that of an image is put beside a whole one of the same kind.
SEEDS: dict[str, bytes] = {
    "table.csv": FRAME.to_csv(index=False).encode(),
    "table.tsv": FRAME.to_csv(index=False, sep="\t").encode(),
    "european.csv": FRAME.to_csv(index=False, sep=";", decimal=",").encode("cp1252"),
    "table.csv.gz": gzip.compress(FRAME.to_csv().encode(), mtime=0),
    "array.npy": npy(VALUES),
    "array.npz": zipped(MEMBERS),
    "split.npz": zipped(SPLIT, zipfile.ZIP_DEFLATED),
    "packed.npz": zipped(MEMBERS, zipfile.ZIP_BZIP2),
    "published.npz": zipped({**PUBLISHED, "x.npy": npy(VALUES)}, zipfile.ZIP_BZIP2),
    "table.parquet": parquet(TABLE),
    "plain.parquet": parquet(pa.table({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5]}), compression="none"),
    "hub.parquet": parquet(HUB.replace_schema_metadata({"huggingface": json.dumps(HUGGING_FACE)})),
    "images.idx3": idx(PIXELS),
    "q-labels.idx2-int": QMNIST,
    "images.idx3.gz": gzip.compress(idx(PIXELS), mtime=0),
}


def whole_image(name: str, number: int = 1) -> bytes:
    """Return an image that is whole, of the kind and size of a seed."""
    mode, options = IMAGES[name]
    return encoded(name.rpartition(".")[2], mode, number, **options)


SEEDS |= {name: whole_image(name, 0) for name in IMAGES}
