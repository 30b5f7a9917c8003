-- What is kept of each claim to tell which licence it speaks of, and what the claims have said of its life: one table
-- for each dataset of licences (store/licences/tables.py).
CREATE SCHEMA keyed;
CREATE SCHEMA events;

-- By which rules, and by which tables of issuers and holders, the licences of a dataset were told apart.
CREATE TABLE hub.resolved (dataset VARCHAR NOT NULL, rules VARCHAR NOT NULL);

-- Pairs of exact identities that may be one licence: what a person is asked. Pairs with one `question` hang together.
CREATE TABLE hub.questions (
    dataset VARCHAR NOT NULL, question UBIGINT NOT NULL, component UBIGINT NOT NULL, a UBIGINT NOT NULL, b UBIGINT NOT NULL,
    score DOUBLE NOT NULL, rule VARCHAR NOT NULL
);

-- What people have decided, as the ledger has it: pairs of exact identities; and records that are not of the licence
-- that their identity says, with the identities that they were taken apart from.
CREATE TABLE hub.decisions (decision BIGINT NOT NULL, dataset VARCHAR NOT NULL);
CREATE TABLE hub.decided (decision BIGINT NOT NULL, dataset VARCHAR NOT NULL, a UBIGINT NOT NULL, b UBIGINT NOT NULL, same BOOLEAN NOT NULL);
CREATE TABLE hub.parted (
    decision BIGINT NOT NULL, dataset VARCHAR NOT NULL, origin VARCHAR NOT NULL, source VARCHAR NOT NULL, key UBIGINT NOT NULL
);
CREATE TABLE hub.parted_from (decision BIGINT NOT NULL, dataset VARCHAR NOT NULL, form UBIGINT NOT NULL);

-- What is wrong with the claims of a licence, or with its life: a function of the claims, made anew with the licence.
CREATE TABLE hub.licence_findings (
    dataset VARCHAR NOT NULL, component UBIGINT NOT NULL, licence UBIGINT NOT NULL, origin VARCHAR NOT NULL, source VARCHAR NOT NULL,
    key UBIGINT NOT NULL, batch VARCHAR, file VARCHAR, row BIGINT, field VARCHAR NOT NULL, code VARCHAR NOT NULL,
    severity VARCHAR NOT NULL, message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL, hint_zh VARCHAR NOT NULL, hint_en VARCHAR NOT NULL
);

-- How many rows of each large table lie in its order; those after them were appended since (store/compaction.py).
CREATE TABLE hub.compacted (relation VARCHAR NOT NULL, rows BIGINT NOT NULL);
