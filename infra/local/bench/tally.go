package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/dynamo"
)

// counts is what calls to the store cost.
type counts struct {
	calls int
	read  float64 // read units
	table float64 // write units of tables
	index float64 // write units of indexes
}

func (c counts) and(o counts) counts {
	return counts{c.calls + o.calls, c.read + o.read, c.table + o.table, c.index + o.index}
}

// tally is a transport to the store that asks every answer what it cost, and counts. Units of tables are the store's
// own, which knows AWS's rules (a transaction counts twice). Units of indexes are worked out here, since the local
// store tells them for transactions only: nothing for an entry that stays, one for a new or a gone entry, two for one
// that moves. Entries are keys only, well under 1 KB.
type tally struct {
	next  http.RoundTripper
	plain *dynamo.Store // the same store, not counted

	mu  sync.Mutex
	now counts
}

// restart returns what was counted and begins anew.
func (t *tally) restart() counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	counted := t.now
	t.now = counts{}
	return counted
}

// RoundTrip sends a call and counts it.
func (t *tally) RoundTrip(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	counted := strings.HasSuffix(operation, "Item") || strings.HasSuffix(operation, "Items") || operation == "Query"
	if !counted {
		return t.next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	if body, err = asking(body); err != nil {
		return nil, err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	write := operation != "Query" && !strings.Contains(operation, "Get")
	var before []string
	if write {
		if before, err = t.entries(r.Context(), body); err != nil {
			return nil, err
		}
	}
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(answer))
	spent, err := consumed(answer)
	if err != nil {
		return nil, err
	}
	cost := counts{calls: 1, read: spent}
	if write {
		after, err := t.entries(r.Context(), body)
		if err != nil {
			return nil, err
		}
		cost = counts{calls: 1, table: spent, index: indexUnits(before, after)}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = t.now.and(cost)
	return response, nil
}

// asking adds to a call that its answer should tell what it cost.
func asking(body []byte) ([]byte, error) {
	var call map[string]json.RawMessage
	if err := json.Unmarshal(body, &call); err != nil {
		return nil, fmt.Errorf("read call to the store: %w", err)
	}
	call["ReturnConsumedCapacity"] = json.RawMessage(`"INDEXES"`)
	return json.Marshal(call)
}

// consumed is what an answer says of tables.
func consumed(answer []byte) (units float64, err error) {
	type capacity struct {
		Table struct{ CapacityUnits float64 }
	}
	var one struct{ ConsumedCapacity capacity }
	var many struct{ ConsumedCapacity []capacity }
	if json.Unmarshal(answer, &one) == nil {
		return one.ConsumedCapacity.Table.CapacityUnits, nil
	}
	if err := json.Unmarshal(answer, &many); err != nil {
		return 0, fmt.Errorf("read what a call cost: %w", err)
	}
	for _, c := range many.ConsumedCapacity {
		units += c.Table.CapacityUnits
	}
	return units, nil
}

// write is one write of a call, or the call itself.
type write struct {
	TableName string
	Item, Key map[string]struct{ S string }
}

// entries is what stands in each index for each item that a call writes, "" for nothing, always in the same order.
func (t *tally) entries(ctx context.Context, body []byte) ([]string, error) {
	var call struct {
		write
		TransactItems []struct{ Put, Update, Delete *write }
	}
	if err := json.Unmarshal(body, &call); err != nil {
		return nil, fmt.Errorf("read call to the store: %w", err)
	}
	writes := []*write{&call.write}
	for _, w := range call.TransactItems {
		writes = append(writes, w.Put, w.Update, w.Delete)
	}
	var all []string
	for _, w := range writes {
		if w == nil || w.TableName != t.plain.Cases {
			continue
		}
		key := map[string]types.AttributeValue{}
		for _, name := range []string{"PK", "SK"} {
			key[name] = &types.AttributeValueMemberS{Value: w.Item[name].S + w.Key[name].S}
		}
		held, err := t.plain.Client.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: aws.String(t.plain.Cases), Key: key, ConsistentRead: aws.Bool(true),
		})
		if err != nil {
			return nil, err
		}
		for _, ix := range dynamo.Indexes() {
			all = append(all, entry(held.Item, ix))
		}
	}
	return all, nil
}

func entry(item map[string]types.AttributeValue, ix dynamo.Index) string {
	pk, hasPK := item[ix.PK].(*types.AttributeValueMemberS)
	sk, hasSK := item[ix.SK].(*types.AttributeValueMemberS)
	if !hasPK || !hasSK {
		return ""
	}
	return pk.Value + "\n" + sk.Value
}

// indexUnits is what index entries that went from before to after cost.
func indexUnits(before, after []string) (units float64) {
	for i := range before {
		switch {
		case before[i] == after[i]:
		case before[i] == "" || after[i] == "":
			units++
		default:
			units += 2
		}
	}
	return units
}
