"""The table that the benchmark prints."""

from collections.abc import Iterable
from dataclasses import dataclass

HEADINGS = ("Figure", "Measured", "Reference in the same run", "Must reach", "")


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    measured: str
    must: str = ""
    reference: str = ""
    reached: bool | None = None  # None: only told

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {True: "yes", False: "NO", None: ""}[self.reached]
        return (self.what, self.measured, self.reference, self.must, verdict)


def as_text(rows: Iterable[Row]) -> str:
    """Rows in Markdown, so that it can go into the docs as it is."""
    lines = [HEADINGS, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    texts = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    return "\n".join(
        [texts[0], "| " + " | ".join("-" * width for width in widths) + " |", *texts[1:]]
    )


def percentile(values: list[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]
