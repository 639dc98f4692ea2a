"""The start form as somebody fills it in, and what a page says about it."""

from typing import Any
from uuid import uuid4

from bs4 import BeautifulSoup
from django.test import Client

from petitions.models import Topic

START = "/petitions/start/"


def filled(**fields: Any) -> dict[str, Any]:
    """Return everything the form sends, complete unless told otherwise."""
    return {
        "title": "Plant trees at the bus station",
        "decision_maker": "City Council",
        "ask": "",
        "body": "It is **hot** there.",
        "topic": str(Topic.objects.get(slug="parks").pk),
        "first_goal": "100",
        "language": "en",
        "starter_name": "Alice Miller",
        "request_key": str(uuid4()),
        "action": "save",
        **fields,
    }


def soup_of(response: Any) -> BeautifulSoup:
    """Return the page, to be asked by selectors."""
    return BeautifulSoup(response.content, "html.parser")


def shown_in(response: Any) -> dict[str, str]:
    """Return what the form on the page holds, as a browser would send it."""
    soup = soup_of(response)
    inputs = {each["name"]: each.get("value", "") for each in soup.select("main form input[name]")}
    texts = {each["name"]: each.text.removeprefix("\n") for each in soup.select("main form textarea[name]")}
    chosen = {
        each["name"]: (each.select_one("option[selected]") or {"value": ""})["value"]
        for each in soup.select("main form select[name]")
    }
    return {**inputs, **texts, **chosen}


def summary_of(response: Any) -> dict[str, str]:
    """Return what the error summary says, by the address of its links."""
    links = soup_of(response).select("[data-error-summary] a")
    return {link["href"]: link.text for link in links}


def strict(client: Client) -> Client:
    """Return a client that checks the CSRF token, with the same session."""
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    return checked
