package dynamo_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/dynamo"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

func staffOf(t *testing.T, store *dynamo.Store) dynamo.Staff {
	t.Helper()
	staff, err := store.Staff(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return staff
}

// with returns the staff with one worker changed.
func with(staff dynamo.Staff, id string, change func(*directory.Card, *routing.Worker)) dynamo.Staff {
	cards := map[string]directory.Card{}
	maps.Copy(cards, staff.Cards)
	staff.Workers, staff.Cards = slices.Clone(staff.Workers), cards
	for i := range staff.Workers {
		if w := &staff.Workers[i]; w.ID == id {
			card := cards[id]
			change(&card, w)
			cards[id] = card
		}
	}
	return staff
}

func sorted() cmp.Option {
	return cmp.Options{
		cmpopts.SortSlices(func(a, b routing.Worker) bool { return a.ID < b.ID }),
		cmpopts.SortSlices(func(a, b directory.Organisation) bool { return a.ID < b.ID }),
		cmpopts.EquateEmpty(),
	}
}

func TestTheStaffThatIsSavedIsTheStaffThatIsRead(t *testing.T) {
	store := exampletest.New(t).Store
	before := staffOf(t, store)
	after := with(before, "emre", func(card *directory.Card, w *routing.Worker) {
		*card = directory.Card{ID: "emre", Name: "Emre Ankerman", Email: "e.ankerman@elders.example", Phone: "06 12345678", Function: "generalist"}
		w.Team, w.Roles, w.Disciplines = "midden-zuid", []routing.Role{routing.ExperienceWorker}, nil
		w.Languages, w.Contracted, w.Reserved, w.LeftOn = []string{"nl"}, 20, 2, "2026-12-01"
	})
	after = with(after, "mees", func(_ *directory.Card, w *routing.Worker) { w.Roles, w.Active = nil, false })
	after.Workers = append(after.Workers, routing.Worker{ID: "w13", Team: "noord", Active: true, Languages: []string{"nl"}, Contracted: 8})
	after.Cards["w13"] = directory.Card{ID: "w13", Name: "Jikke Roerganger", Email: "w13@wijkteam.waterstad.example", Phone: "088 000 2013"}
	after.Roster = routing.Roster{"monday": {"w13"}, "saturday": {"ilse", "hanna"}}
	after.Organisations = append(slices.Clone(before.Organisations[2:]), directory.Organisation{ID: "sportclub", Name: "Sportclub", Can: "sport", Phone: "088"})
	after.Organisations[0].Can = "luistert"
	if err := store.SaveStaff(t.Context(), before, after); err != nil {
		t.Fatal(err)
	}
	after.Version = 1
	if diff := cmp.Diff(after, staffOf(t, store), sorted()); diff != "" {
		t.Errorf("staff (-saved +read):\n%s", diff)
	}
}

// What moves with the cases and at the desk is not the file's: a load that changed after the staff was read stays.
func TestSavingTheStaffLeavesLoadAbsenceAndConflictsAlone(t *testing.T) { // threat:T28
	town := exampletest.New(t)
	before := staffOf(t, town.Store)
	_, err := town.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &town.Store.Cases, Key: workerItem("fenna"),
		UpdateExpression:         aws.String("SET #load = :load, last_assigned = :last, conflicts = :conflicts, absent = :absent"),
		ExpressionAttributeNames: map[string]string{"#load": "load"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":load": &types.AttributeValueMemberN{Value: "7"}, ":last": &types.AttributeValueMemberS{Value: "2026-11-23T09:00:00Z"},
			":conflicts": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberS{Value: "h"}}},
			":absent": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberM{Value: map[string]types.AttributeValue{
				"from": &types.AttributeValueMemberS{Value: "2026-12-21"}, "to": &types.AttributeValueMemberS{Value: "2027-01-01"},
			}}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want, _ := staffOf(t, town.Store).Worker("fenna")
	if want.Load != 7 || len(want.Absent) != 1 {
		t.Fatalf("the row was not changed: %+v", want)
	}
	want.Contracted = 12
	after := with(before, "fenna", func(_ *directory.Card, w *routing.Worker) { w.Contracted = 12 })
	if err := town.Store.SaveStaff(t.Context(), before, after); err != nil {
		t.Fatal(err)
	}
	got, _ := staffOf(t, town.Store).Worker("fenna")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("worker (-want +got):\n%s", diff)
	}
}

