-- What does not fit together between cases, licences and holders: a function of what is held and of the day, made anew
-- each time. case_no is that of a result, licence_id that of a golden record.
CREATE TABLE hub.cross_findings (
    origin VARCHAR NOT NULL, source VARCHAR NOT NULL, dataset VARCHAR NOT NULL, key UBIGINT NOT NULL,
    case_no VARCHAR, licence_id VARCHAR, batch VARCHAR, file VARCHAR, row BIGINT, as_of DATE NOT NULL,
    field VARCHAR NOT NULL, code VARCHAR NOT NULL, severity VARCHAR NOT NULL,
    message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL, hint_zh VARCHAR NOT NULL, hint_en VARCHAR NOT NULL
);
