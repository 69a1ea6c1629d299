"""The one kind of failure that is told without a traceback."""


class Failure(Exception):
    """Something did not come out as it must; its text says what."""


def check(condition: object, text: str) -> None:
    """Fails with `text` unless `condition` holds."""
    if not condition:
        raise Failure(text)


def check_equal(what: str, found: object, wanted: object) -> None:
    """Fails, showing both, unless they are equal."""
    check(found == wanted, f"{what} is\n  {found!r}\ninstead of\n  {wanted!r}")
