// Package rights is what each function may do in AWS: exact actions on exact resources, for exact keys. The stack builds
// the functions' policies from it and grants nothing else. A test records what the shipped functions really do on their
// whole way and compares both ways: nothing is missing, nothing is unused.
//
// A transaction is authorised as its parts (PutItem, UpdateItem, DeleteItem), a batch read as BatchGetItem, a query of an
// index as Query on that index alone. SES's SendEmail of a whole message is authorised as ses:SendRawEmail, on the
// sender and on the configuration set. The tables' own key is not here: its key policy lets DynamoDB use it for
// whoever may use the tables, and nobody else.
//
// What IAM cannot say, and therefore this package does not promise:
//
//   - Of a row's key it sees the partition key only. A case's head, events, mails and first look share a partition. Dispatch
//     may update only what mails have and events have not, but who may put one of these rows may put any of them anew.
//     That nobody did shows in the events' hash chain and in the day's digest. No function may remove any of them.
//   - It sees no conditions on rows. A right to put is a right to replace, which only the code's own condition withholds,
//     and, since a failed condition may return the row, also one to read what it collides with.
//   - It sees attributes where Attributes says so. Whoever else may put or update a row may give it the time at which the
//     table drops it; dispatch may that of any row of a case, since it destroys cases whose term is over. Each leaves a line
//     in the register, without which infra/digest tells of what is missing.
//   - It sees no worker: dispatch and desk reach every case. Who may read which one is the desk's business.
package rights

// Right is one action on one resource.
type Right struct {
	Action string // "dynamodb:PutItem"
	On     Resource
	Keys   []string // what the right is bound to, see Conditions; empty where AWS has no such condition

	// Attributes are those that a request may name besides the primary key; empty for any. A query must name what it reads.
	Attributes []string
}

// Resource is something of the municipality's stack.
type Resource string

// The resources.
const (
	CaseTable        Resource = "CaseTable"
	LeadIndex        Resource = "LeadIndex" // of the case table, like TodoIndex, DutyIndex and CaseStream
	TodoIndex        Resource = "TodoIndex"
	DutyIndex        Resource = "DutyIndex"
	CaseStream       Resource = "CaseStream"
	ShortTable       Resource = "ShortTable"
	EnvelopeKey      Resource = "EnvelopeKey" // the KMS key of the private halves
	SenderIdentity   Resource = "SenderIdentity"
	ConfigurationSet Resource = "ConfigurationSet"
	Digests          Resource = "Digests"     // in the locked bucket
	DeadLetters      Resource = "DeadLetters" // the queue of what dispatch could not work off
	LogGroup         Resource = "LogGroup"    // the function's own
)

// ByLambda says whether not the function's code but Lambda itself uses the resource in the function's role.
func (r Resource) ByLambda() bool {
	return r == CaseStream || r == DeadLetters || r == LogGroup
}

// Condition is one condition of IAM.
type Condition struct {
	Operator, Key string
	Values        []string
}

// Conditions are those that bind the right, each with another operator. For a table or an index, Keys are patterns of its
// partition key. ForAllValues also holds for a request that comes without one; of the actions that are granted none does.
// For the envelope key, Keys are the purposes whose key pairs may be decrypted. A query without a projection names no
// attribute and returns all, hence the condition on what it selects.
func (r Right) Conditions() []Condition {
	var all []Condition
	switch {
	case len(r.Keys) == 0:
	case r.On == EnvelopeKey:
		all = append(all, Condition{"StringEquals", "kms:EncryptionContext:purpose", r.Keys})
	default:
		all = append(all, Condition{"ForAllValues:StringLike", "dynamodb:LeadingKeys", r.Keys})
	}
	if len(r.Attributes) > 0 {
		all = append(all, Condition{"ForAllValues:StringEquals", "dynamodb:Attributes", append([]string{"PK", "SK"}, r.Attributes...)})
		if r.Action == "dynamodb:Query" {
			all = append(all, Condition{"StringEquals", "dynamodb:Select", []string{"SPECIFIC_ATTRIBUTES"}})
		}
	}
	return all
}

// Of returns what a function may do: "frontdoor", "desk", "dispatch" or "api"; nothing for any other.
func Of(function string) []Right {
	own, ok := map[string][]Right{
		"frontdoor": frontdoor(), "desk": desk(), "dispatch": dispatch(), "api": api(),
	}[function]
	if !ok {
		return nil
	}
	return append(own,
		Right{"logs:CreateLogStream", LogGroup, nil, nil},
		Right{"logs:PutLogEvents", LogGroup, nil, nil},
	)
}

