package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/schemas"
)

// root is the top of the repository.
const root = "../.."

func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

func TestTheAnnexIsNotStale(t *testing.T) {
	want, err := makeAnnex(root)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, annexFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale: go run ./infra/annex", annexFile)
	}
}

func TestAFieldWithoutALineIsAFault(t *testing.T) {
	asked := []string{"story"}
	stored := []storedRow{{typ: "caseRow", attributes: []string{"state"}}}
	good := func() lines {
		return lines{
			Bases: map[string]string{"taak": "Taak."}, Keeps: map[string]string{"uitkomst": "Lang."},
			Readers: map[string]string{"regisseur": "De regisseur."}, Envelopes: map[string]string{"content": "Inhoud."},
			Questions: map[string]line{"story": {What: "Verhaal", Why: "Gesprek", Basis: "taak", Keep: "uitkomst", Seen: "regisseur", In: []string{"content"}}},
			Rows: []row{{
				Type: "caseRow", Key: "CASE", Title: "Casus", Basis: "taak", Keep: "uitkomst", Seen: "regisseur",
				Fields: map[string]line{"state": {What: "Stand", Why: "Stap"}},
			}},
		}
	}
	tests := map[string]struct {
		change func(*lines)
		want   string // "" for no fault
	}{
		"nothing left out":                  {func(*lines) {}, ""},
		"a question without a line":         {func(l *lines) { delete(l.Questions, "story") }, `question "story" has no line`},
		"a line without a question":         {func(l *lines) { l.Questions["bsn"] = l.Questions["story"] }, `there is no question "bsn"`},
		"an attribute without a line":       {func(l *lines) { delete(l.Rows[0].Fields, "state") }, `attribute "state" of caseRow has no line`},
		"a line without an attribute":       {func(l *lines) { l.Rows[0].Fields["name"] = line{What: "Naam", Why: "Aanspreken"} }, `caseRow rows have no attribute "name"`},
		"rows without an entry":             {func(l *lines) { l.Rows = nil }, "rows of type caseRow have no entry"},
		"an entry without rows":             {func(l *lines) { l.Rows[0].Type = "goneRow" }, "there are no rows of type goneRow"},
		"a line that does not say why":      {func(l *lines) { l.Rows[0].Fields["state"] = line{What: "Stand"} }, "caseRow.state does not say what it is or why"},
		"a basis that nothing explains":     {func(l *lines) { delete(l.Bases, "taak") }, `names "taak", which nothing explains`},
		"an envelope that nothing explains": {func(l *lines) { delete(l.Envelopes, "content") }, `names the envelope "content"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := good()
			tt.change(&l)
			var all []string
			for _, err := range l.faults(asked, stored) {
				all = append(all, err.Error())
			}
			got := strings.Join(all, "\n")
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("faults %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAttributesAreReadFromTheTagsOfTheStoresCode(t *testing.T) {
	dir := t.TempDir()
	code := "package x\n" +
		"type base struct {\n PK string `dynamodbav:\"PK\"`\n SK string `dynamodbav:\"SK\"`\n}\n" +
		"type thingRow struct {\n base\n Size int `dynamodbav:\"size,omitempty\"`\n Skipped int `dynamodbav:\"-\"`\n}\n" +
		"type part struct { At int `dynamodbav:\"at\"` }\n"
	for name, text := range map[string]string{"x.go": code, "x_test.go": "package x\ntype y struct { PK string `dynamodbav:\"PK\"` }\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := storedRows(dir)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rows, func(r storedRow) bool { return r.typ == "thingRow" })
	if i < 0 || !slices.Equal(rows[i].attributes, []string{"size"}) {
		t.Errorf("read %+v, want thingRow with size", rows)
	}
	if slices.ContainsFunc(rows, func(r storedRow) bool { return r.typ == "part" || r.typ == "y" }) {
		t.Errorf("read %+v: a part of a row and a test's type are no rows", rows)
	}
	if _, err := storedRows(t.TempDir()); err == nil {
		t.Error("a folder without code gives no rows and no error")
	}
}

// What really stands in the tables after a report was taken has a line as well.
func TestEveryAttributeInTheTablesHasALine(t *testing.T) { // threat:T16
	l, err := readLines()
	if err != nil {
		t.Fatal(err)
	}
	town := exampletest.New(t)
	town.Case(t, monday(), exampletest.Answers(form.Answers{"basics": {"food"}})) // P1: a first look, too
	for _, table := range []string{town.Store.Cases, town.Store.Short} {
		out, err := town.Store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range out.Items {
			var stored map[string]any
			if err := attributevalue.UnmarshalMap(it, &stored); err != nil {
				t.Fatal(err)
			}
			key := keyOf(stored["PK"].(string), stored["SK"].(string))
			i := slices.IndexFunc(l.Rows, func(r row) bool { return r.Key == key })
			if i < 0 {
				t.Errorf("%s rows are stored and have no entry", key)
				continue
			}
			for attribute := range stored {
				_, ok := l.Rows[i].Fields[attribute]
				_, every := l.Every[attribute]
				if !ok && !every && attribute != "PK" && attribute != "SK" {
					t.Errorf("%s rows are stored with %q, which has no line", key, attribute)
				}
			}
		}
	}
}

// keyOf is the kind of a row: what its sort key begins with, unless only the partition key says it.
func keyOf(pk, sk string) string {
	kind, _, _ := strings.Cut(pk, "#")
	if kind == "MATCH" || kind == "AUDIT" {
		return kind
	}
	kind, _, _ = strings.Cut(sk, "#")
	return kind
}

// Changing one answer changes exactly the envelopes that its line names, and no other.
func TestEachQuestionIsInTheEnvelopesThatItsLineNames(t *testing.T) { // threat:T16
	l, err := readLines()
	if err != nil {
		t.Fatal(err)
	}
	m := waterstad(t)
	changes := changedAnswers()
	for _, key := range questions(form.Core()) {
		t.Run(key, func(t *testing.T) {
			pairs, ok := changes[key]
			if !ok {
				t.Fatal("no answer is changed for this question: add it to changedAnswers")
			}
			var got []string
			for _, pair := range pairs {
				before, after := envelopes(t, m, pair.with), envelopes(t, m, merged(pair.with, pair.to))
				for purpose, plain := range before {
					if !bytes.Equal(plain, after[purpose]) && !slices.Contains(got, purpose) {
						got = append(got, purpose)
					}
				}
			}
			slices.Sort(got)
			if want := slices.Sorted(slices.Values(l.Questions[key].In)); !slices.Equal(got, want) {
				t.Errorf("it changes the envelopes %v, and its line names %v", got, want)
			}
		})
	}
}

func waterstad(t *testing.T) *municipality.Municipality {
	t.Helper()
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		t.Fatal(err)
	}
	m, err := municipality.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// change is one answer changed: to, on top of the full form with what with says.
type change struct{ with, to form.Answers }

func merged(all ...form.Answers) form.Answers {
	answers := form.Answers{}
	for _, a := range all {
		maps.Copy(answers, a)
	}
	return answers
}

// everything is a form in which nearly every question is visible and answered, without a safety flag.
func everything() form.Answers {
	return form.Answers{
		"helpers": {"named"}, "helpers.1.name": {"Noor"}, "helpers.1.relation": {"neighbour"}, "helpers.1.with": {"brieven"},
		"companion": {"helper"}, "companion.helpers": {"1"}, "hide_from": {"no"}, "invite_how": {"you"},
		"companion_contact.phone": {"06 12340001"}, "companion_contact.email": {"noor@post.example"}, "companion_contact.knows": {"yes"},
		"for_whom": {"myself"}, "story": {"Ik ben bang voor het mes."}, "areas": {"money", "papers"}, "area_main": {"money"},
		"hard_date": {"other"}, "hard_date.day": {"1"}, "hard_date.month": {"3"}, "hard_date.year": {"2027"},
		"children": {"yes"}, "children.number": {"1"}, "children.ages": {"7 jaar"}, "goal": {"Rust"}, "safe_now": {"yes"},
		"basics": {"nothing"}, "call_today": {"no"}, "orgs_now": {"de-schuldkade", "other"}, "orgs_now.other": {"De huisarts"},
		"known_worker": {"Sanne"}, "open_report": {"no"}, "call_name": {"Mevrouw Voorbeeld"},
		"contact_way": {"call", "email", "letter"}, "phone": {"06 12340002"}, "email": {"voorbeeld@post.example"},
		"address": {"Kade 1, Waterstad"}, "safe_contact": {"call", "email", "letter"}, "safe_contact.when": {"na tien uur"},
		"safe_contact.message": {"no"}, "postcode": {"9995 AB"}, "house_number": {"1"}, "birth_year": {"1985"},
		"language": {"nl"}, "language.interpreter": {"no"}, "place": {"home"}, "moment": {"morning"}, "access_needs": {"een lift"},
		"experience": {"no"}, "going_well": {"Koken"}, "give_back": {"yes"}, "give_back.what": {"Koken"},
	}
}

// changedAnswers says for each question which answer is changed to see where it goes.
func changedAnswers() map[string][]change {
	one := func(to form.Answers) []change { return []change{{to: to}} }
	flagged := form.Answers{"hide_from": {"yes"}, "safe_contact": {"call", "email", "letter"}}
	nowhere := form.Answers{"no_fixed": {"yes"}, "area": {"noord"}}
	return map[string][]change{
		"helpers":                 one(form.Answers{"helpers.1.with": {"koken"}}),
		"companion":               one(form.Answers{"companion": {"alone"}}),
		"companion.helpers":       {{with: form.Answers{"helpers.2.name": {"Bas"}}, to: form.Answers{"companion.helpers": {"2"}}}},
		"hide_from":               one(flagged),
		"invite_how":              one(form.Answers{"invite_how": {"me"}}),
		"companion_contact.phone": one(form.Answers{"companion_contact.phone": {"06 12340009"}}),
		"companion_contact.email": one(form.Answers{"companion_contact.email": {"bas@post.example"}}),
		"companion_contact.knows": {{
			with: form.Answers{"companion_contact.phone": nil, "companion_contact.email": nil, "companion_contact.knows": nil},
			to:   form.Answers{"companion_contact.knows": {"yes"}},
		}},
		"for_whom":  one(form.Answers{"for_whom": {"other"}}),
		"story":     one(form.Answers{"story": {"Ik ben bang voor dat mes."}}),
		"areas":     one(form.Answers{"areas": {"money", "housing"}}),
		"area_main": one(form.Answers{"area_main": {"papers"}}),
		"hard_date": one(form.Answers{"hard_date": {"eviction"}}),
		"children":  one(form.Answers{"children": {"no"}}), "children.number": one(form.Answers{"children.number": {"2"}}),
		"children.ages": one(form.Answers{"children.ages": {"8 jaar"}}), "goal": one(form.Answers{"goal": {"Slapen"}}),
		"safe_now": one(form.Answers{"safe_now": {"no"}}), "basics": one(form.Answers{"basics": {"food"}}),
		"call_today": one(form.Answers{"call_today": {"yes"}}), "orgs_now": one(form.Answers{"orgs_now": {"other"}}),
		"orgs_now.other": one(form.Answers{"orgs_now.other": {"De school"}}), "known_worker": one(form.Answers{"known_worker": {"Bas"}}),
		"open_report": one(form.Answers{"open_report": {"yes"}}), "call_name": one(form.Answers{"call_name": {"Meneer Voorbeeld"}}),
		"contact_way": one(form.Answers{"contact_way": {"call", "letter"}, "safe_contact": {"call", "letter"}}),
		"phone":       one(form.Answers{"phone": {"06 12340003"}}), "email": one(form.Answers{"email": {"ander@post.example"}}),
		"address":           one(form.Answers{"address": {"Kade 2, Waterstad"}}),
		"safe_contact":      {{with: flagged, to: form.Answers{"safe_contact": {"call"}}}},
		"safe_contact.when": one(form.Answers{"safe_contact.when": {"na elf uur"}}), "safe_contact.message": one(form.Answers{"safe_contact.message": {"yes"}}),
		"postcode": one(form.Answers{"postcode": {"9991 AB"}}), "house_number": one(form.Answers{"house_number": {"2"}}),
		"no_fixed": one(nowhere), "area": {{with: nowhere, to: form.Answers{"area": {"zuid"}}}},
		"birth_year": one(form.Answers{"birth_year": {"2012"}}), "language": one(form.Answers{"language": {"tr"}}),
		"language.interpreter": one(form.Answers{"language.interpreter": {"yes"}}), "place": one(form.Answers{"place": {"phone"}}),
		"moment": one(form.Answers{"moment": {"evening"}}), "access_needs": one(form.Answers{"access_needs": {"een tolk"}}),
		"experience": one(form.Answers{"experience": {"yes"}}), "going_well": one(form.Answers{"going_well": {"Zingen"}}),
		"give_back": one(form.Answers{"give_back": {"no"}}), "give_back.what": one(form.Answers{"give_back.what": {"Zingen"}}),
	}
}

// envelopes is what a form is sealed into, before it is sealed, by purpose. The resident's secret is the same each time.
func envelopes(t *testing.T, m *municipality.Municipality, over form.Answers) map[string][]byte {
	t.Helper()
	kept := keeper{plain: map[string][]byte{}}
	intake := casework.Intake{Municipality: m, Form: form.Core(), Reports: kept, Sealer: kept, Views: kept}
	answers := merged(everything(), over)
	maps.DeleteFunc(answers, func(_ string, values []string) bool { return values == nil })
	_, err := intake.Submit(t.Context(), monday(), casework.Secret{1}, form.Draft{Path: form.Full, Language: "nl", Answers: answers})
	if err != nil {
		t.Fatal(err)
	}
	return kept.plain
}

// keeper stores nothing and keeps what was to be sealed.
type keeper struct {
	casework.Reports // nil: only Submit is asked
	casework.Views   // nil: only SealView is asked

	plain map[string][]byte
}

func (keeper) Submit(context.Context, casework.Report, *casework.Link) (casework.Report, error) {
	return casework.Report{}, nil
}

func (keeper) Prepare() {}

func (k keeper) Seal(p casework.Purpose, _ casework.Reference, plain []byte) (casework.Envelope, error) {
	k.plain[string(p)] = withoutLink(plain)
	return plain, nil
}

func (keeper) SealView(token casework.LinkToken, _ []byte) (casework.Link, error) {
	return casework.Link{ID: token.ID()}, nil
}

// withoutLink drops the link's token: that a flag takes the link away is no answer in the envelope.
func withoutLink(plain []byte) []byte {
	var v map[string]any
	if err := json.Unmarshal(plain, &v); err != nil {
		return plain
	}
	delete(v, "link_token")
	out, err := json.Marshal(v)
	if err != nil {
		return plain
	}
	return out
}
