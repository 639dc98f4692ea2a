"""What templates of the look need beside HTML: icons, progress, figures. Plain values in, markup out."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.core.paginator import Page
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, ngettext

from lib import clock
from lib.how_long import how_long

register = template.Library()

DOTS_UP_TO = 100
DOTS_IN_A_ROW = 20
DOT_STEP = 12


@register.simple_tag
def asset(name: str, strict: bool = True) -> str:
    """Return the address of one of our static files, found once per process; not strict: never fail over it."""
    try:
        return _address(storages["staticfiles"], name)
    except (ValueError, OSError, ImproperlyConfigured):
        if strict:
            raise
        return f"{settings.STATIC_URL}{name}"


@lru_cache(maxsize=256)
def _address(storage: StaticFilesStorage, name: str) -> str:
    return storage.url(name)


@register.filter
def ago(since: datetime) -> str:
    """Return how long ago that was, in words."""
    return how_long(since, clock.now())


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """Return one symbol of the sprite: silent beside a word, spoken where it has a label."""
    spoken = (
        format_html('role="img" aria-label="{}"', label) if label else format_html('aria-hidden="{}"', "true")
    )
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        spoken,
        asset("img/icons.svg", strict=False),
        name,
    )


@register.simple_tag
def name_of_site() -> str:
    """Return the site's name for pages that get no context, such as the one for a broken server."""
    return str(settings.SITE_NAME)


@register.filter
def grouped(number: int) -> str:
    """Return the number with the thousands of the reader's language grouped."""
    return _grouped_in(get_language(), number)


@lru_cache(maxsize=4096)
def _grouped_in(_language: str | None, number: int) -> str:
    return str(number_format(number, force_grouping=True))


@register.filter
def initials(name: str) -> str:
    """Return one or two letters that stand for a person's name."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    if not words:
        return "–"
    return "".join(word[0] for word in (words if len(words) == 1 else (words[0], words[-1]))).upper()


@register.inclusion_tag("components/progress.html")
def progress(
    signatures: int, goal: int, rungs: Iterable[int] = (), thin: bool = False, final: bool = False
) -> dict[str, Any]:
    """Draw how far a petition is: a field of dots up to a hundred, above it a bar with a notch at each rung."""
    goal = max(signatures if final else goal, 1)
    value = min(max(signatures, 0), goal)
    text = {"signatures": grouped(signatures), "goal": grouped(goal)}
    label = (
        ngettext("%(signatures)s of %(goal)s signature", "%(signatures)s of %(goal)s signatures", goal) % text
    )
    return {
        "value": value,
        "goal": goal,
        "label": label,
        "thin": thin,
        "dots": None if thin or final or goal > DOTS_UP_TO else dots(value, goal),
        "notches": [f"{100 * rung / goal:.2f}%" for rung in _notches(value, goal, rungs)],
    }


def _notches(value: int, goal: int, rungs: Iterable[int]) -> list[int]:
    """Return the rungs worth a notch; those below a tenth of the goal would crowd the beginning."""
    return [rung for rung in rungs if rung <= value and rung < goal and rung * 10 >= goal]


def dots(value: int, goal: int) -> dict[str, Any]:
    """Return the paths of a field of dots: each row one line of round dashes, each dash one person."""
    rows = -(-goal // DOTS_IN_A_ROW)
    return {"height": rows * DOT_STEP, "all": _dot_path(goal), "on": _dot_path(value)}


def _dot_path(count: int) -> str:
    full, rest = divmod(count, DOTS_IN_A_ROW)
    lengths = [DOTS_IN_A_ROW] * full + ([rest] if rest else [])
    half = DOT_STEP // 2
    # The tenth at the end keeps the last dash of a row from falling off its line.
    return "".join(
        f"M{half} {half + DOT_STEP * row}h{DOT_STEP * (length - 1)}.1" for row, length in enumerate(lengths)
    )


@register.inclusion_tag("components/rungs.html")
def rungs(signatures: int, goal: int, rungs: Iterable[int] = (), final: bool = False) -> dict[str, Any]:
    """Say in words which goal was reached last, which is next and which comes after it."""
    ladder = sorted(rungs)
    reached = [rung for rung in ladder if rung <= signatures and (final or rung < goal)]
    return {
        "reached": reached[-3:] if final else reached[-1:],
        "goal": None if final else goal,
        "is_first": not reached,
        "then": next((rung for rung in ladder if rung > goal), None),
    }


@register.simple_block_tag
def notice(content: SafeString, **parts: Any) -> SafeString:
    """Show a state or a message; the block's content is its text, the rest as in components/notice.html."""
    return render_to_string("components/notice.html", {**parts, "body": content})


@register.simple_tag
def elided(page: Page[Any]) -> list[int | str]:
    """Return the page numbers to offer, with gaps where there are too many."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def own_path(context: Context) -> str:
    """Return the page's own address for `language_links`: the view's `page_path`, else the request's path.

    It is empty where there is one language only, so that nothing on the page depends on it.
    """
    if len(settings.LANGUAGES) == 1:
        return ""
    return str(context.get("page_path") or getattr(context.get("request"), "path", "/"))


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[dict[str, Any]]:
    """Return the address `page_path` in each language of the site, which is chosen by URL only; nothing for one."""
    if len(settings.LANGUAGES) == 1:
        return []
    return [_language_link(context["page_path"], code) for code, _ in settings.LANGUAGES]


def _language_link(path: str, code: str) -> dict[str, Any]:
    known = get_language_info(code)
    return {
        "code": code,
        "name": known["name_local"],
        "dir": "rtl" if known["bidi"] else "ltr",
        "url": translate_url(path, code),
        "is_current": code == get_language(),
    }
