"""Columns of numbers and what they are computed with."""

import numpy as np
import numpy.typing as npt

from extractors.blocks.textstats import Floats

Columns = list[npt.NDArray[np.floating] | npt.NDArray[np.integer] | npt.NDArray[np.bool_]]


def prefix_sums(values: npt.NDArray[np.floating] | npt.NDArray[np.bool_]) -> Floats:
    """Prefix sums with a leading zero, of each column of a matrix: the sum over a:b is out[b] - out[a]."""
    out = np.zeros((len(values) + 1, *values.shape[1:]))
    np.cumsum(values, axis=0, out=out[1:])
    return out


def stacked(columns: Columns) -> npt.NDArray[np.float32]:
    """The columns side by side (a matrix counts as several), without a copy in double precision: a page of 10 MB has
    45,000 rows.
    """
    widths = [1 if column.ndim == 1 else column.shape[1] for column in columns]
    out = np.empty((len(columns[0]), sum(widths)), np.float32)
    place = 0
    for column, width in zip(columns, widths, strict=True):
        if column.ndim == 1:
            out[:, place] = column
        else:
            out[:, place : place + width] = column
        place += width
    return out
