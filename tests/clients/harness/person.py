#!/usr/bin/env -S python3 -B
"""Somebody who signs in, without a browser: follows redirects, fills in forms, presses the button, until none is left.

As a program it stands for `$BROWSER`: `person.py FILE URL`; FILE says in JSON who it is (`user`, `password`), whom it
trusts (`ca_file`), and where it writes what it did (`log`)."""

import http.cookiejar
import json
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

# Nobody signs in over so many pages.
PAGES = 15
WAITS = 30
USER_FIELDS = ("login", "loginfmt", "username", "email")
CODE_FIELDS = ("user_code", "otc", "code")
# What one does not press to get in.
REFUSALS = ("abort", "cancel", "no", "back", "decline", "deny", "reject")


class Lost(Exception):
    """The pages lead nowhere."""


@dataclass
class Page:
    """Where one has come to."""

    url: str
    status: int
    text: str


@dataclass
class Form:
    """A form of a page."""

    action: str
    method: str
    # Names and values, as they are sent if nobody changes them.
    fields: list[tuple[str, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    # Buttons, also those without a name.
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Person:
    """Keeps cookies from page to page, as a browser does."""

    def __init__(self, user: str, password: str, ca_file: str, log=lambda _: None) -> None:
        self.user, self.password, self.log = user, password, log
        trusting = ssl.create_default_context(cafile=ca_file)
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=trusting),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(Cookies())),
        )

    def visits(self, url: str, user_code: str | None = None) -> Page:
        """Opens `url`, and goes on until a page has nothing to fill in; gives that page."""
        page = self._gets(urllib.request.Request(url, headers={"Accept": "text/html"}))
        for _ in range(PAGES):
            form = wanted(page)
            if form is None:
                return page
            page = self._submits(form, page, user_code)
        raise Lost(f"no end after {PAGES} pages, the last of which is {page.url}")

    def opened(self, asked: urllib.request.Request):
        """One request, whatever its status."""
        try:
            return self._opener.open(asked, timeout=WAITS)
        except urllib.error.HTTPError as refused:
            return refused

    def _submits(self, form: Form, page: Page, user_code: str | None) -> Page:
        known = {**dict.fromkeys(USER_FIELDS, self.user), **dict.fromkeys(CODE_FIELDS, user_code)}
        filled = []
        for name, value in form.fields:
            kind = form.kinds.get(name, "text")
            if kind == "password":
                value = self.password
            elif kind not in ("hidden", "checkbox", "radio") and known.get(name):
                value = known[name]
            filled.append((name, value))
        filled += pressed(form)
        target = urllib.parse.urljoin(page.url, form.action or page.url)
        self.log(f"{form.method} {target} with {' '.join(name for name, _ in filled)}")
        body = urllib.parse.urlencode(filled)
        if form.method == "GET":
            return self._gets(urllib.request.Request(f"{target.partition('?')[0]}?{body}"))
        asked = urllib.request.Request(target, data=body.encode(), method="POST")
        asked.add_header("Origin", "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(page.url)))
        return self._gets(asked)

    def _gets(self, asked: urllib.request.Request) -> Page:
        with self.opened(asked) as answer:
            page = Page(answer.url, answer.status, answer.read().decode(errors="replace"))
        self.log(f"{page.status} {page.url}")
        if page.status >= 400:
            raise Lost(f"{page.status} from {page.url}:\n{page.text}")
        return page


class Cookies(http.cookiejar.DefaultCookiePolicy):
    """Loopback counts as safe, with and without TLS, as in browsers."""

    def return_ok_secure(self, _cookie, _request) -> bool:
        return True


class Reader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(said.get("action", ""), said.get("method", "get").upper()))
            self._inside = True
        if not self._inside:
            return
        form, name, value = self.forms[-1], said.get("name", ""), said.get("value", "")
        kind = said.get("type", "submit" if tag == "button" else "text").lower()
        if tag == "button" or (tag == "input" and kind in ("submit", "image")):
            if kind == "submit":
                form.buttons.append((name, value))
        elif tag in ("input", "textarea") and name and kind not in ("button", "reset"):
            if kind in ("checkbox", "radio") and "checked" not in said:
                return
            form.fields.append((name, value))
            form.kinds[name] = kind

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def wanted(page: Page) -> Form | None:
    """The form that leads on: the first one whose purpose is not to refuse."""
    reader = Reader()
    reader.feed(page.text)
    for form in reader.forms:
        refuses = form.buttons and all(is_refusal(*button) for button in form.buttons)
        if not refuses and not any(name.lower() in ("abort", "cancel") for name, _ in form.fields):
            return form
    return None


def pressed(form: Form) -> list[tuple[str, str]]:
    """The button that a person would press, if it says anything."""
    for name, value in form.buttons:
        if not is_refusal(name, value):
            return [(name, value)] if name else []
    return []


def is_refusal(name: str, value: str) -> bool:
    return name.lower() in REFUSALS or value.lower() in REFUSALS


def main() -> int:
    known = json.loads(Path(sys.argv[1]).read_text())
    with Path(known["log"]).open("a", buffering=1) as log:
        person = Person(known["user"], known["password"], known["ca_file"], lambda text: print(text, file=log))
        try:
            person.visits(sys.argv[2])
        except (Lost, OSError) as why:
            person.log(f"failed: {why}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
