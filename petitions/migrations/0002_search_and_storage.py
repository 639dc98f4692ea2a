"""Word search that ignores accents and knows word stems, and storage settings for the two busy tables."""

from django.db import migrations

from petitions.languages import STEMMED


def configurations():
    """Yield the statements for one search configuration a language, and one for all the others."""
    for name in sorted({*STEMMED.values(), "simple"}):
        stem = "simple" if name == "simple" else f"{name}_stem"
        yield f"CREATE TEXT SEARCH CONFIGURATION hundred_{name} (COPY = pg_catalog.{name})"
        yield f"ALTER TEXT SEARCH CONFIGURATION hundred_{name} ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {stem}"


CASES = " ".join(f"WHEN '{code}' THEN 'public.hundred_{name}'::regconfig" for code, name in sorted(STEMMED.items()))
QUERIES = " || ".join(
    f"websearch_to_tsquery('public.hundred_{name}', words)" for name in sorted({*STEMMED.values(), "simple"})
)
FUNCTIONS = [
    """CREATE FUNCTION hundred_unaccent(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
       AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, words) $$""",
    f"""CREATE FUNCTION hundred_search(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE
        AS $$ SELECT CASE language {CASES} ELSE 'public.hundred_simple'::regconfig END $$""",
    f"""CREATE FUNCTION hundred_query(words text) RETURNS tsquery LANGUAGE sql STABLE PARALLEL SAFE STRICT
        AS $$ SELECT {QUERIES} $$""",
]
STORAGE = [
    # Ranking alone reads the vector; out of line, the rows that filters and facets touch stay small.
    "ALTER TABLE petitions_searchentry ALTER COLUMN vector SET STORAGE EXTERNAL, ALTER COLUMN title SET STORAGE EXTERNAL",
    "ALTER TABLE petitions_searchentry SET (toast_tuple_target = 128)",
    # Deltas live for a second: vacuum by number of dead rows, not by share of the table.
    "ALTER TABLE petitions_delta SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)",
]


class Migration(migrations.Migration):
    dependencies = [("petitions", "0001_initial")]
    operations = [
        migrations.RunSQL([*configurations(), *FUNCTIONS, *STORAGE], migrations.RunSQL.noop),
    ]
