"""Parquet files with strange columns, names and metadata."""

from __future__ import annotations

import io
import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from damaged_bytes import damage_bytes
from whole_files import parquet


def _json(chance: random.Random) -> str:
    """Return what is not the JSON that pandas and Hugging Face write."""
    deep = chance.choice((200, 2000, 100_000))
    values = (
        "7",
        "null",
        "[]",
        '"text"',
        "{}",
        '{"info": 3}',
        "{",
        "\ud800",
        "[" * deep,
        "[" * deep + "]" * deep,
    )
    names = chance.choice(
        ("7", "null", '"abc"', "{}", "[null, 3]", '["a", "a", "a"]', '["\\ud800", "b\\n", "c"]', "[]")
    )
    columns = chance.choice(("7", "[7]", "[{}]", '[{"name": 3, "field_name": "width"}]', "null"))
    index = chance.choice(
        ("7", '["nope"]', "[{}]", '[{"kind": "range", "start": 0, "stop": 99999999999, "step": 1}]')
    )
    return chance.choice(
        (
            *values,
            f'{{"info": {{"features": {{"label": {{"names": {names}}}}}}}}}',
            f'{{"index_columns": {index}, "columns": {columns}, "column_indexes": []}}',
            f'{{"index_columns": {index}, "columns": [], "column_indexes": {columns}}}',
        )
    )


STRANGE = (
    lambda: pa.array([[1], [2], None]),
    lambda: pa.array([{"a": 1}, {"a": 2}, None]),
    lambda: pa.array([{"bytes": b"x"}, {"bytes": None}, None]),
    lambda: pa.array([{"bytes": 7}, {"bytes": 8}, {"bytes": 9}]),
    lambda: pa.array([b"a", b"b", None]),
    lambda: pa.array(["a\nb", "\u2028", None]),
    lambda: pa.array(["a", "b", "a"]).dictionary_encode(),
    lambda: pa.array([None, None, None]),
    lambda: pa.array([1.5, 1e300, None]),
    lambda: pa.array([True, None, False]),
    lambda: pa.array([2**63, 1, 2**64 - 1], pa.uint64()),
    lambda: pa.array([1, 2, 3], pa.decimal128(38, 0)),
    lambda: pa.array([0, 1, 2**50], pa.timestamp("s")),
    lambda: pa.array([0, 1, 2**40], pa.timestamp("s", tz="Nowhere/Land")),
    lambda: pa.array([0, 1, -(2**31)], pa.date32()),
    lambda: pa.array([0, 1, 2], pa.time64("us")),
    lambda: pa.array([0, 1, 2**50], pa.duration("s")),
    lambda: pa.array([np.float16(1), np.float16(2), np.float16(3)], pa.float16()),
    lambda: pa.array([[("k", 1)], [("k", 2)], None], pa.map_(pa.string(), pa.int64())),
)
COLUMNS = (
    "label",
    "class",
    "width",
    "a\nb",
    "\x1b[31m",
    "",
    "0",
    "image",
    "é" * 400,
    "__index_level_0__",
    "width",
)


def strange_table(content: bytes, chance: random.Random) -> bytes:
    """Return a whole parquet file of columns that are not numbers, with names and metadata that mislead."""
    names = chance.sample(COLUMNS, chance.randint(1, 3))
    columns = [chance.choice(STRANGE)() if chance.random() < 0.7 else pa.array([1, 2, 3]) for _ in names]
    table = pa.Table.from_arrays(columns, names=names)
    if chance.random() < 0.5:
        metadata = {chance.choice(("pandas", "huggingface")): _json(chance).encode("utf-8", "surrogatepass")}
        table = table.replace_schema_metadata(metadata)
    return parquet(table, store_schema=chance.random() < 0.8)


def damage_metadata(content: bytes, chance: random.Random) -> bytes:
    """Write a parquet file again with broken metadata of pandas or Hugging Face."""
    table = pq.read_table(io.BytesIO(content))
    metadata = dict(table.schema.metadata or {})
    key = chance.choice((b"pandas", b"huggingface"))
    known = metadata.get(key, b"{}")
    metadata[key] = (
        damage_bytes(known, chance)
        if chance.random() < 0.4
        else _json(chance).encode("utf-8", "surrogatepass")
    )
    return parquet(table.replace_schema_metadata(metadata))