// publicKeys is for who seals and opens nothing: it does not bring the encrypted private halves.
func publicKeys() Right {
	return Right{"dynamodb:Query", CaseTable, []string{"KEYS"}, []string{"n", "public", "purpose", "shape"}}
}

// mail lists what is updated of a mail. Of these an event has none.
func mail() []string {
	return []string{
		"at", "bounced", "claimed", "complained", "delivered", "duty", "handled_by", "place", "provider", "sent", "stand_in", "status", "todo", "tries",
	}
}

// seenTo lists what is updated of a mail that somebody saw to.
func seenTo() []string {
	return []string{"at", "claimed", "duty", "handled", "handled_by", "place", "status", "todo"}
}

// busy lists what is updated of a worker: how busy they are, by an act on a case, and when they are away. It is nobody's
// name, role or last day: no page gives a right (M4).
func busy() []string { return []string{"absent", "conflicts", "last_assigned", "load"} }

// reached is what shows that mail reaches a worker.
func reached() []string { return []string{"unconfirmed"} }

// frontdoor keeps drafts, and stores a report that it cannot read back. It never touches a case.
func frontdoor() []Right {
	return []Right{
		{"dynamodb:GetItem", ShortTable, []string{"DRAFT#*", "RESUME#*", "SALT#*"}, nil},
		{"dynamodb:PutItem", ShortTable, []string{"DRAFT#*", "RESUME#*", "SALT#*"}, nil},
		{"dynamodb:UpdateItem", ShortTable, []string{"ARRIVALS#*", "TRIES#*"}, nil},
		{"dynamodb:GetItem", CaseTable, []string{"LINK#*", "REPORT#*", "SERVERSECRET"}, nil},
		{"dynamodb:PutItem", CaseTable, []string{"LINK#*", "REPORT#*", "SERVERSECRET"}, nil},
		publicKeys(),
	}
}

// desk works on cases, and is the only one that opens content.
func desk() []Right {
	return []Right{
		{"dynamodb:GetItem", ShortTable, []string{"CODE#*", "DRAFT#*"}, nil}, // of what a worker fills in for a resident
		{"dynamodb:PutItem", ShortTable, []string{"CODE#*", "DRAFT#*", "SESSION#*", "SIGNIN#*"}, nil},
		{"dynamodb:UpdateItem", ShortTable, []string{"CODE#*", "SEARCHES#*", "SESSION#*"}, nil},
		{"dynamodb:DeleteItem", ShortTable, []string{"SESSION#*", "SIGNIN#*"}, nil},
		{"dynamodb:GetItem", CaseTable, []string{"CASE#*", "FORM#*", "REPORT#*", "SUBJECT#*", "SWEEP", "WORK#*"}, nil}, // how far an act on a list came
		{"dynamodb:BatchGetItem", CaseTable, []string{"CASE#*", "REPORT#*"}, nil},
		{"dynamodb:Query", CaseTable, []string{"AUDIT#*", "CASE#*", "GLASS", "KEYS", "MATCH#*", "ORGANISATIONS", "READ#*", "REGISTER", "REPORT#*", "WORKERS"}, nil},
		{"dynamodb:Query", LeadIndex, nil, nil}, // its keys are workers
		{"dynamodb:Query", TodoIndex, []string{"NOT-HUMAN", "QUARANTINE"}, nil},
		{"dynamodb:Query", DutyIndex, []string{"DUTY"}, nil},
		{"dynamodb:PutItem", CaseTable, []string{"AUDIT#*", "CASE#*", "DAY#*", "GLASS", "HANDOFF#*", "LINK#*", "READ#*", "REPORT#*", "SUBJECT#*", "WORK#*"}, nil},
		{"dynamodb:UpdateItem", CaseTable, []string{"CASE#*"}, seenTo()},
		{"dynamodb:UpdateItem", CaseTable, []string{"GLASS"}, []string{"seen_at", "seen_by"}}, // that a privacy officer looked
		{"dynamodb:UpdateItem", CaseTable, []string{"HANDOFF#*", "REPORT#*"}, nil},            // confirmed; whether a person sent it
		{"dynamodb:UpdateItem", CaseTable, []string{"WORKERS"}, busy()},
		{"dynamodb:UpdateItem", CaseTable, []string{"WORKERS"}, reached()},
		{"kms:Decrypt", EnvelopeKey, []string{"contact", "content", "matching", "routing"}, nil},
	}
}

