package functions_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/stack/rights"
)

// compare says what a function did and may not, and what it may and never did; sorted, each once.
func compare(function string, may []rights.Right, did []use) []string {
	var faults []string
	exercised := map[string]bool{}
	for _, u := range did {
		allowed := false
		for _, right := range may {
			for _, key := range keysOf(right) {
				if right.Action != u.action || right.On != u.on || !covers(key, u.key) || !names(right, u) {
					continue
				}
				allowed, exercised[fmt.Sprint(right.Action, right.On, key)] = true, true
				for _, a := range u.attributes {
					exercised[fmt.Sprint(right.Action, right.On, key, "'s ", a)] = true
				}
			}
		}
		if !allowed {
			faults = append(faults, strings.TrimSpace(fmt.Sprintf("%s uses %s on %s %s", function, u.action, u.on, u.said))+" and may not")
		}
	}
	for _, right := range may {
		for _, key := range keysOf(right) {
			if !right.On.ByLambda() && !exercised[fmt.Sprint(right.Action, right.On, key)] {
				faults = append(faults, strings.TrimSpace(fmt.Sprintf("%s may %s on %s %s", function, right.Action, right.On, key))+" and never does")
				continue
			}
			for _, a := range right.Attributes {
				if !exercised[fmt.Sprint(right.Action, right.On, key, "'s ", a)] {
					faults = append(faults, fmt.Sprintf("%s may %s on %s %s with %s and never does", function, right.Action, right.On, key, a))
				}
			}
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

// names says whether a right that is bound to attributes takes a use that names these.
func names(right rights.Right, u use) bool {
	other := func(a string) bool { return !slices.Contains(right.Attributes, a) }
	if len(right.Attributes) == 0 {
		return true
	}
	whole := right.Action == "dynamodb:Query" && u.all
	return !whole && !slices.ContainsFunc(u.attributes, other)
}

// keysOf returns the keys of a right, or "" for a right without.
func keysOf(right rights.Right) []string {
	if len(right.Keys) == 0 {
		return []string{""}
	}
	return right.Keys
}

// covers says whether IAM's StringLike takes a key for a pattern, which is "" or has its only * at the end.
func covers(pattern, key string) bool {
	if start, open := strings.CutSuffix(pattern, "*"); open {
		return strings.HasPrefix(key, start)
	}
	return pattern == "" || pattern == key
}

func TestComparingTellsWhatIsMissingAndWhatIsUnused(t *testing.T) {
	did := []use{
		{action: "dynamodb:PutItem", on: rights.CaseTable, key: "REPORT#K7M-4RT-9XT", said: "REPORT#…"},
		{action: "dynamodb:PutItem", on: rights.CaseTable, key: "REPORT#K7M-4RT-9XC", said: "REPORT#…"},
		{action: "dynamodb:Query", on: rights.TodoIndex, key: "REPORT", said: "todo=REPORT"},
		{action: "dynamodb:Query", on: rights.LeadIndex, key: "fenna", said: "lead=fenna"},
		{action: "dynamodb:Query", on: rights.CaseTable, key: "KEYS", said: "KEYS", attributes: []string{"public"}},
		{action: "ses:SendRawEmail", on: rights.SenderIdentity},
	}
	exact := []rights.Right{
		{Action: "dynamodb:PutItem", On: rights.CaseTable, Keys: []string{"REPORT#*"}},
		{Action: "dynamodb:Query", On: rights.TodoIndex, Keys: []string{"REPORT"}},
		{Action: "dynamodb:Query", On: rights.LeadIndex},
		{Action: "ses:SendRawEmail", On: rights.SenderIdentity},
		{Action: "dynamodb:Query", On: rights.CaseTable, Keys: []string{"KEYS"}, Attributes: []string{"public"}},
		{Action: "logs:PutLogEvents", On: rights.LogGroup},
	}
	with := func(more ...rights.Right) []rights.Right { return slices.Concat(exact, more) }
	without := func(i int) []rights.Right { return slices.Delete(slices.Clone(exact), i, i+1) }
	tests := map[string]struct {
		may  []rights.Right
		want []string
	}{
		"exactly what is done":           {exact, nil},
		"a right on rows is missing":     {without(0), []string{"desk uses dynamodb:PutItem on CaseTable REPORT#… and may not"}},
		"a right on an index is missing": {without(1), []string{"desk uses dynamodb:Query on TodoIndex todo=REPORT and may not"}},
		"a right to send is missing":     {without(3), []string{"desk uses ses:SendRawEmail on SenderIdentity and may not"}},
		"an attribute is missing": {
			append(without(4), rights.Right{Action: "dynamodb:Query", On: rights.CaseTable, Keys: []string{"KEYS"}, Attributes: []string{"n"}}),
			[]string{"desk may dynamodb:Query on CaseTable KEYS and never does", "desk uses dynamodb:Query on CaseTable KEYS and may not"},
		},
		"an attribute that is never used": {
			append(without(4), rights.Right{Action: "dynamodb:Query", On: rights.CaseTable, Keys: []string{"KEYS"}, Attributes: []string{"n", "public"}}),
			[]string{"desk may dynamodb:Query on CaseTable KEYS with n and never does"},
		},
		"a key that is never used": {
			with(rights.Right{Action: "dynamodb:PutItem", On: rights.CaseTable, Keys: []string{"CASE#*"}}),
			[]string{"desk may dynamodb:PutItem on CaseTable CASE#* and never does"},
		},
		"an action that is never used": {
			with(rights.Right{Action: "kms:Encrypt", On: rights.EnvelopeKey}),
			[]string{"desk may kms:Encrypt on EnvelopeKey and never does"},
		},
		"the same action elsewhere": {
			append(without(0), rights.Right{Action: "dynamodb:PutItem", On: rights.ShortTable, Keys: []string{"REPORT#*"}}),
			[]string{"desk may dynamodb:PutItem on ShortTable REPORT#* and never does", "desk uses dynamodb:PutItem on CaseTable REPORT#… and may not"},
		},
		"a key that only begins alike": {
			append(without(1), rights.Right{Action: "dynamodb:Query", On: rights.TodoIndex, Keys: []string{"REPORTS"}}),
			[]string{"desk may dynamodb:Query on TodoIndex REPORTS and never does", "desk uses dynamodb:Query on TodoIndex todo=REPORT and may not"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, compare("desk", tt.may, did)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
	whole := append(slices.Clone(did), use{action: "dynamodb:Query", on: rights.CaseTable, key: "KEYS", said: "KEYS", all: true})
	want := []string{"desk uses dynamodb:Query on CaseTable KEYS and may not"}
	if diff := cmp.Diff(want, compare("desk", exact, whole)); diff != "" {
		t.Errorf("whole rows are read (-want +got):\n%s", diff)
	}
}
