package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"voordeur/internal/dynamo"
)

// AWS serves so many write units a second from one partition of a table or an index.
const partitionWrites = 1000

// spread is a transport to the store that counts write units by partition. An item is reckoned as the two units that
// 1 KB costs in a transaction, an index entry as tally has it.
type spread struct {
	*tally
	units map[string]float64 // "todo REPORT", "table WORKERS"
}

// RoundTrip sends a call and counts what it writes where.
func (s *spread) RoundTrip(r *http.Request) (*http.Response, error) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if !strings.HasSuffix(operation, "Item") && operation != "TransactWriteItems" || operation == "GetItem" {
		return s.next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	before, err := s.entries(r.Context(), body)
	if err != nil {
		return nil, err
	}
	response, err := s.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	after, err := s.entries(r.Context(), body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.calls++
	for _, pk := range partitions(body) {
		s.units["table "+pk] += 2
	}
	for i := range before {
		index := dynamo.Indexes()[i%len(dynamo.Indexes())].Name
		for _, moved := range [][2]string{{before[i], after[i]}, {after[i], before[i]}} {
			if pk, _, _ := strings.Cut(moved[0], "\n"); pk != "" && moved[0] != moved[1] {
				s.units[index+" "+pk]++
			}
		}
	}
	return response, nil
}

// partitions lists the partition key of everything that a call writes to the case table.
func partitions(body []byte) []string {
	var keys []string
	for _, found := range regexp.MustCompile(`"PK":\{"S":"([^"]+)"\}`).FindAllSubmatch(body, -1) {
		keys = append(keys, string(found[1]))
	}
	return keys
}

// Even when every request that the APIs let through is a report, as from a municipality's own system, no partition of
// the case table or its indexes gets more writes than AWS serves from one.
func TestNoPartitionIsHot(t *testing.T) { // threat:T27
	const reports = 10
	calls := &spread{tally: &tally{next: http.DefaultTransport}, units: map[string]float64{}}
	town, err := openTown(t.Context(), func(c *aws.Config) {
		calls.plain = store(c.Copy())
		c.HTTPClient = &http.Client{Transport: calls}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := town.close(); err != nil {
			t.Error(err)
		}
	})
	clear(calls.units) // what a municipality is set up with
	for n := range reports {
		if _, err := town.cost(t.Context(), calls.tally, filledIn(n)); err != nil {
			t.Fatal(err)
		}
	}
	if calls.units["todo REPORT"] < reports || calls.units["table WORKERS"] < reports {
		t.Fatalf("the writes were not seen: %v", calls.units)
	}
	for partition, units := range calls.units {
		if perSecond := units / reports * throttle(t); perSecond > partitionWrites {
			t.Errorf("partition %s gets %.0f write units a second at most, and AWS serves %d", partition, perSecond, partitionWrites)
		}
	}
}

// throttle is how many requests a second an API lets through, as the stack's template says.
func throttle(t *testing.T) float64 {
	t.Helper()
	data, err := os.ReadFile("../../stack/testdata/waterstad-app.json")
	if err != nil {
		t.Fatal(err)
	}
	most := 0.0
	for _, found := range regexp.MustCompile(`"ThrottlingRateLimit": (\d+)`).FindAllSubmatch(data, -1) {
		limit, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		most = max(most, limit)
	}
	if most == 0 {
		t.Fatal("the template has no throttle")
	}
	return most
}