// dispatch makes cases of reports, keeps time and sends mails.
func dispatch() []Right {
	return []Right{
		{"dynamodb:GetItem", CaseTable, []string{"CASE#*", "DIGEST", "HANDOFF#*", "LOADS", "REPORT#*", "SMOKETEST", "WORK#*"}, nil},
		{"dynamodb:BatchGetItem", CaseTable, []string{"CASE#*", "REPORT#*"}, nil}, // of a list that goes to somebody else, or makes a load
		{"dynamodb:Query", LeadIndex, nil, nil},
		{"dynamodb:Query", CaseTable, []string{"AUDIT#*", "CASE#*", "DAY#*", "KEYS", "MATCH#*", "WORKERS"}, nil}, // a day's, for its digest
		{"dynamodb:Query", TodoIndex, []string{"CASE", "CONFIRMED", "KEPT", "LATE", "LATE-LOOK", "MESSAGE", "NOT-HUMAN", "QUARANTINE", "REPORT", "WORK"}, nil},
		{"dynamodb:Query", DutyIndex, []string{"DUTY"}, nil},
		{"dynamodb:PutItem", CaseTable, []string{"CASE#*", "DAY#*", "DIGEST", "FORM#*", "LOADS", "MATCH#*", "REGISTER", "SMOKETEST", "SWEEP", "WORK#*"}, nil},
		{"dynamodb:UpdateItem", CaseTable, []string{"CASE#*"}, mail()},
		{"dynamodb:UpdateItem", CaseTable, []string{"CASE#*"}, []string{"at", "duty", "place", "todo", "ttl"}}, // of a case whose term is over: when the table drops it
		{"dynamodb:UpdateItem", CaseTable, []string{"GLASS", "MATCH#*", "READ#*"}, []string{"ttl"}},
		{"dynamodb:Query", CaseTable, []string{"READ#*"}, []string{"shape", "ttl"}},
		{"dynamodb:UpdateItem", CaseTable, []string{"HANDOFF#*", "LINK#*", "REPORT#*", "WORK#*", "WORKERS"}, nil}, // a smoke test's link goes too
		{"kms:Decrypt", EnvelopeKey, []string{"contact", "matching", "routing"}, nil},
		{"ses:GetEmailIdentity", SenderIdentity, nil, nil},
		{"ses:GetConfigurationSet", ConfigurationSet, nil, nil},
		{"ses:SendRawEmail", SenderIdentity, nil, nil},
		{"ses:SendRawEmail", ConfigurationSet, nil, nil},
		{"s3:PutObject", Digests, nil, nil},

		{"dynamodb:DescribeStream", CaseStream, nil, nil},
		{"dynamodb:GetRecords", CaseStream, nil, nil},
		{"dynamodb:GetShardIterator", CaseStream, nil, nil},
		{"dynamodb:ListStreams", CaseStream, nil, nil},
		{"sqs:SendMessage", DeadLetters, nil, nil},
	}
}

// api brings in reports of the municipality's own systems, tells where a case stands, and passes on what is handed off. It
// opens nothing. Of a hand-off it writes that it is confirmed, and never what is sealed; of a case nothing.
func api() []Right {
	return []Right{
		{"dynamodb:GetItem", CaseTable, []string{"CASE#*", "HANDOFF#*", "IDEMPOTENCY#*", "REPORT#*"}, nil},
		{"dynamodb:BatchGetItem", CaseTable, []string{"HANDOFF#*"}, nil},
		{"dynamodb:Query", TodoIndex, []string{"HANDOFF"}, nil},
		{"dynamodb:UpdateItem", CaseTable, []string{"HANDOFF#*"}, []string{"at", "confirmed", "confirmed_by", "todo"}},
		publicKeys(),
		{"dynamodb:Query", CaseTable, []string{"ORGANISATIONS", "WORKERS"}, nil},
		{"dynamodb:PutItem", CaseTable, []string{"IDEMPOTENCY#*", "LINK#*", "REPORT#*"}, nil},
	}
}
