"""Petition texts as safe HTML: markdown-it-py without HTML, then nh3's allow-list; captures stay plain paragraphs."""

import re
from html import unescape

import nh3
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt

# The page's own title is h1, its sections are h2; a text may use two levels.
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}
_TAGS = {"p", "br", "h2", "h3", "ul", "ol", "li", "blockquote", "em", "strong", "s", "a", "code", "pre", "hr"}
_SCHEMES = {"http", "https", "mailto"}
_REL = "nofollow ugc noopener"
_BLANK_LINES = re.compile(r"\n\s*\n")
_BLOCK_END = re.compile(r"</(?:p|h2|h3|li|blockquote|pre)>|<br>")
_TAG = re.compile(r"<[^>]*>")
SNIPPET_LENGTH = 200

_markdown = MarkdownIt("js-default", {"html": False, "linkify": True}).disable(["image", "table"])


def to_html(text: str) -> SafeString:
    """Return Markdown as HTML without images, raw HTML or scripts; headings are demoted, links lend no rank."""
    tokens = _markdown.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    attributes: dict[str, set[str]] = {"a": {"href"}, "*": set()}
    return mark_safe(nh3.clean(html, tags=_TAGS, attributes=attributes, url_schemes=_SCHEMES, link_rel=_REL))


def paragraphs(text: str) -> SafeString:
    """Return plain text as escaped paragraphs: what was captured is shown, never interpreted."""
    parts = (part.strip() for part in _BLANK_LINES.split(text))
    return format_html_join("\n", "<p>{}</p>", ((_with_breaks(part),) for part in parts if part))


def snippet(html: str) -> str:
    """Return the beginning of a rendered text as one plain line."""
    text = unescape(_TAG.sub("", _BLOCK_END.sub(" ", html)))
    return Truncator(" ".join(text.split())).chars(SNIPPET_LENGTH)


def _with_breaks(part: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in part.split("\n")))