func TestStaffThatIsNotAsItWasIsNotSaved(t *testing.T) {
	change := func(_ *directory.Card, w *routing.Worker) { w.Contracted = 12 }
	for name, tt := range map[string]struct {
		meanwhile func(t *testing.T, store *dynamo.Store, before dynamo.Staff)
		after     func(before dynamo.Staff) dynamo.Staff
		loads     int // of before
	}{
		"the first load of all, when another was first": {
			func(t *testing.T, store *dynamo.Store, before dynamo.Staff) {
				t.Helper()
				after := with(before, "daan", change)
				if err := store.SaveStaff(t.Context(), before, after); err != nil {
					t.Fatal(err)
				}
			},
			func(before dynamo.Staff) dynamo.Staff { return with(before, "fenna", change) }, 0,
		},
		"a later load, when another was first": {
			func(t *testing.T, store *dynamo.Store, before dynamo.Staff) {
				t.Helper()
				after := with(before, "daan", change)
				if err := store.SaveStaff(t.Context(), before, after); err != nil {
					t.Fatal(err)
				}
			},
			func(before dynamo.Staff) dynamo.Staff { return with(before, "fenna", change) }, 1,
		},
		"a new worker is there already": {
			func(t *testing.T, store *dynamo.Store, _ dynamo.Staff) {
				t.Helper()
				if err := store.AddWorker(t.Context(), directory.Card{ID: "w13"}, routing.Worker{ID: "w13", Contracted: 40}); err != nil {
					t.Fatal(err)
				}
			},
			func(before dynamo.Staff) dynamo.Staff {
				after := with(before, "fenna", change)
				after.Workers = append(after.Workers, routing.Worker{ID: "w13"})
				return after
			}, 0,
		},
		"a worker's row is gone": {
			func(t *testing.T, store *dynamo.Store, _ dynamo.Staff) {
				t.Helper()
				_, err := store.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &store.Cases, Key: workerItem("fenna")})
				if err != nil {
					t.Fatal(err)
				}
			},
			func(before dynamo.Staff) dynamo.Staff {
				return with(with(before, "fenna", change), "emre", change)
			}, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			store := exampletest.New(t).Store
			before := staffOf(t, store)
			for range tt.loads {
				if err := store.SaveStaff(t.Context(), before, before); err != nil {
					t.Fatal(err)
				}
				before = staffOf(t, store)
			}
			tt.meanwhile(t, store, before)
			kept := staffOf(t, store)
			if err := store.SaveStaff(t.Context(), before, tt.after(before)); !errors.Is(err, casework.ErrConflict) {
				t.Errorf("got %v, want ErrConflict", err)
			}
			if diff := cmp.Diff(kept, staffOf(t, store)); diff != "" {
				t.Errorf("something was written:\n%s", diff)
			}
		})
	}
}

func TestAStaffOfManyIsSavedWhole(t *testing.T) {
	store := exampletest.New(t).Store
	before := staffOf(t, store)
	after := with(before, "fenna", func(_ *directory.Card, w *routing.Worker) { w.Contracted = 12 })
	after.Roster = routing.Roster{"monday": {"w150"}}
	for n := range 200 {
		id := fmt.Sprintf("w%d", n)
		after.Workers = append(after.Workers, routing.Worker{ID: id, Team: "noord", Active: true, Disciplines: []municipality.Discipline{municipality.Generalist}})
		after.Cards[id] = directory.Card{ID: id, Email: id + "@wijkteam.waterstad.example"}
	}
	if err := store.SaveStaff(t.Context(), before, after); err != nil {
		t.Fatal(err)
	}
	got := staffOf(t, store)
	if after.Version = 3; got.Version != after.Version {
		t.Errorf("201 rows are saved in %d transactions, want 3", got.Version)
	}
	if diff := cmp.Diff(after, got, sorted()); diff != "" {
		t.Errorf("staff (-saved +read):\n%s", diff)
	}
}

func TestTheOpenCasesOfAWorkerAreCountedByTheCasesThemselves(t *testing.T) {
	town := exampletest.New(t)
	count := map[string]int{}
	var last casework.Case
	for range 5 {
		last = town.Case(t, monday(), exampletest.Answers(nil))
		count[last.Lead]++
	}
	for id, want := range count {
		if got, err := town.Store.OpenCases(t.Context(), id); err != nil || got != want {
			t.Errorf("%s has %d open cases (%v), want %d", id, got, err, want)
		}
	}
	// A stale index says nothing: the case itself is with another by now.
	_, err := town.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &town.Store.Cases, UpdateExpression: aws.String("SET lead_id = :other"),
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "CASE#" + string(last.ID)}, "SK": &types.AttributeValueMemberS{Value: "CASE"},
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{":other": &types.AttributeValueMemberS{Value: "noor"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := town.Store.OpenCases(t.Context(), last.Lead); err != nil || got != count[last.Lead]-1 {
		t.Errorf("%d open cases (%v), want %d", got, err, count[last.Lead]-1)
	}
}

func workerItem(id string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#" + id},
	}
}
