package dynamo_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// plain names, by the kind of row, the attributes that may stand in the table unsealed. Whatever is not named here must
// be an envelope.
func plain() map[string][]string {
	index := []string{"lead", "due", "todo", "at", "duty", "place"}
	return map[string][]string{
		"REPORT":  append(index, "received", "contact_before", "owner", "mac", "link"),
		"CONTENT": nil,
		"LINK":    {"case", "expires"},
		"CASE": append(index, "version", "state", "lead_id", "coordinator", "priority", "area_id", "weight", "step", "rule", "since",
			"reported", "accepted", "deadlines", "look_line", "look_asked", "look_by", "look_at", "gave_back", "proposed", "into", "merged", "nearby", "chain",
			"resume", "meeting", "met", "tries", "handover_to", "talk", "asked", "suggested", "glass", "dimmed", "outcome", "ended", "confirmed",
			"planned", "youth", "held_by", "held_since"),
		"EVENT": {"version", "kind", "when", "by", "command", "from", "to", "lead_id", "was", "subject", "also", "other", "way", "entered", "hash"},
		"MESSAGE": append(index, "id", "kind", "to", "created", "status", "tries", "claimed", "sent", "stand_in", "provider",
			"delivered", "bounced", "complained", "handled_by", "handled"),
		"LOOK":    {"lead", "due", "duty", "place"},
		"LIST":    {"lead", "due"},
		"FORM":    {"form"},
		"HANDOFF": {"handed_off", "confirm_before", "confirmed", "confirmed_by", "todo", "at"},
		"FILE":    nil,
		"HASH":    nil,
		// What is left of a destroyed case.
		"DESTROYED": {"case", "category", "kept_from", "kept_until", "when", "hashes"},
	}
}

func sealed() map[string][]string {
	return map[string][]string{
		"REPORT": {"routing", "contact"}, "CONTENT": {"content"}, "LINK": {"view"}, "EVENT": {"reason", "why", "record"},
		"FILE": {"file"},
	}
}

// destroyed withdraws a case and has its term go by.
func destroyed(t *testing.T, town *exampletest.Town, c casework.Case) {
	t.Helper()
	click := casework.Click{At: monday(), Case: c.ID, By: casework.Reader{Worker: c.Owner(), Coordinator: true}, Shown: c.Version, Command: "withdraw"}
	if err := town.Work.Withdraw(t.Context(), click, "kanariereden"); err != nil {
		t.Fatal(err)
	}
	d, err := town.Store.Dossier(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range d.Messages {
		claimed, err := town.Store.Claim(t.Context(), c.ID, m.ID, monday())
		if err != nil {
			t.Fatal(err)
		}
		claimed.Status = casework.Obsolete
		if err := town.Store.Settle(t.Context(), claimed); err != nil {
			t.Fatal(err)
		}
	}
	if err := town.Work.Overdue(t.Context(), monday().AddDate(0, 0, 31), c.ID); err != nil {
		t.Fatal(err)
	}
}

func TestNoAnswerStandsInTheTableUnsealed(t *testing.T) { // invariant:I13 //threat:T16
	town := exampletest.New(t)
	canaries := form.Answers{
		"call_name": {"Kanarienaam"}, "email": {"kanariemail@post.example"}, "phone": {"0612340987"}, "house_number": {"98kanarie"},
		"story": {"kanarieverhaal"}, "goal": {"kanariedoel"}, "helpers": {"named"}, "helpers.1.name": {"Kanariehulp"},
		"basics": {"food"}, "safe_contact": {"call", "email"},
	}
	c := town.Case(t, monday(), exampletest.Answers(canaries))
	err := town.Work.GiveBack(t.Context(), casework.Click{
		At: monday(), Case: c.ID, By: casework.Reader{Worker: c.Lead}, Shown: 1, Command: "back",
	}, "kanariereden", true)
	if err != nil {
		t.Fatal(err)
	}
	thinkAlong(t, town, c.ID)
	calm := maps.Clone(canaries) // nobody has to look first
	delete(calm, "basics")
	destroyed(t, town, town.Case(t, monday(), exampletest.Answers(calm)))
	if err := town.Store.KeepForm(t.Context(), form.Asked{Definition: form.Core()}); err != nil {
		t.Fatal(err)
	}
	out, err := town.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &town.Store.Cases})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := exampletest.In(t, "duinrand")
	elsewhere.HandedOff(t, monday(), "kanarieverhaal")
	more, err := elsewhere.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &elsewhere.Store.Cases})
	if err != nil {
		t.Fatal(err)
	}
	out.Items = append(out.Items, more.Items...)
	seen := map[string]bool{}
	for _, it := range out.Items {
		var row map[string]any
		if err := attributevalue.UnmarshalMap(it, &row); err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(row["SK"].(string), "#")
		allowed, ok := plain()[kind]
		if !ok {
			continue
		}
		seen[kind] = true
		for name := range row {
			if !slices.Contains([]string{"PK", "SK", "shape", dynamo.TTL}, name) && !slices.Contains(allowed, name) && !slices.Contains(sealed()[kind], name) {
				t.Errorf("%s rows have an attribute %q that is on no list", kind, name)
			}
		}
	}
	for kind := range plain() {
		if !seen[kind] {
			t.Errorf("no %s row was looked at", kind)
		}
	}
	raw, err := json.Marshal(out.Items) // bytes become base64 here, so they are searched as they are as well
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range out.Items {
		for _, v := range it {
			if b, ok := v.(*types.AttributeValueMemberB); ok {
				raw = append(raw, b.Value...)
			}
		}
	}
	for _, canary := range []string{"kanarie", "0612340987", "12340987"} {
		if strings.Contains(strings.ToLower(string(raw)), canary) {
			t.Errorf("%q stands in the table", canary)
		}
	}
}

// thinkAlong has the case accepted, and a colleague asked about what was planned and agreed on.
func thinkAlong(t *testing.T, town *exampletest.Town, ref casework.Reference) {
	t.Helper()
	do := func(act func(casework.Click) error) {
		t.Helper()
		c, err := town.Store.Case(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		k := casework.Click{At: monday(), Case: ref, By: casework.Reader{Worker: c.Owner()}, Shown: c.Version, Command: fmt.Sprint(c.Version)}
		if err := act(k); err != nil {
			t.Fatal(err)
		}
	}
	do(func(k casework.Click) error { return town.Work.Accept(t.Context(), k) })
	do(func(k casework.Click) error {
		return town.Work.Plan(t.Context(), k, casework.MeetingPlan{At: monday().AddDate(0, 0, 3), Where: "Kanarieplein", Comes: []string{"Kanariehulp"}})
	})
	do(func(k casework.Click) error {
		return town.Work.WritePlan(t.Context(), k, casework.Plan{Goals: []string{"kanariedoel"}})
	})
	do(func(k casework.Click) error {
		return town.Work.Ask(t.Context(), k, casework.Asking{Of: "hanna", Question: "Wat doet een kanarie?", Basis: casework.OnTask})
	})
}
