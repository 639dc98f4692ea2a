"""Which of the three shapes a text has."""

from petitions.importing import article, frontmatter_file, page
from petitions.importing.captures import capture
from petitions.importing.found import Found


def read(text: str, *, suffix: str) -> Found:
    """Recognise the shape and read it, or raise Unfit; `.md` promises front matter, a `.txt` may bring it."""
    if suffix == ".md" or frontmatter_file.is_one(text):
        return frontmatter_file.read(text)
    captured = capture(text)
    marks = page.marks_of(captured)
    return page.read(captured, marks) if marks.found else article.read(captured)
