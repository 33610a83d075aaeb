"""Figures in words, the same ones that static/js/progress.js writes."""

from datetime import timedelta

from django import template

register = template.Library()

UNITS = ("bytes", "kB", "MB", "GB")


@register.filter
def file_size(count: float) -> str:
    """Decimal units, as a file manager shows them.

    >>> file_size(19_300_000), file_size(512), file_size(1_000)
    ('19.3 MB', '512 bytes', '1.0 kB')
    """
    unit = 0
    while count >= 1000 and unit < len(UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.{0 if unit == 0 or count >= 100 else 1}f} {UNITS[unit]}"


@register.filter
def clock(seconds: float | None) -> str:
    """How long a video is, as players show it.

    >>> clock(5.02), clock(75), clock(3_600)
    ('0:05', '1:15', '60:00')
    """
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


@register.filter
def late(span: timedelta | None) -> str:
    """How far from the planned moment something happened.

    Seconds are no fault, and said so; from a minute on it is late.

    >>> late(timedelta(seconds=0.8)), late(timedelta(seconds=12))
    ('on time', '12 s after its time')
    >>> late(timedelta(seconds=200)), late(timedelta(minutes=75))
    ('3 min late', '1 h 15 min late')
    """
    if span is None:
        return ""
    seconds = round(span.total_seconds())
    if seconds < 2:
        return "on time"
    if seconds < 60:
        return f"{seconds} s after its time"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min late"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min late"


@register.filter
def after_plan(span: timedelta | None) -> str:
    """How long after, or before, the planned moment: to the millisecond while it is short.

    >>> after_plan(timedelta(milliseconds=240)), after_plan(timedelta(seconds=-2))
    ('0.240 s', '-2.000 s')
    >>> after_plan(timedelta(seconds=72)), after_plan(timedelta(minutes=75)), after_plan(None)
    ('1 min 12 s', '1 h 15 min', '')
    """
    if span is None:
        return ""
    seconds = span.total_seconds()
    if seconds < 60:
        return f"{seconds:.3f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


@register.filter
def percent(part: float, whole: float) -> int:
    """
    >>> percent(1, 3), percent(0, 0)
    (33, 0)
    """
    return int(100 * part / whole) if whole else 0
