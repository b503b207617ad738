package rights_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/stack/rights"
)

func functions() []string { return []string{"frontdoor", "desk", "dispatch", "api"} }

// Everything that is granted is exact: a known action, and of rows always which.
func TestRightsAreExact(t *testing.T) { // threat:T34
	action := regexp.MustCompile(`^(dynamodb|kms|s3|ses|sqs|logs):[A-Z][A-Za-z]+$`)
	key := regexp.MustCompile(`^([A-Z]+#\*|[A-Z-]+|[a-z]+)$`)
	for _, function := range functions() {
		seen := map[string]bool{}
		for _, r := range rights.Of(function) {
			if !action.MatchString(r.Action) {
				t.Errorf("%s may %s", function, r.Action)
			}
			if id := r.Action + string(r.On) + strings.Join(r.Attributes, " "); seen[id] {
				t.Errorf("%s has %s on %s twice", function, r.Action, r.On)
			} else {
				seen[id] = true
			}
			if onRows(r.On) && len(r.Keys) == 0 || r.On == rights.EnvelopeKey && len(r.Keys) == 0 {
				t.Errorf("%s may %s on all of %s", function, r.Action, r.On)
			}
			if !slices.IsSorted(r.Keys) {
				t.Errorf("%s: %s on %s has its keys in no order: %v", function, r.Action, r.On, r.Keys)
			}
			for _, k := range r.Keys {
				if !key.MatchString(k) {
					t.Errorf("%s: %s on %s for %q", function, r.Action, r.On, k)
				}
			}
		}
		if len(seen) == 0 {
			t.Errorf("%s may nothing", function)
		}
	}
	if got := rights.Of("nobody"); got != nil {
		t.Errorf("an unknown function may %v", got)
	}
}

func onRows(r rights.Resource) bool { return r == rights.CaseTable || r == rights.ShortTable }

// What no function may do, whatever it needs.
func TestNoFunctionMay(t *testing.T) {
	tests := map[string]struct {
		functions []string
		forbidden func(r rights.Right, key string) bool
	}{
		"read every row of a table": {functions(), func(r rights.Right, _ string) bool { // threat:T34
			return strings.HasSuffix(r.Action, ":Scan") || strings.Contains(r.Action, "PartiQL")
		}},
		"change or remove what was audited": {functions(), func(r rights.Right, key string) bool { // threat:T15
			return key == "AUDIT#*" && r.Action != "dynamodb:PutItem" && r.Action != "dynamodb:Query"
		}},
		"change or remove the hash of an event": {functions(), func(r rights.Right, key string) bool { // threat:T15
			return key == "DAY#*" && r.Action != "dynamodb:PutItem" && r.Action != "dynamodb:Query"
		}},
		"read or remove a digest": {functions(), func(r rights.Right, _ string) bool { // threat:T15
			return r.On == rights.Digests && r.Action != "s3:PutObject"
		}},
		"remove a row of a case": {functions(), func(r rights.Right, key string) bool { // threat:T15
			return key == "CASE#*" && r.Action == "dynamodb:DeleteItem"
		}},
		"seal new key pairs or store them": {functions(), func(r rights.Right, key string) bool { // threat:T16
			return r.Action == "kms:Encrypt" || key == "KEYS" && r.Action != "dynamodb:Query"
		}},
		"read private halves, encrypted as they are": {[]string{"frontdoor", "api"}, func(r rights.Right, key string) bool { // threat:T16
			return key == "KEYS" && (len(r.Attributes) == 0 || slices.Contains(r.Attributes, "private"))
		}},
		"change in passing what an event says": {functions(), func(r rights.Right, key string) bool { // threat:T15
			says := func(a string) bool { return slices.Contains(events(), a) }
			return key == "CASE#*" && r.Action == "dynamodb:UpdateItem" && (len(r.Attributes) == 0 || slices.ContainsFunc(r.Attributes, says))
		}},
		"touch a case without opening it": {[]string{"frontdoor"}, func(r rights.Right, key string) bool { // threat:T34
			return key == "CASE#*" || r.On == rights.LeadIndex || r.On == rights.TodoIndex || r.On == rights.DutyIndex
		}},
		"change a case from outside": {[]string{"api"}, func(r rights.Right, key string) bool { // threat:T34
			return key == "CASE#*" && r.Action != "dynamodb:GetItem"
		}},
		"decrypt what it only seals": {[]string{"frontdoor", "api"}, func(r rights.Right, _ string) bool { // threat:T16
			return strings.HasPrefix(r.Action, "kms:")
		}},
		"read what resume codes need besides themselves": {[]string{"desk", "dispatch", "api"}, func(_ rights.Right, key string) bool { // threat:T03
			return key == "SERVERSECRET" || key == "RESUME#*"
		}},
		"open content": {[]string{"frontdoor", "api", "dispatch"}, func(_ rights.Right, key string) bool { // threat:T16
			return key == "content"
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, function := range tt.functions {
				for _, r := range rights.Of(function) {
					for _, key := range append([]string{""}, r.Keys...) {
						if tt.forbidden(r, key) {
							t.Errorf("%s may %s on %s for %s", function, r.Action, r.On, key)
						}
					}
				}
			}
		})
	}
}

// events lists what an event says: its attributes besides the primary key.
func events() []string {
	return []string{
		"version", "kind", "when", "by", "command", "from", "to", "lead_id", "was", "subject", "other", "way", "entered", "reason",
		"why", "detail", "hash",
	}
}

func TestARightIsBoundByItsConditions(t *testing.T) {
	tests := map[string]struct {
		right rights.Right
		want  []rights.Condition
	}{
		"rows by their partition key": {
			rights.Right{On: rights.CaseTable, Keys: []string{"CASE#*"}},
			[]rights.Condition{{"ForAllValues:StringLike", "dynamodb:LeadingKeys", []string{"CASE#*"}}},
		},
		"an index by its own": {
			rights.Right{On: rights.TodoIndex, Keys: []string{"CASE"}},
			[]rights.Condition{{"ForAllValues:StringLike", "dynamodb:LeadingKeys", []string{"CASE"}}},
		},
		"key pairs by their purpose": {
			rights.Right{On: rights.EnvelopeKey, Keys: []string{"contact"}},
			[]rights.Condition{{"StringEquals", "kms:EncryptionContext:purpose", []string{"contact"}}},
		},
		"an update by what it may name": {
			rights.Right{Action: "dynamodb:UpdateItem", On: rights.CaseTable, Keys: []string{"CASE#*"}, Attributes: []string{"sent"}},
			[]rights.Condition{
				{"ForAllValues:StringLike", "dynamodb:LeadingKeys", []string{"CASE#*"}},
				{"ForAllValues:StringEquals", "dynamodb:Attributes", []string{"PK", "SK", "sent"}},
			},
		},
		"a query by what it may read": {
			rights.Right{Action: "dynamodb:Query", On: rights.CaseTable, Keys: []string{"KEYS"}, Attributes: []string{"public"}},
			[]rights.Condition{
				{"ForAllValues:StringLike", "dynamodb:LeadingKeys", []string{"KEYS"}},
				{"ForAllValues:StringEquals", "dynamodb:Attributes", []string{"PK", "SK", "public"}},
				{"StringEquals", "dynamodb:Select", []string{"SPECIFIC_ATTRIBUTES"}},
			},
		},
		"nothing else": {rights.Right{On: rights.SenderIdentity}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.right.Conditions()); diff != "" {
				t.Errorf("bound by (-want +got):\n%s", diff)
			}
		})
	}
}
