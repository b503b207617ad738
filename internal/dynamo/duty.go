package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
)

// duty is the one partition of the duty index. What whoever is on duty watches over stands in it: few rows at a time, and
// each only until somebody did something.
const duty = "DUTY"

// What stands in the duty index, by the beginning of its place.
const (
	placeLook  = "look"
	placeOffer = "offer"
	placeQueue = "queue"
	placeWait  = "wait"
	placeMail  = "mail"

	mailNew  = placeMail + "#new#"  // nobody was told that it did not arrive
	mailTold = placeMail + "#told#" // somebody was
)

// dutyOf is where a case without a lead at work stands in the duty index: its place says all that is shown of it, so that
// the screen costs no read of any case. "offer#2026-11-23T09:00:00.000Z#2026-11-24T09:00:00.000Z#fenna#3#noord#".
func dutyOf(c casework.Case) (partition, place string) {
	kind, due, why := "", casework.DeadlineKind(""), casework.QueueReason("")
	switch c.State {
	case casework.Assigned:
		kind, due = placeOffer, casework.DueAccept
	case casework.Escalated:
		kind, due, why = placeQueue, casework.DueDecide, c.WhyQueued()
	case casework.Waiting:
		kind, due, why = placeWait, casework.DuePlace, c.WhyQueued()
	case casework.Submitted, casework.Accepted, casework.MeetingPlanned, casework.InInquiry, casework.Planning, casework.Active,
		casework.PilotLight, casework.InHandover, casework.ContactLost, casework.Closed, casework.Withdrawn, casework.Merged,
		casework.Destroyed, casework.Rehearsed:
		return "", ""
	}
	before, _ := c.Deadline(due)
	since := c.Since
	if since.IsZero() {
		since = c.Reported
	}
	return duty, placeOfCase(kind, since, before.At, c, c.Owner(), why)
}

// lookPlace is that of a first look that waits; the earliest deadline comes first.
func lookPlace(c casework.Case) string {
	before, _ := c.Deadline(casework.DueLook)
	return placeOfCase(placeLook, before.At, c.Reported, c, c.Look.Holder(), "")
}

func placeOfCase(kind string, first, second time.Time, c casework.Case, with string, why casework.QueueReason) string {
	return strings.Join([]string{kind, stamp(first), stamp(second), with, strconv.Itoa(int(c.Priority)), c.Area, string(why)}, "#")
}

// watchedAt reads the place of a case.
func watchedAt(ref casework.Reference, parts []string) (casework.Watched, error) {
	if len(parts) != 7 {
		return casework.Watched{}, fmt.Errorf("case %s has no place on the duty screen", ref)
	}
	first, err := time.Parse(time.RFC3339, parts[1])
	second, err2 := time.Parse(time.RFC3339, parts[2])
	priority, err3 := strconv.Atoi(parts[4])
	if err := errors.Join(err, err2, err3); err != nil {
		return casework.Watched{}, fmt.Errorf("case %s has no place on the duty screen: %w", ref, err)
	}
	w := casework.Watched{
		Case: ref, With: parts[3], Since: first, Before: second, Priority: municipality.Priority(priority), Area: parts[5],
		Why: casework.QueueReason(parts[6]),
	}
	if parts[0] == placeLook {
		w.Since, w.Before = second, first
	}
	return w, nil
}

// mailPlace is where a mail to a worker stands until it arrived or somebody saw to it:
// "mail#new#2026-11-23T09:00:00.000Z#no_word#lead#fenna".
func mailPlace(m casework.Message, trouble casework.Trouble, since time.Time) string {
	return mailNew + strings.Join([]string{stamp(since), string(trouble), string(m.Kind), m.To}, "#")
}

// watchedMail is a mail as its place has it.
type watchedMail struct {
	casework.WatchedMail

	told bool // somebody was told
}

func watchedMailAt(k Key, parts []string) (watchedMail, error) {
	ref, _ := k.reference()
	if len(parts) != 6 {
		return watchedMail{}, fmt.Errorf("a mail of case %s has no place on the duty screen", ref)
	}
	since, err := time.Parse(time.RFC3339, parts[2])
	if err != nil {
		return watchedMail{}, fmt.Errorf("a mail of case %s has no place on the duty screen: %w", ref, err)
	}
	return watchedMail{casework.WatchedMail{
		Case: ref, ID: strings.TrimPrefix(k.SK, "MESSAGE#"), Since: since, Trouble: casework.Trouble(parts[3]),
		Kind: casework.MessageKind(parts[4]), To: parts[5],
	}, parts[1] == "told"}, nil
}

// Duty returns what whoever is on duty watches over at now. It comes from places in an index: an act reads the rows.
func (s *Store) Duty(ctx context.Context, now time.Time) (casework.Duty, error) {
	var d casework.Duty
	places, err := s.watched(ctx, "", dutyMost)
	if err != nil {
		return casework.Duty{}, err
	}
	for _, p := range places {
		parts := strings.Split(p.Place, "#")
		if parts[0] == placeMail {
			m, err := watchedMailAt(p.Key, parts)
			if err != nil {
				return casework.Duty{}, err
			}
			if !now.Before(m.Late()) {
				d.Mails = append(d.Mails, m.WatchedMail)
			}
			continue
		}
		ref, _ := p.reference()
		w, err := watchedAt(ref, parts)
		if err != nil {
			return casework.Duty{}, err
		}
		switch parts[0] {
		case placeLook:
			d.Looks = append(d.Looks, w)
		case placeOffer:
			d.Offers = append(d.Offers, w)
		case placeQueue:
			d.Queues = append(d.Queues, w)
		case placeWait:
			d.Waiting = append(d.Waiting, w)
		}
	}
	return d, nil
}

// dutyMost bounds how many places are read: who sees so many is not helped by more.
const dutyMost = 5_000

// dutyPlace is a place in the duty index.
type dutyPlace struct {
	Key
	Place string `dynamodbav:"place"`
}

// watched reads places in the duty index, those that begin with a prefix, in their order.
func (s *Store) watched(ctx context.Context, prefix string, most int) ([]dutyPlace, error) {
	in := &dynamodb.QueryInput{
		TableName: &s.Cases, IndexName: aws.String(indexDuty.Name), Limit: aws.Int32(int32(most)), //nolint:gosec // a constant
		KeyConditionExpression:    aws.String("#pk = :pk"),
		ExpressionAttributeNames:  map[string]string{"#pk": indexDuty.PK},
		ExpressionAttributeValues: item{":pk": str(duty)},
	}
	if prefix != "" {
		in.KeyConditionExpression = aws.String("#pk = :pk AND begins_with(#sk, :prefix)")
		in.ExpressionAttributeNames["#sk"] = indexDuty.SK
		in.ExpressionAttributeValues[":prefix"] = str(prefix)
	}
	var all []dutyPlace
	pages := dynamodb.NewQueryPaginator(s.Client, in)
	for pages.HasMorePages() && len(all) < most {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("query index %s: %w", indexDuty.Name, err)
		}
		for _, it := range page.Items {
			var row dutyPlace
			if err := attributevalue.UnmarshalMap(it, &row); err != nil {
				return nil, fmt.Errorf("decode place: %w", err)
			}
			all = append(all, row)
		}
	}
	return all, nil
}
