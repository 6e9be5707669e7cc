"""Save pictures as files with title and caption, on white."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

from ...core.errors import HarnessError
from ...core.files import write_whole
from .picture import Picture
from .style import DIM, style

FORMATS = (".png", ".svg")
DPI = 200
LETTERS = 118  # of a line of the caption


def check_path(path: Path) -> None:
    """Raise an error if a picture cannot be written to a file.

    Raises
    ------
    HarnessError
        If it is not ``.png`` or ``.svg``, is a folder, or its folder does not exist.

    Examples
    --------
    >>> check_path(Path("losses.pdf"))
    Traceback (most recent call last):
    ...
    harness.core.errors.HarnessError: Picture 'losses.pdf' must end in .png or .svg, e.g. losses.png.
    """
    if path.suffix.lower() not in FORMATS:
        name = path.with_suffix(".png").name if path.name else "picture.png"
        raise HarnessError(f"Picture {str(path)!r} must end in .png or .svg, e.g. {name}.")
    if path.is_dir():
        raise HarnessError(f"Picture {str(path)!r} is a folder. Name a file in it.")
    if not path.parent.is_dir():
        raise HarnessError(f"Picture {str(path)!r}: no folder {str(path.parent)!r}. Create it first.")


def write(picture: Picture, path: Path) -> None:
    """Write a picture with its title and caption to a file, PNG or SVG by its extension.

    Raises
    ------
    HarnessError
        If the file is not PNG or SVG, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from harness.report.figures.style import new_figure
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(Picture(new_figure(1), "Nothing", "Nothing."), Path(folder) / "nothing.png")
    ...     (Path(folder) / "nothing.png").read_bytes()[1:4]
    b'PNG'
    """
    check_path(path)
    write_whole(path, _content(picture, path.suffix.lower().removeprefix(".")))


def _content(picture: Picture, suffix: str) -> bytes:
    metadata: dict[str, str | None] = {"Title": picture.title, "Description": picture.alt}
    metadata |= {"Date": None} if suffix == "svg" else {"Software": None}
    figure, file = picture.figure, io.BytesIO()
    inch = 1 / float(figure.get_size_inches()[1])
    with style():
        import matplotlib

        matplotlib.rcParams["svg.hashsalt"] = picture.key or "harness"
        above = "\n".join(textwrap.wrap(picture.subject, 105))
        texts = [
            figure.text(0, 1 + 0.12 * inch, above, color=DIM, fontsize=8.5, va="bottom"),
            figure.text(
                *(0, 1 + (0.16 + 0.16 * (above.count("\n") + bool(above))) * inch, picture.title),
                fontsize=12, weight="bold", va="bottom",
            ),
            figure.text(
                *(0, -0.1 * inch, "\n".join(textwrap.wrap(picture.caption, LETTERS))),
                color=DIM, fontsize=8, va="top",
            ),
        ]  # fmt: skip
        try:
            figure.savefig(
                *(file,), format=suffix, dpi=DPI, facecolor="white", bbox_inches="tight", pad_inches=0.15,
                metadata=metadata,
            )  # fmt: skip
        finally:  # within a page, title and caption are the page's
            for text in texts:
                text.remove()
    return file.getvalue()
