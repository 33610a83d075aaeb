"""How late an init is: of posts spread over seconds, and of many in the same second."""

from collections.abc import Iterator

from bench.figures.bursts import Run, run
from bench.house import OURS
from bench.stage import Stage
from bench.table import Row, percentile


def idle(stage: Stage) -> Iterator[Row]:
    with stage.house() as house:
        measured = run(house, posts=60, apart=1.0)
    p50, p99 = percentile(measured.lateness, 0.5), percentile(measured.lateness, 0.99)
    yield Row(
        "lateness of init at idle, 60 posts on different seconds",
        told(measured),
        "p50 under 0.5 s, p99 under 1 s",
        by_ledger(measured),
        p50 < 0.5 and p99 < 1 and once(measured),
    )


def burst_of_50(stage: Stage) -> Iterator[Row]:
    yield from burst(stage, 50, most=3)


def burst_of_500(stage: Stage) -> Iterator[Row]:
    yield from burst(stage, 500, most=10)


def burst_of_1000(stage: Stage) -> Iterator[Row]:
    yield from burst(stage, 1000, most=20, latency_ms=100, details=True)


def burst(
    stage: Stage, posts: int, *, most: float, latency_ms: float = 0, details: bool = False
) -> Iterator[Row]:
    with stage.house() as house:
        measured = run(house, posts=posts, apart=0, latency_ms=latency_ms)
    answering = f", TikTok answering after {latency_ms:.0f} ms" if latency_ms else ""
    yield Row(
        f"{posts:,} posts of as many accounts in one second, 1 MB videos{answering}",
        f"{told(measured)}; {measured.live} of {posts} live once",
        f"p99 under {most:.0f} s, all live once",
        by_ledger(measured),
        percentile(measured.lateness, 0.99) < most and once(measured),
    )
    if details:
        yield Row(
            "database connections during that burst",
            str(measured.connections),
            "under 60",
            reached=measured.connections < 60,
        )
        cpu = {name: 1000 * seconds / posts for name, seconds in measured.cpu.items()}
        others = ", ".join(f"{name} {cpu[name]:.1f}" for name in cpu if name not in OURS)
        yield Row(
            "processor time of our processes for one publication of that burst",
            f"{sum(cpu[name] for name in OURS):.1f} ms",
            reference=f"besides: {others}",
        )


def told(measured: Run) -> str:
    lateness = measured.lateness
    return (
        f"p50 {percentile(lateness, 0.5):.2f} s, p99 {percentile(lateness, 0.99):.2f} s, "
        f"latest {max(lateness):.2f} s"
    )


def by_ledger(measured: Run) -> str:
    return f"our ledger: p99 {percentile(measured.by_ledger, 0.99):.2f} s"


def once(measured: Run) -> bool:
    """Each creator has one live video, and each post says so."""
    return measured.live == measured.creators == measured.published == measured.posts
