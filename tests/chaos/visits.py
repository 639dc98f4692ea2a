"""What people send: the requests of signing, confirming and looking at the count."""

from typing import Any
from urllib.parse import urlencode

from tests.chaos.crowd import Request

# A cookie and a field that agree are what the CSRF check asks for.
TOKEN = "a" * 32


def address(number: int) -> str:
    """Return an address in one of 250,000 networks: each signer comes from an own one, as a whole country does."""
    return f"{10 + number // 62_500 % 4}.{number // 250 % 250}.{number % 250}.1"


def sign(petition: dict[str, Any], person: dict[str, Any], *, number: int = 0, **how: Any) -> Request:
    """Return a member's one click."""
    fields = {"csrfmiddlewaretoken": TOKEN, "name": "", "reason": "", "updates": "on"}
    return _post(f"{petition['path']}sign/", fields, number, cookie=person["cookie"], **how)


def ask(
    petition: dict[str, Any], email: str, hidden: dict[str, str], *, number: int = 0, **how: Any
) -> Request:
    """Return a visitor's form; `hidden` are the fields that the form carries along (`acts.stamps`)."""
    fields = {
        "csrfmiddlewaretoken": TOKEN,
        "name": "Carol",
        "email": email,
        "reason": "",
        "consent": "on",
        **hidden,
    }
    return _post(f"{petition['path']}sign/", fields, number, **how)


def confirm(link: str, *, number: int = 0, **how: Any) -> Request:
    """Return the button behind the link of the confirmation mail."""
    path = "/" + link.split("/", 3)[3]
    fields = {"csrfmiddlewaretoken": TOKEN, "name": "Carol", "updates": "on"}
    return _post(path, fields, number, **how)


def withdraw(signature: int, person: dict[str, Any], *, number: int = 0, **how: Any) -> Request:
    """Return the button of “my signatures” that takes one back."""
    fields = {"csrfmiddlewaretoken": TOKEN, "action": "withdraw"}
    return _post(f"/signatures/mine/{signature}/", fields, number, cookie=person["cookie"], **how)


def ask_for_code(email: str, **how: Any) -> Request:
    """Return the form that has a member sent a code to sign in with."""
    return _post("/accounts/login/code/", {"csrfmiddlewaretoken": TOKEN, "email": email}, 0, **how)


def path(link: str) -> str:
    """Return the path of a whole link."""
    return "/" + link.split("/", 3)[3]


def count(petition: dict[str, Any], **how: Any) -> Request:
    """Return a look at the count."""
    return Request(f"{petition['path']}count.json", **how)


def _post(path: str, fields: dict[str, str], number: int, cookie: str = "", **how: Any) -> Request:
    cookies = "; ".join(filter(None, [cookie, f"csrftoken={TOKEN}"]))
    headers = {"Cookie": cookies, "X-Forwarded-For": address(number)}
    return Request(path, urlencode(fields), headers, **how)
