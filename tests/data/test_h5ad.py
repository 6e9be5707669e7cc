"""AnnData files: matrices, label columns, and what is said without anndata."""

import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from harness import DataError
from harness.data import read


def save(path, X, **obs):
    anndata = pytest.importorskip("anndata", reason="no anndata: pip install anndata")
    frame = pd.DataFrame(obs, index=np.array([f"cell{n}" for n in range(len(X.toarray()))], dtype=object))
    data = anndata.AnnData(X, obs=frame)
    data.obsm["X_pca"] = np.arange(8.0).reshape(4, 2)
    data.layers["raw"] = X
    with warnings.catch_warnings(), anndata.settings.override(allow_write_nullable_strings=True):
        warnings.simplefilter("ignore")
        data.write_h5ad(path)
    return path


TYPES = pd.Categorical(["B", "T", "B", "T"])
COUNTS = sparse.csr_matrix(np.array([[0, 1.5, 0], [2, 0, 0], [0, 3, 0], [1, 1, 0]]))


def test_x_and_a_usual_column(tmp_path):
    data = read(save(tmp_path / "toy.h5ad", COUNTS, cell_type=TYPES, leiden=TYPES, depth=[1.0, 2, 3, 4]))
    assert data.samples.tolist() == COUNTS.toarray().tolist()
    assert (data.label, data.class_names) == ("cell_type", ("B", "T"))
    assert data.left_out == ("obs 'leiden'", "obs 'depth'", "obsm 'X_pca'", "layer 'raw'")
    assert data.notes == ("samples: X", "sparse, converted to dense")


def test_obsm_and_a_named_column(tmp_path):
    path = save(tmp_path / "toy.h5ad", COUNTS, cell_type=TYPES, leiden=TYPES)
    data = read(path, obsm="X_pca", label="leiden")
    assert (data.samples[1].tolist(), data.label, data.notes) == (
        [2, 3],
        "leiden",
        ("samples: obsm 'X_pca'",),
    )
    with pytest.raises(DataError, match=r"no obsm 'X_umap', only: X_pca"):
        read(path, obsm="X_umap")


def test_unclear_labels_are_refused_with_the_candidates(tmp_path):
    path = save(tmp_path / "toy.h5ad", COUNTS, leiden=TYPES, louvain=TYPES)
    with pytest.raises(
        DataError, match=r"It may be 'leiden', 'louvain'\. Name it: .*\(label=leiden\).*label=None"
    ):
        read(path)
    assert read(path, label=None).truth is None
    path = save(tmp_path / "none.h5ad", COUNTS, depth=[1.0, 2, 3, 4])
    assert read(path).truth is None


def test_damage_and_a_missing_label(tmp_path):
    path = save(tmp_path / "toy.h5ad", COUNTS, cell_type=pd.Categorical(["B", None, "B", "T"]))
    with pytest.raises(DataError, match=r"'cell_type'.*needs a label, got none in row 1 .*unlabelled=''"):
        read(path)
    assert read(path, unlabelled="").truth.tolist() == [0, -1, 0, 1]
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(DataError, match=r"toy\.h5ad: not a readable AnnData file") as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_without_anndata_the_error_has_the_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "anndata", None)
    (tmp_path / "toy.h5ad").write_bytes(b"\x89HDF\r\n\x1a\n")
    with pytest.raises(DataError, match=r"reading \.h5ad needs anndata: pip install '.*\[anndata\]'\."):
        read(tmp_path / "toy.h5ad")
