"""Charts as inline SVG, drawn by leather; colours come from the page's style sheet, so that dark mode and print hold.

No text of a page is ever drawn: names stand in the tables beside the charts.
"""

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 640, 190
SPARK_WIDTH, SPARK_HEIGHT = 120, 24


def trend(values: Sequence[float], *, labels: tuple[str, str], says: str) -> Markup:
    """A line over runs, oldest to newest; `labels` are the first and the last day, `says` is read aloud instead."""
    import leather  # 60 ms, and only for runs that have a past

    chart = leather.Chart()
    chart.add_line([(float(n), value) for n, value in enumerate(values)], stroke_color="var(--kept)", width=2)
    chart.add_x_scale(0, max(len(values) - 1, 1))
    chart.add_y_scale(0, max(*values, 1) * 1.1)
    ends = {0.0: labels[0], float(len(values) - 1): labels[1]}
    chart.add_x_axis(ticks=list(ends), tick_formatter=lambda value, *_: ends.get(float(value), ""))
    chart.add_y_axis(tick_formatter=lambda value, *_: f"{float(value):,.0f}")
    return _inline(chart.to_svg(width=WIDTH, height=HEIGHT), "plot", says)


def spark(values: Sequence[float], *, says: str) -> Markup:
    """A line as high as a row of text, without axes."""
    top = max(*values, 1)
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    points = " ".join(
        f"{n * step:.1f},{SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 4) * value / top:.1f}" for n, value in enumerate(values)
    )
    drawing = (
        '<svg class="spark" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">'
        '<polyline points="{3}"/></svg>'
    )
    return Markup(drawing).format(SPARK_WIDTH, SPARK_HEIGHT, says, points)  # noqa: S704 - ours, and filled in escaped


def _inline(svg: str, name: str, says: str) -> Markup:
    inner = svg[svg.index("<svg") :].partition(">")[2]
    # The drawing is leather's, of numbers and days alone.
    start = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(name, WIDTH, HEIGHT, says)
    return start + Markup(inner)  # noqa: S704
