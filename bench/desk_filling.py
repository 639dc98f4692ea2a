"""The statements by which `bench.desk` makes a desk of a filled site: every state, every kind of work, held and removed ones."""

# What is made of a petition is told by its place among those that nobody signed; those that were signed stay published. A tenth is rejected, a
# twentieth taken down and another closed, and one of two hundred waits, and as many wait for their starters.
_UNSIGNED = """
CREATE TEMP TABLE desk_unsigned ON COMMIT DROP AS
SELECT *, CASE WHEN n % 20 IN (0, 1) THEN 'rejected' WHEN n % 20 = 2 THEN 'removed' WHEN n % 20 = 3 THEN 'closed'
               WHEN n % 200 = 4 THEN 'submitted' WHEN n % 200 = 5 THEN 'changes-requested' END AS state
  FROM (SELECT p.id, p.version_id, p.starter_id, v.title, row_number() OVER (ORDER BY p.id) AS n,
               (SELECT max(m.id) FROM petitions_transition m WHERE m.petition_id = p.id) AS move
          FROM petitions_petition p
          JOIN petitions_tally t ON t.petition_id = p.id
          JOIN petitions_version v ON v.id = p.version_id
         WHERE p.state = 'published' AND t.signatures = 0
           AND NOT EXISTS (SELECT FROM petitions_seed s WHERE s.petition_id = p.id)) unsigned;
ALTER TABLE desk_unsigned ADD PRIMARY KEY (id);
ANALYZE desk_unsigned"""
# The record is append-only; here it is made to have been otherwise from the beginning.
_RECORD = """
ALTER TABLE petitions_transition DISABLE TRIGGER transition_append_only;
UPDATE petitions_transition m SET target = u.state
  FROM desk_unsigned u WHERE m.id = u.move AND u.state IN ('rejected', 'changes-requested');
DELETE FROM petitions_transition m USING desk_unsigned u WHERE m.id = u.move AND u.state = 'submitted';
ALTER TABLE petitions_transition ENABLE TRIGGER transition_append_only;
INSERT INTO petitions_transition (petition_id, version_id, actor_id, at, source, target, note_to_starter, internal_note)
SELECT u.id, u.version_id, CASE u.state WHEN 'removed' THEN m.actor_id ELSE u.starter_id END, m.at + interval '30 minutes',
       'published', u.state, '', ''
  FROM desk_unsigned u JOIN petitions_transition m ON m.id = u.move WHERE u.state IN ('removed', 'closed');
INSERT INTO petitions_transitionreason (transition_id, reason_id)
SELECT m.id, (SELECT array_agg(id ORDER BY position, id) FROM petitions_reason)[1 + m.petition_id / 20 % 10]
  FROM petitions_transition m WHERE m.target IN ('rejected', 'removed', 'changes-requested')"""
_PETITIONS = """
UPDATE petitions_petition p
   SET state = u.state,
       submitted_at = CASE u.state WHEN 'submitted' THEN now() - interval '1 hour' * (p.id / 200 % 100) ELSE p.submitted_at END,
       published_at = CASE WHEN u.state IN ('removed', 'closed') THEN p.published_at END,
       closed_at = CASE u.state WHEN 'closed' THEN p.published_at + interval '30 minutes' END
  FROM desk_unsigned u WHERE u.id = p.id AND u.state IS NOT NULL;
DELETE FROM petitions_searchentry e USING desk_unsigned u
 WHERE u.id = e.petition_id AND u.state IN ('removed', 'submitted', 'changes-requested');
UPDATE petitions_searchentry e SET title = e.title FROM desk_unsigned u WHERE u.id = e.petition_id AND u.state IS NOT NULL"""
_SENIOR = """
INSERT INTO accounts_user (email, name, password, is_active, is_staff, is_superuser, language, time_zone)
VALUES ('senior@example.org', 'Senior', '!', true, true, false, 'en', 'UTC')"""
# One of a hundred refusals is objected to; a third of the objections waits.
_OBJECTIONS = """
INSERT INTO petitions_objection (transition_id, petition_id, author_id, text, made_at, first_decider_id, decider_id, decided_at, upheld, note)
SELECT m.id, m.petition_id, u.starter_id, 'It is another bridge than the one that you mean.', m.at + interval '1 hour', m.actor_id,
       senior.id, CASE WHEN senior.id IS NOT NULL THEN m.at + interval '2 hours' END,
       CASE WHEN senior.id IS NOT NULL THEN false END, CASE WHEN senior.id IS NULL THEN '' ELSE 'It is the same.' END
  FROM desk_unsigned u
  JOIN petitions_transition m ON m.petition_id = u.id AND m.target = u.state
  LEFT JOIN LATERAL (SELECT id FROM accounts_user WHERE email = 'senior@example.org' AND u.n % 3000 > 999) senior ON true
 WHERE u.n % 1000 < 10 AND u.state IN ('rejected', 'removed')"""
