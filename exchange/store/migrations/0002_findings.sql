-- What is wrong between the records of cases: a function of what is held, made anew for each case that changes.
CREATE TABLE hub.findings (
    origin VARCHAR NOT NULL, source VARCHAR NOT NULL, dataset VARCHAR NOT NULL, key UBIGINT NOT NULL, case_no VARCHAR NOT NULL,
    batch VARCHAR, file VARCHAR, row BIGINT, field VARCHAR NOT NULL, code VARCHAR NOT NULL, severity VARCHAR NOT NULL,
    message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL, hint_zh VARCHAR NOT NULL, hint_en VARCHAR NOT NULL
);

-- How many of them the rows of a batch had when a change let them in: what its receipt says of them.
CREATE TABLE hub.batch_findings (batch VARCHAR NOT NULL, seq BIGINT NOT NULL, code VARCHAR NOT NULL, findings BIGINT NOT NULL);
