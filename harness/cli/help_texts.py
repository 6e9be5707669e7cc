"""What `--help` says of each command beside its options: when to use it, and two examples."""

from __future__ import annotations

import click

DETAILS = {  # name: when to use it rather than its neighbours, and two calls
    "bench": (
        "Start here. Without arguments it is a tour of seconds on the digits that come with scikit-learn. "
        "What has been computed is kept: the same call again computes nothing.",
        ("harness bench --all", "harness bench -d flowers.csv -e standardize -e pca -c kmeans -c gmm-bic"),
    ),
    "leaderboard": (
        "Use it to look at a board again, to choose its columns and rows, or to export it. To know whether "
        "rows differ use 'compare'; for web pages 'report'; to hand a board to others 'publish'.",
        (
            "harness leaderboard digits.full -m nmi --top 10",
            "harness leaderboard --format latex --rows 'pca* + *'",
        ),
    ),
    "show": (
        "Use it to understand one run, and why it failed. For pictures of it use 'plot' or 'report'. CELL is "
        "encoder and clusterer, as in 'pca + kmeans', or the beginning of the cell's id. Of a row of several "
        "runs the first that failed is shown, else the first; name another with --seed.",
        ("harness show 'pca + kmeans'", "harness show 'pca + gmm-bic' --board digits.full --seed 2"),
    ),
    "report": (
        "Use it for yourself: pages of each run with its maps, matrices and reasons, from your own store. "
        "For a folder that others can verify use 'publish'.",
        ("harness report", "harness report digits.full --maps pca"),
    ),
    "compare": (
        "Use it before you say that one pipeline is better than another. To look at scores alone use "
        "'leaderboard'.",
        ("harness compare digits.full", "harness compare iris.full wine.full digits.full --pivot"),
    ),
    "publish": (
        "Use it to hand boards to others, who check them with 'verify'. For pages of your own use 'report'.",
        ("harness publish digits.full --by 'Ada Lovelace'", "harness publish --all --site pages"),
    ),
    "verify": (
        "Use it on a folder that 'publish' wrote, from anyone: no code from it is run. Name your own data "
        "with -d, so that its scores are computed again too.",
        (
            "harness verify leaderboard --rerun 5",
            "harness verify sent -d 'flowers=flowers.csv(label=species)'",
        ),
    ),
    "merge": (
        "Use it to maintain a board that several contribute to. To take rows away use 'remove' before "
        "publishing.",
        (
            "harness merge leaderboard sent --out leaderboard",
            "harness merge ours theirs --out both --prefer ours",
        ),
    ),
    "reproduce": (
        "Use it for the five reports on Fashion-MNIST that come with the harness. For your own pipelines use "
        "'bench'.",
        ("harness reproduce --all", "harness reproduce r5-rahman --quick"),
    ),
    "curves": (
        "Use it after a chooser of K, such as kmeans-elbow or gmm-bic, to see why that K was chosen.",
        ("harness curves", "harness curves digits.full"),
    ),
    "plot": (
        "Use it for a single picture, as PNG or SVG. For pages with all pictures of a run use 'report'. CELL "
        "is encoder and clusterer, as in 'pca + kmeans', or the beginning of the cell's id.",
        ("harness plot confusion 'pca + kmeans'", "harness plot map 'pca + kmeans' -o map.svg"),
    ),
    "store": (
        "Use it when the disk fills up, or after a crash. To remove results by their names use 'remove'.",
        ("harness store", "harness store prune --unneeded"),
    ),
    "remove": (
        "Use it to take results back. To free space that no board needs use 'store prune'; published "
        "folders are not touched.",
        ("harness remove digits.full --failed", "harness remove digits.full -e pca -c kmeans --dry-run"),
    ),
    "plugins": (
        "Use it to find names for -e, -c and -m, and what each needs. To check one of your own use 'check'.",
        ("harness plugins", "harness plugins --plugin my_encoder.py"),
    ),
    "check": (
        "Use it on a plugin of your own before you publish it. To begin one use 'new'.",
        ("harness check my_clusterer.py", "harness check sklearn.cluster:Birch"),
    ),
    "datasets": (
        "Use 'show' before the first run on your own data: it prints what is taken for the label, what is "
        "left out, and why.",
        ("harness datasets show flowers.csv", "harness datasets fetch fashion-mnist"),
    ),
    "new": (
        "Use it to begin a plugin: the file works as it is, and has a test.",
        ("harness new clusterer my-own", "harness new encoder my-encoder"),
    ),
}


def with_details(command: click.Command, name: str, summary: str) -> click.Command:
    """Return a command whose help has its summary, when to use it, and examples.

    Examples
    --------
    >>> with_details(click.Command("new"), "new", "Write a plugin.").epilog.split(chr(10))[1]
    'Examples:'
    """
    when, calls = DETAILS[name]
    command.help, command.short_help = f"{summary}\n\n{when}", summary
    command.epilog = "\n".join(["\b", "Examples:", *(f"  {call}" for call in calls)])
    return command
