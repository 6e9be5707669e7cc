"""Whole numbers beyond float64 in text tables: never rounded to equal numbers unseen."""

import pytest

from harness import DataError
from harness.data import read

GAP = ["" if n == 3 else str(2**60 + n) for n in range(12)]
MARKED = [cell or "?" for cell in GAP]
BEYOND = [str(2**64 + 3 * n) for n in range(12)]


def write(folder, cells):
    path = folder / "toy.csv"
    path.write_text(
        "a,code,kind\n" + "".join(f"{n}.5,{cell},{'ab'[n % 2]}\n" for n, cell in enumerate(cells))
    )
    return path


@pytest.mark.parametrize("cells", [BEYOND, GAP, MARKED])
def test_numbers_that_float64_would_make_equal_are_refused(tmp_path, cells):
    path = write(tmp_path, cells)
    with pytest.raises(DataError, match=r"'code'.* more digits than float64 can hold.*drop=code"):
        read(path, missing="mean")
    assert read(path, drop="code").samples.shape == (12, 1)


def test_large_numbers_that_stay_distinct_are_features(tmp_path):
    assert len(set(read(write(tmp_path, [f"{n}e20" for n in range(12)])).samples[:, 1].tolist())) == 12
    steps = [str(2**64 + n * 2**40) for n in range(12)]
    assert len(set(read(write(tmp_path, steps)).samples[:, 1].tolist())) == 12
    spaced = ["" if n == 3 else str(2**60 + n * 2**40) for n in range(12)]
    assert read(write(tmp_path, spaced), missing="drop-rows").samples.shape == (11, 2)
