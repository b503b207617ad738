// Package dynamo is all storage: two tables per municipality.
//
// The case table (point-in-time recovery, deletion protection, a stream of keys):
//
//	PK               SK                what
//	REPORT#reference REPORT            routing and contact envelopes, receipt, link; pending until dispatch takes it
//	REPORT#reference CONTENT           the content envelope, never changed; nobody but the desk reads it
//	LINK#hmac        LINK              a resident's link: expiry, its public key, the view sealed to it
//	IDEMPOTENCY#client#hmac IDEMPOTENCY  what a system's request was answered with, for 30 days
//	CASE#reference   CASE              head, no content: state, lead, version, deadlines (casework.Case)
//	CASE#reference   EVENT#0001        one history entry, never changed, hash-chained
//	CASE#reference   MESSAGE#id        outbox: pending → sent or unsendable
//	CASE#reference   LOOK              whose turn the first look is, for that worker's list
//	MATCH#hmac       CASE#reference    same address, phone or e-mail: a hint, never a key; none under a safety flag
//	WORKERS          WORKER#id         person, absence, capacity, load
//	WORKERS          ROSTER            who is on duty
//	ORGANISATIONS    ORGANISATION#id   a partner or a group of the neighbourhood; nobody's own data
//	SUBJECT#iss#sub  SUBJECT           which worker signs in as whom
//	AUDIT#day#worker ulid              who saw what
//	KEYS             KEY#purpose#0001  a key pair: public half plain, private half encrypted by KMS
//
// The short-lived table (no stream, recovery or backup, so that what is gone is gone):
//
//	DRAFT#hmac       DRAFT             a draft that only the resident's cookie opens
//	SESSION#hmac     SESSION           a worker's session
//	SIGNIN#hmac      SIGNIN            a sign-in on its way, taken once
//
// Two sparse, keys-only indexes find candidates; the base item decides, always:
//
//	lead: lead + due   a worker's cases and first looks, the earliest deadline first
//	todo: todo + at    what the sweep looks at: REPORT, MESSAGE and CASE rows by due time
//
// Workers share one partition, so that routing reads all of them in one consistent call; see
// .github/decisions/0002-workers-in-one-partition.md.
package dynamo
