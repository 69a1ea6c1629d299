"""What README tells its readers to copy, as it stands there."""

import re

from .catalogue import ROOT
from .errors import check


def block(heading: str, language: str) -> str:
    """The one code block in `language` below that heading."""
    parts = (ROOT / "README.md").read_text().split(f"\n### {heading}\n")
    check(len(parts) == 2, f"README has no `{heading}`")
    found = re.findall(rf"^```{language}\n(.*?)^```$", re.split(r"^##", parts[1], flags=re.MULTILINE)[0], re.DOTALL | re.MULTILINE)
    check(len(found) == 1, f"`{heading}` in README has {len(found)} blocks of {language}")
    return found[0]
