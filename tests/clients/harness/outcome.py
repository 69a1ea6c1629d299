"""What came of the clients, and the lines that say so."""

from dataclasses import dataclass


@dataclass
class Result:
    """One client's cases, and the seconds that it took."""

    name: str
    passed: int = 0
    failed: int = 0
    install: float = 0.0
    seconds: float = 0.0

    def line(self) -> str:
        verdict = "ok" if not self.failed else "FAILED"
        return f"== {self.name}: {verdict}, {self.passed} proven, {self.seconds:.0f} s (install {self.install:.0f} s)"


def summary(results: list[Result]) -> int:
    """Prints the seconds and the counts; gives the exit status."""
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    seconds = "  ".join(f"{result.name} {result.install:.0f}+{result.seconds:.0f}" for result in results)
    print(f"\n== seconds, install + run: {seconds}")
    if failed:
        red = " ".join(result.name for result in results if result.failed)
        print(f"== again with: tests/clients/run {red}")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0
