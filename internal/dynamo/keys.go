package dynamo

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

// Key is the primary key of one item. Its constructors are the only way to write one.
type Key struct{ PK, SK string }

func reportKey(ref casework.Reference) Key  { return Key{"REPORT#" + string(ref), "REPORT"} }
func contentKey(ref casework.Reference) Key { return Key{"REPORT#" + string(ref), "CONTENT"} }
func linkKey(id string) Key                 { return Key{"LINK#" + id, "LINK"} }
func onceKey(client, id string) Key         { return Key{"IDEMPOTENCY#" + client + "#" + id, "IDEMPOTENCY"} }
func caseKey(ref casework.Reference) Key    { return Key{"CASE#" + string(ref), "CASE"} }
func lookKey(ref casework.Reference) Key    { return Key{"CASE#" + string(ref), "LOOK"} }
func listKey(ref casework.Reference, worker string) Key {
	return Key{"CASE#" + string(ref), "LIST#" + worker}
}
func handOffKey(ref casework.Reference) Key { return Key{"HANDOFF#" + string(ref), "HANDOFF"} }
func fileKey(ref casework.Reference) Key    { return Key{"HANDOFF#" + string(ref), "FILE"} }
func workerKey(id string) Key               { return Key{workersPK, "WORKER#" + id} }
func workKey(id string) Key                 { return Key{"WORK#" + id, "WORK"} }
func rosterKey() Key                        { return Key{workersPK, "ROSTER"} }
func sweepKey() Key                         { return Key{"SWEEP", "SWEEP"} }
func loadsKey() Key                         { return Key{"LOADS", "LOADS"} }
func smokeTestKey() Key                     { return Key{"SMOKETEST", "SMOKETEST"} }
func organisationKey(id string) Key         { return Key{organisationsPK, "ORGANISATION#" + id} }
func subjectKey(issuer, subject string) Key {
	return Key{"SUBJECT#" + issuer + "#" + subject, "SUBJECT"}
}
func formKey(hash string) Key   { return Key{"FORM#" + hash, "FORM"} }
func serverSecretKey() Key      { return Key{"SERVERSECRET", "SERVERSECRET"} }
func draftKey(id string) Key    { return Key{"DRAFT#" + id, "DRAFT"} }
func resumeKey(id string) Key   { return Key{"RESUME#" + id, "RESUME"} }
func triesKey(id string) Key    { return Key{"TRIES#" + id, "TRIES"} }
func codeKey(worker string) Key { return Key{"CODE#" + worker, "CODE"} }
func saltKey(day string) Key    { return Key{"SALT#" + day, "SALT"} }
func arrivalsKey(id string) Key { return Key{"ARRIVALS#" + id, "ARRIVALS"} }
func sessionKey(id string) Key  { return Key{"SESSION#" + id, "SESSION"} }
func signInKey(id string) Key   { return Key{"SIGNIN#" + id, "SIGNIN"} }

func eventKey(ref casework.Reference, version int) Key {
	return Key{"CASE#" + string(ref), fmt.Sprintf("EVENT#%04d", version)}
}

func messageKey(ref casework.Reference, id string) Key {
	return Key{"CASE#" + string(ref), "MESSAGE#" + id}
}

func matchKey(hash string, ref casework.Reference) Key {
	return Key{"MATCH#" + hash, "CASE#" + string(ref)}
}

func auditKey(day casework.Day, worker, id string) Key {
	return Key{"AUDIT#" + string(day) + "#" + worker, id}
}

// readKey is that of an audit row once more, under the one case that it is about.
func readKey(ref casework.Reference, id string) Key {
	return Key{"READ#" + string(ref), "READ#" + id}
}

func outsideKey(ref casework.Reference, worker string) Key {
	return Key{"CASE#" + string(ref), "OUTSIDE#" + worker}
}

func glassKey(id string) Key { return Key{glassPK, "GLASS#" + id} }

// hexDigits are the parts of a day's hashes: the first digit of each spreads them, so that no partition is hot (T27).
const hexDigits = "0123456789abcdef"

// hashKey is that of a hash in hexadecimal; its first digit is enough for the partition.
func hashKey(day casework.Day, hash string) Key {
	return Key{"DAY#" + string(day) + "#" + hash[:1], "HASH#" + hash}
}

func registerKey(id string) Key { return Key{registerPK, "DESTROYED#" + id} }

func digestKey() Key { return Key{"DIGEST", "DIGEST"} }

// searchesKey is the count of a worker's searches in the hour, UTC, that a moment falls in.
func searchesKey(at time.Time, worker string) Key {
	return Key{"SEARCHES#" + at.UTC().Format("2006-01-02T15") + "#" + worker, "SEARCHES"}
}

func keyPairKey(k casework.Key) Key {
	return Key{keysPK, fmt.Sprintf("KEY#%s#%04d", k.Purpose, k.N)}
}

const (
	workersPK       = "WORKERS"
	organisationsPK = "ORGANISATIONS"
	keysPK          = "KEYS"
	glassPK         = "GLASS"
	registerPK      = "REGISTER"
)

func (k Key) item() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: k.PK},
		"SK": &types.AttributeValueMemberS{Value: k.SK},
	}
}

// reference is the case that the key belongs to; ok is false when it belongs to none.
func (k Key) reference() (ref casework.Reference, ok bool) {
	kind, id, found := strings.Cut(k.PK, "#")
	return casework.Reference(id), found && (kind == "REPORT" || kind == "CASE" || kind == "HANDOFF")
}

// kind is what the key table calls the row: its sort key up to the number sign, unless that names another row.
func (k Key) kind() string {
	if of, _, _ := strings.Cut(k.PK, "#"); of == "MATCH" || of == "AUDIT" {
		return of
	}
	kind, _, _ := strings.Cut(k.SK, "#")
	return kind
}

// stamp writes a time so that text order is time order, in UTC with milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
