package casework_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

// older changes the rows of a table into what an older release wrote: edit returns the row instead, nil for none.
func older(t *testing.T, l *life, edit func(sk string, row map[string]types.AttributeValue) map[string]types.AttributeValue) {
	t.Helper()
	store, ok := l.work.Store.(*dynamo.Store)
	if !ok {
		t.Fatalf("the store is %T", l.work.Store)
	}
	out, err := store.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &store.Cases})
	must(t, err)
	for _, row := range out.Items {
		key := map[string]types.AttributeValue{"PK": row["PK"], "SK": row["SK"]}
		sk, _ := row["SK"].(*types.AttributeValueMemberS)
		if now := edit(sk.Value, row); now == nil {
			_, err = store.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &store.Cases, Key: key})
		} else {
			_, err = store.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &store.Cases, Item: now})
		}
		must(t, err)
	}
}

// What an older release left out is made up for when dispatch next has to do with the case, and nothing is converted: the
// list of who decides something, and by when it is said whether a lead stays.
func TestWhatAnOlderReleaseLeftOutIsMadeUpFor(t *testing.T) { // feature:E14 //feature:E15 //invariant:I8
	t.Run("a coordinator's list", func(t *testing.T) {
		l := newLife(t)
		l.must(l.work.Accept(t.Context(), l.click(l.lead())))
		for _, way := range []casework.Way{casework.ByCall, casework.ByCall, casework.ByEmail} {
			l.must(l.work.Tried(t.Context(), l.click(l.lead()), way))
		}
		l.must(l.work.Lose(t.Context(), l.click(l.lead())))
		older(t, l, func(sk string, row map[string]types.AttributeValue) map[string]types.AttributeValue {
			if strings.HasPrefix(sk, "LIST#") {
				return nil
			}
			return row
		})
		for _, want := range []int{0, 1} {
			list, err := l.work.Store.Standing(t.Context(), "willem", "")
			if l.must(err); len(list.Cases) != want {
				t.Errorf("%d cases wait for the coordinator, want %d", len(list.Cases), want)
			}
			next, _ := new(l.c()).Next()
			l.now = next.Wake
			l.must(l.work.Overdue(t.Context(), l.now, l.ref))
		}
	})
	t.Run("whether the lead stays", func(t *testing.T) {
		l := newLife(t)
		l.must(l.work.Accept(t.Context(), l.click(l.lead())))
		l.must(l.work.Move(t.Context(), l.click(l.lead()), casework.Relocation{Area: "zuid"}))
		older(t, l, func(sk string, row map[string]types.AttributeValue) map[string]types.AttributeValue {
			if deadlines, ok := row["deadlines"].(*types.AttributeValueMemberL); ok && sk == "CASE" {
				deadlines.Value = withoutKeep(deadlines.Value)
			}
			return row
		})
		c := l.c()
		next, _ := c.Next()
		if _, asked := c.Deadline(casework.DueKeep); asked || c.Suggested == "" {
			t.Fatalf("%q is proposed, asked %v: this is no row of an older release", c.Suggested, asked)
		}
		l.now = next.Wake
		l.must(l.work.Overdue(t.Context(), l.now, l.ref))
		c = l.c()
		if due, asked := c.Deadline(casework.DueKeep); !asked || due.Owner != c.Lead || !due.At.After(l.now) {
			t.Errorf("%q is proposed, and %+v", c.Suggested, due)
		}
	})
}

func withoutKeep(deadlines []types.AttributeValue) []types.AttributeValue {
	return slices.DeleteFunc(deadlines, func(d types.AttributeValue) bool {
		due, _ := d.(*types.AttributeValueMemberM)
		kind, _ := due.Value["for"].(*types.AttributeValueMemberS)
		return kind.Value == string(casework.DueKeep)
	})
}
