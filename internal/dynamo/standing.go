package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/internal/casework"
)

const (
	standingMost = 50    // cases on a page of a worker's list: they fit one batch read
	placesMost   = 2_000 // rows of the index that the list is made of; a case has two when its first look is theirs as well
)

// Standing lists the cases that stand with a worker, the earliest deadline first, a page at a time.
func (s *Store) Standing(ctx context.Context, worker, after string) (casework.List, error) {
	places, err := s.places(ctx, worker)
	if err != nil {
		return casework.List{}, fmt.Errorf("list cases: %w", err)
	}
	begin, found := slices.BinarySearch(places, after)
	if found {
		begin++
	}
	end := min(begin+standingMost, len(places))
	var list casework.List
	if end < len(places) {
		list.Next = places[end-1]
	}
	refs := make([]casework.Reference, 0, standingMost)
	for _, place := range places[begin:end] {
		_, ref, _ := strings.Cut(place, placeSeparator)
		refs = append(refs, casework.Reference(ref))
	}
	heads, contacts, err := s.heads(ctx, refs)
	if err != nil {
		return casework.List{}, fmt.Errorf("list cases: %w", err)
	}
	for _, ref := range refs {
		c, ok := heads[ref]
		_, beside := c.Beside()[worker]
		if ok && (c.StandsWith() == worker || c.Look.Holder() == worker || beside) {
			list.Cases = append(list.Cases, casework.Listed{Case: c, Contact: contacts[ref]})
		}
	}
	return list, nil
}

const placeSeparator = "_"

// places are where a worker's cases stand in the list: "2026-11-24T16:00:00.000Z_K7M-4RT-9XC", in text order, each case
// once. A page begins after a place, so that a case that leaves the list moves no other from page to page.
func (s *Store) places(ctx context.Context, worker string) ([]string, error) {
	out, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName:                 &s.Cases,
		IndexName:                 aws.String(indexLead.Name),
		KeyConditionExpression:    aws.String("#pk = :pk"),
		ExpressionAttributeNames:  map[string]string{"#pk": indexLead.PK},
		ExpressionAttributeValues: item{":pk": str(worker)},
		Limit:                     aws.Int32(placesMost),
	})
	if err != nil {
		return nil, fmt.Errorf("query index %s: %w", indexLead.Name, err)
	}
	places := make([]string, 0, len(out.Items))
	seen := map[casework.Reference]bool{}
	for _, it := range out.Items {
		row, err := decode[lookRow](it)
		if err != nil {
			return nil, err
		}
		ref, ok := Key{row.PK, row.SK}.reference()
		if ok && !seen[ref] {
			seen[ref] = true
			places = append(places, row.Due+placeSeparator+string(ref))
		}
	}
	slices.Sort(places) // rows of one moment come in any order
	return places, nil
}
