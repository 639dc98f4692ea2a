"""The statements of `bench.populate`, in the order in which it runs them."""

# Their foreign keys and secondary indexes are made anew when much is written; they are analysed at the end.
TABLES = (
    "accounts_user",
    "account_emailaddress",
    "petitions_petition",
    "petitions_version",
    "petitions_transition",
    "petitions_tally",
    "petitions_searchentry",
    "petitions_decisionmaker",
    "signatures_signature",
    "signatures_milestone",
)
ANALYZE = f"ANALYZE {', '.join(TABLES)}"

PATIENCE = """
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '60s';
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL work_mem = '64MB';
SET LOCAL maintenance_work_mem = '256MB';
DROP TABLE IF EXISTS bench_person, bench_text, bench_made, bench_signing"""

# What is quicker made at the end: how to do without it, and how to make it again. Foreign keys are checked by one join
# then, instead of row by row.
LATER = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%(tables)s)
UNION ALL
SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
  FROM pg_index i
 WHERE i.indrelid::regclass::text = ANY(%(tables)s)
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"""

PEOPLE = """
CREATE TEMP TABLE bench_person ON COMMIT DROP AS
SELECT n, nextval((SELECT pg_get_serial_sequence('accounts_user', 'id'))) AS id,
       CASE n WHEN 0 THEN 'moderator' ELSE 'person' END || format('-%%s-%%s@example.org', %(tag)s, n) AS email,
       CASE n WHEN 0 THEN 'Moderator' ELSE 'Person ' || n END AS name
  FROM generate_series(0, %(people)s) n;
ALTER TABLE bench_person ADD PRIMARY KEY (n);
ANALYZE bench_person"""

# Number 0 decides on all petitions.
ACCOUNTS = """
INSERT INTO accounts_user (id, email, name, password, is_active, is_staff, is_superuser, language, time_zone)
SELECT id, email, name, '!', true, n = 0, false, 'en', 'UTC' FROM bench_person;
INSERT INTO account_emailaddress (user_id, email, verified, "primary")
SELECT id, email, true, true FROM bench_person"""

NUMBERS = (
    "SELECT nextval((SELECT pg_get_serial_sequence('petitions_petition', 'id'))) FROM generate_series(1, %s)"
)
TEXTS = """
CREATE TEMP TABLE bench_text (n int PRIMARY KEY, id bigint, slug text, title text, ask text, body text)
    ON COMMIT DROP"""

# Published over two years, the newest an hour ago; four of five are in the first language.
_MADE = """
CREATE TEMP TABLE bench_made ON COMMIT DROP AS
SELECT t.*, nextval((SELECT pg_get_serial_sequence('petitions_version', 'id'))) AS version_id,
       now() - interval '1 hour' - interval '2 years' * (%(total)s - t.n) / %(total)s AS at,
       (ARRAY['en', 'en', 'en', 'en', 'en', 'en', 'en', 'en', 'de', 'fr'])[t.n %% 10 + 1] AS language,
       starter.id AS starter_id, starter.name AS starter_name,
       (SELECT id FROM bench_person WHERE n = 0) AS moderator_id,
       'Office ' || t.id / 50 AS decision_maker,
       row_number() OVER (ORDER BY md5(t.id::text)) AS rank
  FROM bench_text t JOIN bench_person starter ON starter.n = (t.n - 1) / %(each)s + 1;
ANALYZE bench_made"""
_DECISION_MAKERS = """
INSERT INTO petitions_decisionmaker (name, listed)
SELECT DISTINCT decision_maker, true FROM bench_made
 WHERE lower(decision_maker) NOT IN (SELECT lower(name) FROM petitions_decisionmaker)"""
_PETITIONS = """
WITH topics AS (SELECT array_agg(id ORDER BY position, id) AS ids FROM petitions_topic WHERE active)
INSERT INTO petitions_petition (id, slug, state, version_id, starter_id, starter_name, topic_id, first_goal, language,
                                request_key, created_at, submitted_at, published_at)
SELECT m.id, m.slug, 'published', m.version_id, m.starter_id, m.starter_name, ids[m.n %% cardinality(ids) + 1],
       %(first_goal)s, m.language, gen_random_uuid(), m.at - interval '3 days', m.at - interval '2 days', m.at
  FROM bench_made m, topics"""
# As `petitions.markdown` renders a text that has nothing but paragraphs.
_VERSIONS = r"""
INSERT INTO petitions_version (id, petition_id, number, title, ask, snippet, body, body_html, format,
                               decision_maker_id, author_id, created_at, frozen_at)
