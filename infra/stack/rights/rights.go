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
//   - Of a row's key it sees the partition key only. A case's head, events, mails and first look share a partition: who
//     may update a mail may do so with an event. That nobody did shows in the events' hash chain. No function may
//     remove any of them.
//   - It sees no conditions on rows. A right to put is a right to replace, which only the code's own condition withholds,
//     and, since a failed condition may return the row, also one to read what it collides with.
//   - It sees no attributes here. Who may put or update a row may give it the time at which the table drops it.
//   - It sees no worker: dispatch and desk reach every case. Who may read which one is the desk's business.
package rights

// Right is one action on one resource.
type Right struct {
	Action string // "dynamodb:PutItem"
	On     Resource
	Keys   []string // what the right is bound to, see Condition; empty where AWS has no such condition
}

// Resource is something of the municipality's stack.
type Resource string

// The resources.
const (
	CaseTable        Resource = "CaseTable"
	LeadIndex        Resource = "LeadIndex" // of the case table, like TodoIndex and CaseStream
	TodoIndex        Resource = "TodoIndex"
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

// Condition is the operator and the key of the IAM condition whose values are the right's Keys; both are "" when it has
// none. For a table or an index, Keys are patterns of its partition key. ForAllValues also holds for a request that comes
// without one; of the actions that are granted none does. For the envelope key, Keys are the purposes whose key pairs
// may be decrypted.
func (r Right) Condition() (operator, key string) {
	switch {
	case len(r.Keys) == 0:
		return "", ""
	case r.On == EnvelopeKey:
		return "StringEquals", "kms:EncryptionContext:purpose"
	default:
		return "ForAllValues:StringLike", "dynamodb:LeadingKeys"
	}
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
		Right{"logs:CreateLogStream", LogGroup, nil},
		Right{"logs:PutLogEvents", LogGroup, nil},
	)
}

// frontdoor keeps drafts, and stores a report that it cannot read back. It never touches a case.
func frontdoor() []Right {
	return []Right{
		{"dynamodb:GetItem", ShortTable, []string{"DRAFT#*", "RESUME#*", "SALT#*"}},
		{"dynamodb:PutItem", ShortTable, []string{"DRAFT#*", "RESUME#*", "SALT#*"}},
		{"dynamodb:UpdateItem", ShortTable, []string{"ARRIVALS#*", "TRIES#*"}},
		{"dynamodb:GetItem", CaseTable, []string{"LINK#*", "REPORT#*", "SERVERSECRET"}},
		{"dynamodb:PutItem", CaseTable, []string{"LINK#*", "REPORT#*", "SERVERSECRET"}},
		{"dynamodb:Query", CaseTable, []string{"KEYS"}},
	}
}

// desk works on cases, and is the only one that opens content.
func desk() []Right {
	return []Right{
		{"dynamodb:GetItem", ShortTable, []string{"DRAFT#*", "SESSION#*"}}, // of what a worker fills in for a resident
		{"dynamodb:PutItem", ShortTable, []string{"DRAFT#*", "SESSION#*", "SIGNIN#*"}},
		{"dynamodb:UpdateItem", ShortTable, []string{"SEARCHES#*"}},
		{"dynamodb:DeleteItem", ShortTable, []string{"SESSION#*", "SIGNIN#*"}},
		{"dynamodb:GetItem", CaseTable, []string{"CASE#*", "FORM#*", "REPORT#*", "SUBJECT#*"}},
		{"dynamodb:BatchGetItem", CaseTable, []string{"CASE#*", "REPORT#*"}},
		{"dynamodb:Query", CaseTable, []string{"CASE#*", "KEYS", "MATCH#*", "ORGANISATIONS", "REPORT#*", "WORKERS"}},
		{"dynamodb:Query", LeadIndex, nil}, // its keys are workers
		{"dynamodb:Query", TodoIndex, []string{"NOT-HUMAN", "QUARANTINE"}},
		{"dynamodb:PutItem", CaseTable, []string{"AUDIT#*", "CASE#*", "DAY#*", "LINK#*", "REPORT#*", "SUBJECT#*", "WORK#*"}},
		{"dynamodb:UpdateItem", CaseTable, []string{"REPORT#*", "WORKERS"}}, // whether a person sent it
		{"kms:Decrypt", EnvelopeKey, []string{"contact", "content", "matching", "routing"}},
	}
}

// dispatch makes cases of reports, keeps time and sends mails.
func dispatch() []Right {
	return []Right{
		{"dynamodb:GetItem", CaseTable, []string{"CASE#*", "DIGEST", "REPORT#*", "SMOKETEST", "WORK#*"}},
		{"dynamodb:BatchGetItem", CaseTable, []string{"CASE#*", "REPORT#*"}}, // of a list that goes to somebody else
		{"dynamodb:Query", LeadIndex, nil},
		{"dynamodb:Query", CaseTable, []string{"AUDIT#*", "CASE#*", "DAY#*", "KEYS", "MATCH#*", "WORKERS"}}, // a day's, for its digest
		{"dynamodb:Query", TodoIndex, []string{"CASE", "LATE", "LATE-LOOK", "MESSAGE", "NOT-HUMAN", "QUARANTINE", "REPORT", "WORK"}},
		{"dynamodb:PutItem", CaseTable, []string{"CASE#*", "DAY#*", "DIGEST", "FORM#*", "MATCH#*", "SMOKETEST", "WORK#*"}},
		{"dynamodb:UpdateItem", CaseTable, []string{"CASE#*", "LINK#*", "REPORT#*", "WORK#*", "WORKERS"}}, // a smoke test's link goes too
		{"kms:Decrypt", EnvelopeKey, []string{"contact", "matching", "routing"}},
		{"ses:GetEmailIdentity", SenderIdentity, nil},
		{"ses:GetConfigurationSet", ConfigurationSet, nil},
		{"ses:SendRawEmail", SenderIdentity, nil},
		{"ses:SendRawEmail", ConfigurationSet, nil},
		{"s3:PutObject", Digests, nil},

		{"dynamodb:DescribeStream", CaseStream, nil},
		{"dynamodb:GetRecords", CaseStream, nil},
		{"dynamodb:GetShardIterator", CaseStream, nil},
		{"dynamodb:ListStreams", CaseStream, nil},
		{"sqs:SendMessage", DeadLetters, nil},
	}
}

// api brings in reports of the municipality's own systems, and tells where a case stands. It opens nothing.
func api() []Right {
	return []Right{
		{"dynamodb:GetItem", CaseTable, []string{"CASE#*", "IDEMPOTENCY#*", "REPORT#*"}},
		{"dynamodb:Query", CaseTable, []string{"KEYS", "ORGANISATIONS", "WORKERS"}},
		{"dynamodb:PutItem", CaseTable, []string{"IDEMPOTENCY#*", "LINK#*", "REPORT#*"}},
	}
}
