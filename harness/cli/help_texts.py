"""Help texts of the commands: when to use each, and two examples."""

from __future__ import annotations

import click

DETAILS = {  # name: when to use it rather than its neighbours, and examples
    "bench": (
        "Start here. Without arguments, it runs a tour of a few seconds on scikit-learn's digits. "
        "Results are cached: repeating a command computes nothing.",
        ("harness bench --all", "harness bench -d flowers.csv -e standardize -e pca -c kmeans -c gmm-bic"),
    ),
    "leaderboard": (
        "Use it to print a leaderboard again, select columns and rows, or export it. To test whether rows "
        "differ, use 'compare'; for web pages, 'report'; to share a leaderboard, 'publish'.",
        (
            "harness leaderboard digits.full -m nmi --top 10",
            "harness leaderboard --format latex --rows 'pca* + *'",
        ),
    ),
    "show": (
        "Use it to understand one run, or why it failed. For pictures, use 'plot' or 'report'. RUN is "
        "encoder and clusterer, e.g. 'pca + kmeans', or the beginning of a run's id. If a row has several "
        "runs, the first failed one is shown, else the first; choose another with --seed.",
        ("harness show 'pca + kmeans'", "harness show 'pca + gmm-bic' --board digits.full --seed 2"),
    ),
    "report": (
        "Use it for yourself: a page per run with maps, confusion matrices and errors, from your own store. "
        "For a folder that others can verify, use 'publish'.",
        ("harness report", "harness report digits.full --maps pca"),
    ),
    "compare": (
        "Use it before claiming that one pipeline is better than another. For scores only, use "
        "'leaderboard'. With --html it writes a page with two to six runs side by side: scores, maps and the "
        "samples that moved between clusters. RUN is encoder and clusterer, e.g. 'pca + kmeans' or "
        "'pca + kmeans, seed 1', or the beginning of a run's id.",
        (
            "harness compare digits.full",
            "harness compare --html 'identity + kmeans' 'pca + gmm'",
        ),
    ),
    "publish": (
        "Use it to share leaderboards; others check them with 'verify'. For pages of your own, use 'report'.",
        ("harness publish digits.full --by 'Ada Lovelace'", "harness publish --all --site pages"),
    ),
    "verify": (
        "Use it on a folder written by 'publish', from anyone: no code from it is run. Name your own data "
        "with -d to recompute its scores too.",
        (
            "harness verify leaderboard --rerun 5",
            "harness verify sent -d 'flowers=flowers.csv(label=species)'",
        ),
    ),
    "merge": (
        "Use it to maintain a leaderboard with several contributors. To take rows out, use 'remove' before "
        "publishing.",
        (
            "harness merge leaderboard sent --out leaderboard",
            "harness merge ours theirs --out both --prefer ours",
        ),
    ),
    "import-labels": (
        "Use it to see published label vectors beside your own rows. To run a method here, use 'bench'. A "
        "file is a CSV with a header of methods and one row per sample, with labels from 0, and -1 for "
        "noise. A folder has METHOD/BATTERY/NAME.resultK.gz, with labels from 1. Rows are flagged imported, "
        "come last, and are never the best.",
        (
            "harness import-labels labels.csv -d iris -k 3",
            "harness import-labels clustering-results-v1/original --suite batteries-v1",
        ),
    ),
    "reproduce": (
        "Use it for the five reports on Fashion-MNIST that come with the harness. For your own pipelines, "
        "use 'bench'.",
        ("harness reproduce --all", "harness reproduce r5-rahman --quick"),
    ),
    "curves": (
        "Use it after K selection, e.g. with kmeans-elbow or gmm-bic, to see why that K was chosen.",
        ("harness curves", "harness curves digits.full"),
    ),
    "plot": (
        "Use it for a single picture, as PNG or SVG. For pages with all pictures of a run, use 'report'. "
        "RUN is encoder and clusterer, e.g. 'pca + kmeans', or the beginning of a run's id.",
        ("harness plot confusion 'pca + kmeans'", "harness plot map 'pca + kmeans' -o map.svg"),
    ),
    "store": (
        "Use it when the disk fills up, or after a crash. To remove results by name, use 'remove'.",
        ("harness store", "harness store prune --unneeded"),
    ),
    "remove": (
        "Use it to withdraw results; published folders are not touched. To free space that no leaderboard "
        "needs, use 'store prune'.",
        ("harness remove digits.full --failed", "harness remove digits.full -e pca -c kmeans --dry-run"),
    ),
    "plugins": (
        "Use it to find names for -e, -c and -m, and what each needs. To check one of your own, use 'check'.",
        ("harness plugins", "harness plugins --plugin my_encoder.py"),
    ),
    "check": (
        "Use it on a plugin of your own before publishing it. To create one, use 'new'.",
        ("harness check my_clusterer.py", "harness check sklearn.cluster:Birch"),
    ),
    "datasets": (
        "Use 'show' before the first run on your own data: it prints which column is the label, what is "
        "left out, and why.",
        ("harness datasets show flowers.csv", "harness datasets fetch fashion-mnist"),
    ),
    "new": (
        "Use it to start a plugin: the generated file works, and has a test.",
        ("harness new clusterer my-own", "harness new encoder my-encoder"),
    ),
}


def with_details(command: click.Command, name: str, summary: str) -> click.Command:
    """Add summary, when to use it and examples to the help of a command.

    Examples
    --------
    >>> with_details(click.Command("new"), "new", "Write a plugin.").epilog.split(chr(10))[1]
    'Examples:'
    """
    when, calls = DETAILS[name]
    command.help, command.short_help = f"{summary}\n\n{when}", summary
    command.epilog = "\n".join(["\b", "Examples:", *(f"  {call}" for call in calls)])
    return command
