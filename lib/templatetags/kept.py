"""Parts of a page that are made once for all that they show."""

from collections.abc import Hashable

from django import template
from django.core.signals import setting_changed
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from lib.shelf import Shelf
from lib.web import site

register = template.Library()

# As bytes: a text with a single curly quote takes twice as much.
MOST_BYTES = 16 * 1024 * 1024
# The values by which a part is found take as much as the part: 600 to 1,200 bytes for cards and parts of petitions.
BYTES_OF_VALUES = 1_000
shelf: Shelf[Hashable, bytes] = Shelf(MOST_BYTES)
# An operator's own words are constants of a process; tests change them.
setting_changed.connect(lambda **_: shelf.clear(), weak=False, dispatch_uid="kept")


class Kept(Node):
    """The content of a block that depends on the named values, the language and the time zone alone.

    Nothing else is to be had inside: no request, no user, no token. So what was made for one reader fits all.
    """

    # Django looks through these for blocks at every rendering; there are none in here.
    child_nodelists = ()

    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values

    def render(self, context: Context) -> SafeString:
        """Return what was made for these values, or make it."""
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = (self, get_language(), get_current_timezone(), *values.values(), *map(type, values.values()))
        kept = shelf.get(key)
        if kept is not None:
            return SafeString(kept.decode())
        made = self.nodelist.render(context.new({**site.facts(), **values}))
        shelf.put(key, in_bytes := made.encode(), len(in_bytes) + BYTES_OF_VALUES)
        return made


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """Keep what stands until `endkept`, e.g. `{% kept card=card nav=nav %}`; values are compared, so they are plain."""
    name, *bits = token.split_contents()
    values = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"{name} takes name=value only")
    nodelist = parser.parse((f"end{name}",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError(f"{name} can't hold a block: another template would fill it")
    return Kept(nodelist, values)
