package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
	"voordeur/internal/mail"
)

// event is what wakes dispatch: a batch of the case table's stream (Records), or an event of EventBridge, which brings
// the minute's schedule, the smoke test's, and what SES tells of mails. SES comes that way and not by SNS: no topic with a key, a
// subscription and a policy of its own, and the same retries and dead letters as the schedule.
type event struct {
	Records    []json.RawMessage `json:"Records"` // each read by itself: a garbled one spoils no other
	Source     string            `json:"source"`
	DetailType string            `json:"detail-type"`
	Detail     json.RawMessage   `json:"detail"`
}

const (
	scheduled = "Scheduled Event"
	smokeTest = "Smoke test"
	ses       = "aws.ses"
	insert    = "INSERT"
)

// record is one change to the case table. The stream carries keys only.
type record struct {
	EventName string `json:"eventName"`
	Change    struct {
		SequenceNumber string `json:"SequenceNumber"`
		Keys           struct {
			PK struct{ S string }
			SK struct{ S string }
		} `json:"Keys"`
	} `json:"dynamodb"`
}

func (r record) key() dynamo.Key {
	return dynamo.Key{PK: r.Change.Keys.PK.S, SK: r.Change.Keys.SK.S}
}

// readRecord reads a record; on an error it holds what could be read, such as its sequence number.
func readRecord(raw json.RawMessage) (record, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, errors.New("record is garbled")
	}
	if k := r.key(); k.PK == "" || k.SK == "" {
		return r, errors.New("record has no key")
	}
	return r, nil
}

// notice is what SES tells of one message.
type notice struct {
	ref  casework.Reference // "" of a mail about none, of which nothing is kept
	key  string             // message.Key
	told casework.MessageStatus
	at   time.Time
}

// readNotice reads the detail of an SES event. Its errors repeat nothing of it: it holds the reader's address.
func readNotice(detail json.RawMessage) (notice, error) {
	type occasion struct {
		Timestamp time.Time `json:"timestamp"`
	}
	var told struct {
		EventType string `json:"eventType"`
		Mail      struct {
			Tags map[string][]string `json:"tags"`
		} `json:"mail"`
		Delivery  occasion `json:"delivery"`
		Bounce    occasion `json:"bounce"`
		Complaint occasion `json:"complaint"`
	}
	if err := json.Unmarshal(detail, &told); err != nil {
		return notice{}, errors.New("what SES tells is garbled")
	}
	n := notice{}
	switch told.EventType {
	case "Delivery":
		n.told, n.at = casework.Delivered, told.Delivery.Timestamp
	case "Bounce":
		n.told, n.at = casework.Bounced, told.Bounce.Timestamp
	case "Complaint":
		n.told, n.at = casework.Complained, told.Complaint.Timestamp
	default:
		return notice{}, errUnknown
	}
	refs, keys := told.Mail.Tags[mail.TagCase], told.Mail.Tags[mail.TagMessage]
	if len(refs) != 1 || len(keys) != 1 || n.at.IsZero() {
		return notice{}, errors.New("what SES tells is of no message")
	}
	if refs[0] == mail.NoCase {
		return n, nil
	}
	ref, err := casework.ParseReference(refs[0])
	if err != nil {
		return notice{}, fmt.Errorf("case of a mail: %w", err)
	}
	n.ref, n.key = ref, keys[0]
	return n, nil
}