SELECT m.version_id, m.id, 1, m.title, m.ask, m.ask, m.body,
       '<p>' || replace(m.body, E'\n\n', E'</p>\n<p>') || E'</p>\n', 'markdown',
       d.id, m.starter_id, m.at - interval '3 days', m.at - interval '2 days'
  FROM bench_made m JOIN petitions_decisionmaker d ON lower(d.name) = lower(m.decision_maker)"""
_TRANSITIONS = """
INSERT INTO petitions_transition (petition_id, version_id, actor_id, at, source, target, note_to_starter, internal_note)
SELECT id, version_id, starter_id, at - interval '2 days', 'draft', 'submitted', '', '' FROM bench_made
UNION ALL
SELECT id, version_id, moderator_id, at, 'submitted', 'published', '', '' FROM bench_made"""
_TALLIES = "INSERT INTO petitions_tally (petition_id, signatures) SELECT id, 0 FROM bench_made"
# As `petitions.discovery.index` writes an entry.
_SEARCH_ENTRIES = """
INSERT INTO petitions_searchentry (petition_id, vector, title)
SELECT id, setweight(to_tsvector(hundred_search(language), title || ' ' || ask), 'A')
           || setweight(to_tsvector(hundred_search(language), body || ' ' || decision_maker), 'B'),
       lower(hundred_unaccent(title))
  FROM bench_made"""
PETITIONS = (
    _MADE,
    _DECISION_MAKERS,
    _PETITIONS,
    _VERSIONS,
    _TRANSITIONS,
    _TALLIES,
    _SEARCH_ENTRIES,
)

# Who signs what: everybody the named ones, and the new ones by their rank. All signed within a month, one by one.
_SIGNING = """
CREATE TEMP TABLE bench_signing ON COMMIT DROP AS
SELECT p.id AS petition_id, p.version_id, signer.n, %(signatures)s AS total
  FROM petitions_petition p, generate_series(1, %(signatures)s) signer(n) WHERE p.slug = ANY(%(slugs)s)
UNION ALL
SELECT m.id, m.version_id, signer.n, %(most)s
  FROM bench_made m, generate_series(1, %(most)s / m.rank) signer(n) WHERE m.slug <> ALL(%(slugs)s)"""
# The keyed hashes are those of `signatures.identity`.
_SIGNATURES = """
INSERT INTO signatures_signature
  (petition_id, version_id, consent_id, user_id, identity_hash, state, suspicion, email, name, reason, public, updates,
   language, email_domain, network_hash, asked_at, confirmed_at, changed_at, removed_from)
SELECT petition_id, version_id, %(consent)s, id,
       sha256(%(outer)s || sha256(%(inner)s || convert_to('identity:' || petition_id || ':' || email, 'UTF8'))),
       'confirmed', '', email, name, CASE n %% 3 WHEN 0 THEN 'It matters to my family.' ELSE '' END, n %% 4 <> 0,
       n %% %(without)s <> 0, 'en', 'example.org',
       sha256(%(outer)s || sha256(%(inner)s || convert_to(
           format('network:100.%%s.%%s.0/24', 64 + n / 250 %% 64, n %% 250), 'UTF8'))), at, at, at, ''
  FROM (SELECT s.*, p.id, p.email, p.name, now() - interval '30 days' * (s.total - s.n) / s.total AS at
          FROM bench_signing s JOIN bench_person p USING (n) ORDER BY s.petition_id, n) signing"""
_COUNT = """
UPDATE petitions_tally t SET signatures = t.signatures + s.number
  FROM (SELECT petition_id, count(*) AS number FROM bench_signing GROUP BY 1) s WHERE s.petition_id = t.petition_id"""
# As the roll-up tells the search (`petitions.discovery.keep_up`).
_KNOWN = """
UPDATE petitions_searchentry e SET title = e.title
  FROM (SELECT DISTINCT petition_id FROM bench_signing) s WHERE s.petition_id = e.petition_id"""
SIGNATURES = (_SIGNING, _SIGNATURES, _COUNT, _KNOWN)