# One of five hundred that are published is to be reworded.
_EDITS = """
WITH texts AS (
  INSERT INTO petitions_version (petition_id, number, title, ask, snippet, body, body_html, format, decision_maker_id, author_id, frozen_at)
  SELECT p.id, 2, v.title || ' now', v.ask, v.snippet, v.body, v.body_html, v.format, v.decision_maker_id, p.starter_id, now()
    FROM petitions_petition p JOIN petitions_version v ON v.id = p.version_id
   WHERE p.state = 'published' AND p.starter_id IS NOT NULL AND p.id % 500 = 6
  RETURNING id, petition_id)
INSERT INTO petitions_edit (petition_id, version_id, basis_id, author_id, proposed_at, note)
SELECT p.id, t.id, p.version_id, p.starter_id, now() - interval '1 hour' * (p.id / 500 % 100), ''
  FROM texts t JOIN petitions_petition p ON p.id = t.petition_id"""
_NOTES = """
INSERT INTO petitions_note (petition_id, author_id, text)
SELECT id, (SELECT min(id) FROM accounts_user WHERE is_staff), 'The office says that it knows of this.' FROM desk_unsigned WHERE n % 50 = 4"""

# Of the signatures one of a hundred each is not confirmed and removed, one of five hundred is held, one of two
# thousand has a reason that was hidden.
_REMOVALS = """
INSERT INTO signatures_removal (petition_id, by_hand, domains, name_pattern, kind, note, stage, counted, taken, put_back, cursor,
                                started_at, ended_at, made_by_id)
SELECT petition_id, false, ARRAY['example.org'], '', 'automated', 'Bench.', 'done', count(*), count(*), 0, 0, now(), now(),
       (SELECT min(id) FROM accounts_user WHERE is_staff)
  FROM signatures_signature WHERE id % 100 = 1 AND state = 'confirmed' GROUP BY petition_id;
INSERT INTO signatures_removedcount (petition_id, kind, signatures)
SELECT petition_id, kind, taken FROM signatures_removal WHERE note = 'Bench.'"""
_SIGNATURES = """
UPDATE signatures_signature s
   SET state = CASE s.id % 100 WHEN 0 THEN 'pending' WHEN 1 THEN 'removed' ELSE CASE WHEN s.id % 500 = 2 THEN 'held' ELSE 'confirmed' END END,
       user_id = CASE WHEN s.id % 100 <> 0 THEN user_id END,
       confirmed_at = CASE WHEN s.id % 100 <> 0 THEN confirmed_at END,
       suspicion = CASE WHEN s.id % 500 = 2 THEN 'network' ELSE '' END,
       reason_hidden_at = CASE WHEN s.id % 2000 = 3 AND reason <> '' THEN now() - interval '1 hour' * (s.id / 2000 % 400) END,
       removed_from = CASE WHEN s.id % 100 = 1 THEN 'confirmed' ELSE '' END,
       removal_id = CASE WHEN s.id % 100 = 1 THEN
         (SELECT r.id FROM signatures_removal r WHERE r.petition_id = s.petition_id AND note = 'Bench.') END
 WHERE state = 'confirmed' AND (s.id % 100 IN (0, 1) OR s.id % 500 = 2 OR s.id % 2000 = 3);
UPDATE petitions_tally t SET signatures = s.number
  FROM (SELECT petition_id, count(*) FILTER (WHERE state = 'confirmed') AS number FROM signatures_signature GROUP BY 1) s
 WHERE s.petition_id = t.petition_id"""
ANALYZE = """
ANALYZE petitions_petition, petitions_version, petitions_transition, petitions_transitionreason, petitions_searchentry,
        petitions_objection, petitions_edit, petitions_note, signatures_signature, signatures_removal, petitions_tally"""
STATEMENTS = (
    _UNSIGNED,
    _RECORD,
    _PETITIONS,
    _SENIOR,
    _OBJECTIONS,
    _EDITS,
    _NOTES,
    _REMOVALS,
    _SIGNATURES,
    ANALYZE,
)
