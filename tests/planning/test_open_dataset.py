"""Datasets by name or path: paths may hold parentheses and colons, and what errors advise works as typed."""

import subprocess
import sys

import pytest

from harness import BadParameter, DataError
from harness.planning.datasets import open_dataset
from harness.registry.registry import load_registry


@pytest.fixture(scope="module")
def registry():
    return load_registry()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


NAMES = ["my data (1).csv", "a:b.csv", "f(label=x).csv", "50 (a (b)).csv", "price $5 `x` (2).csv"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("under", ["", "some (other) folder"])
def test_paths_may_hold_signs_that_options_use(folder, registry, name, under):
    (folder / under).mkdir(exist_ok=True)
    path = f"{under}/{name}" if under else name
    (folder / path).write_text("a,label,species\n1,x,u\n2,y,u\n3,x,v\n4,y,v\n")
    with pytest.raises(DataError, match="the label is ambiguous between columns") as caught:
        open_dataset(path, registry)
    line = str(caught.value).rpartition("leave out the other: ")[2].removesuffix(".")
    typed = subprocess.check_output(["bash", "-c", f"printf %s {line}"], text=True)  # as a shell takes it
    assert typed == f"{path}(label=label, drop=species)"
    data = open_dataset(typed, registry)
    assert (data.label, data.n_features) == ("label", 1)
    assert open_dataset(f"{path}(drop='label')", registry).label == "species"


def test_the_longest_path_that_exists_wins(folder, registry):
    (folder / "a.csv").write_text("x,label\n1,p\n2,q\n")
    (folder / "a.csv(label=None)").write_text("x,label\n5,p\n6,q\n7,q\n")
    assert open_dataset("a.csv(label=label)", registry).n_samples == 2
    (folder / "a.csv(label=None)").rename(folder / "a.csv(label=None).csv")
    assert open_dataset("a.csv(label=None).csv(label=label)", registry).n_samples == 3


@pytest.mark.parametrize("options", ["(label=)", "(label=a", "(label=a)x"])
def test_options_that_cannot_be_read_are_shown_as_written(folder, registry, options):
    (folder / "a (1).csv").write_text("a,label\n1,p\n2,q\n")
    with pytest.raises(BadParameter, match=r"Cannot read the parameters of 'a \(1\)\.csv\(label="):
        open_dataset(f"a (1).csv{options}", registry)
    with pytest.raises(BadParameter, match=" options of a file"):
        open_dataset("a (1).csv(species)", registry)


def test_a_dataset_of_a_plugin_wins_over_a_folder_of_its_name(folder, registry):
    (folder / "digits").mkdir()
    assert open_dataset("digits", registry).n_samples > 100
    assert open_dataset("digits()", registry).n_samples > 100


def test_finding_a_path_imports_no_reader():
    heavy = {"pandas", "pyarrow", "scipy", "sklearn"}
    code = f"import sys, harness.planning.datasets; print({heavy} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
