// Package dynamo is all storage: two tables per municipality.
//
// The case table (point-in-time recovery, deletion protection, a stream of keys):
//
//	PK               SK                what
//	REPORT#reference REPORT            routing and contact envelopes, receipt, link; pending until dispatch takes it or a person judged it
//	REPORT#reference CONTENT           the content envelope, never changed; nobody but the desk reads it
//	LINK#hmac        LINK              a resident's link: expiry, the view sealed under its token
//	IDEMPOTENCY#client#hmac IDEMPOTENCY  what a system's request was answered with, for 30 days
//	CASE#reference   CASE              head, no content: state, lead, version, deadlines (casework.Case)
//	CASE#reference   EVENT#0001        one history entry, never changed, hash-chained
//	CASE#reference   MESSAGE#id        outbox: pending → sent, unsendable, obsolete, or held after a restore
//	CASE#reference   LOOK              whose turn the first look is, for that worker's list
//	CASE#reference   LIST#worker       in whose list the case is besides its owner's: a new lead, a colleague who was asked, a coordinator who decides
//	CASE#reference   OUTSIDE#worker    when somebody who is neither lead nor of the team read it last, for its lead
//	HANDOFF#reference HANDOFF          a case that was handed off: when, before when it is confirmed, when and by whom it was
//	HANDOFF#reference FILE             what the municipality's own system gets of it, sealed to that system's key
//	MATCH#hmac       CASE#reference    same address, phone or e-mail: a hint, never a key; none under a safety flag
//	WORKERS          WORKER#id         person, the day they left, absence, capacity, load
//	WORKERS          ROSTER            who is on duty, and the version of the staff: workers, roster and organisations
//	ORGANISATIONS    ORGANISATION#id   a partner or a group of the neighbourhood; nobody's own data
//	SUBJECT#iss#sub  SUBJECT           which worker signs in as whom
//	AUDIT#day#worker ulid              who saw what; who said when somebody is away
//	READ#reference   READ#ulid         an audit row of one case once more, for who asks who read it
//	GLASS            GLASS#time_case   a glass that was broken, and which privacy officer looked at it
//	REGISTER         DESTROYED#time_case what is left of a destroyed case: what it was kept as, from when until when
//	DAY#day#digit    HASH#hash         an event of that day by its hash, for the day's digest; it goes after five weeks
//	DIGEST           DIGEST            how far the digests in the locked bucket have come
//	SWEEP            SWEEP             when dispatch last looked at all that was due, for people to see
//	LOADS            LOADS             how far counting the loads from the cases has come, and which counters drifted
//	SMOKETEST        SMOKETEST         the latest smoke test, for the next one to look at
//	WORK#id          WORK              one act on many rows, worked off bit by bit: a group of reports, a worker's list, whole or chosen cases of it; a code to mail; what was mailed that day
//	SERVERSECRET     SERVERSECRET      what resume codes need besides themselves; away from the rows that they open
//	FORM#hash        FORM              the form as residents were asked it, with its Dutch words; never changed
//	KEYS             KEY#purpose#0001  a key pair: public half plain, private half encrypted by KMS
//
// The short-lived table (no stream, recovery or backup, so that what is gone is gone):
//
//	DRAFT#hmac       DRAFT             a draft that only the cookie opens: a resident's, or a worker's who fills in for one
//	RESUME#hash      RESUME            the cookie's secret again, sealed under a resume code; both from Argon2id
//	TRIES#hmac       TRIES             how many codes a network tried this hour
//	SALT#day         SALT              what networks are named with that day
//	ARRIVALS#hmac    ARRIVALS          how many forms a network began this hour
//	SEARCHES#hour#worker SEARCHES      how often a worker searched that hour
//	CODE#worker      CODE              the latest code for a worker's own address, and how often they were asked for and tried
//	SESSION#hmac     SESSION           a worker's session
//	SIGNIN#hmac      SIGNIN            a sign-in on its way, taken once
//
// Three sparse, keys-only indexes find candidates; the base item decides, always:
//
//	lead: lead + due   a worker's cases and first looks, the earliest deadline first
//	todo: todo + at    what the sweep looks at by due time: REPORT, MESSAGE (to residents) and CASE, and LATE and LATE-LOOK for cases
//	                   whose deadline went by, so that these can be counted; WORK; CONFIRMED for hand-offs whose confirmation is in
//	                   no history yet; KEPT for ended cases, until they are destroyed. QUARANTINE and NOT-HUMAN are reports that wait for a person's look, or that nobody
//	                   sent: at is their place, see quarantine.go. HANDOFF is what another system may take over
//	duty: duty + place what whoever is on duty watches over, in one partition: first looks, offers, queues, waiting lists,
//	                   mails to workers until they arrived, which the sweep sends too. place is all that is shown, see duty.go
//
// Every row says in which shape it was written; see shape.go.
//
// Workers share one partition, so that routing reads all of them in one consistent call; see
// .github/decisions/0002-workers-in-one-partition.md.
package dynamo
