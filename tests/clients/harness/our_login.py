"""`entra-token login` while somebody signs in."""

from collections.abc import Callable

from .bed import Bed
from .programs import Ran, Running

ADDRESS = r"(https?://\S+/authorize\?\S+)\n"
DEVICE = r"open (\S+) on any device and type the code\s+(\S+)\s"


def by_browser(bed: Bed, visits: Callable[[str], object], *arguments: str, status: int = 0, **options) -> Ran:
    """By the address that it prints, which `visits` opens."""
    waiting = begun(bed, "--browser", "--no-browser", *arguments, **options)
    visits(waiting.says(ADDRESS)[1])
    return waiting.finish(status=status)


def by_device_code(bed: Bed, visits: Callable[[str, str], object], *arguments: str, status: int = 0, **options) -> Ran:
    """By the page and the code that it shows."""
    waiting = begun(bed, "--device-code", *arguments, **options)
    visits(*waiting.says(DEVICE).groups())
    return waiting.finish(status=status)


def begun(bed: Bed, *arguments: str, **options) -> Running:
    """It waits for somebody."""
    return bed.start([bed.entra_token, "login", *arguments], **options)
