package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

const eventFiles = "../../schemas/events"

func readFile(t testing.TB, name string) json.RawMessage {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(eventFiles, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// recorder is a dispatcher whose work is written down instead of done.
type recorder struct {
	dispatcher
	mu      sync.Mutex
	keys    map[dynamo.Key]int
	sweeps  int
	smokes  int
	notices []notice
	log     bytes.Buffer
}

func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// newRecorder takes what each kind of work answers; nil for success.
func newRecorder(inserted func(k dynamo.Key) error, told error) *recorder {
	r := &recorder{keys: map[dynamo.Key]int{}}
	r.dispatcher = dispatcher{
		now: monday, log: slog.New(slog.NewTextHandler(&r.log, nil)),
		inserted: func(_ context.Context, _ time.Time, k dynamo.Key) error {
			r.mu.Lock()
			r.keys[k]++
			r.mu.Unlock()
			if inserted == nil {
				return nil
			}
			return inserted(k)
		},
		sweep:      func(context.Context, time.Time) error { r.sweeps++; return nil },
		late:       func(context.Context, time.Time) (late, error) { return late{}, nil },
		keepDigest: func(context.Context, time.Time) (casework.Digest, bool, error) { return casework.Digest{}, false, nil },
		countLoads: func(context.Context, time.Time, func(casework.Counted)) error { return nil },
		smokeTest:  func(context.Context, time.Time) error { r.smokes++; return nil },
		told: func(_ context.Context, n notice) (casework.Message, bool, error) {
			r.notices = append(r.notices, n)
			return casework.Message{Case: n.ref, ID: "0001-receipt-resident", To: casework.Resident}, true, told
		},
		delivered: func(context.Context, casework.Message, time.Time) error { return nil },
		cameBack:  func(context.Context, time.Time, casework.Message) error { return nil },
	}
	return r
}

// answered is the handler's answer as Lambda reads it.
func answered(t *testing.T, r *recorder, event json.RawMessage) string {
	t.Helper()
	answer, err := r.handle(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const noFailures = `{"batchItemFailures":[]}`

func TestTheStreamTellsOfInsertsOnly(t *testing.T) {
	r := newRecorder(nil, nil)
	if got := answered(t, r, readFile(t, "stream")); got != noFailures {
		t.Errorf("answered %s", got)
	}
	want := map[dynamo.Key]int{
		{PK: "REPORT#K7M-4RT-9XT", SK: "REPORT"}:                1,
		{PK: "REPORT#K7M-4RT-9XT", SK: "CONTENT"}:               1,
		{PK: "CASE#K7M-4RT-9XT", SK: "MESSAGE#0001-lead-fenna"}: 1,
	}
	if diff := cmp.Diff(want, r.keys); diff != "" {
		t.Errorf("woken for (-want +got):\n%s", diff)
	}
}

// batch is a stream event of records.
func batch(records ...string) json.RawMessage {
	return json.RawMessage(`{"Records":[` + strings.Join(records, ",") + `]}`)
}

func inserted(sequence int, ref string) string {
	return fmt.Sprintf(`{"eventName":"INSERT","dynamodb":{"SequenceNumber":"%d","Keys":{"PK":{"S":"REPORT#%s"},"SK":{"S":"REPORT"}}}}`, sequence, ref)
}

func TestAPoisonousRecordFailsAlone(t *testing.T) { // threat:T23 //threat:T17
	poison := func(k dynamo.Key) error {
		switch {
		case strings.HasSuffix(k.PK, "FAILS"):
			return errors.New("envelope cannot be opened")
		case strings.HasSuffix(k.PK, "PANICS"):
			panic("kanarie")
		}
		return nil
	}
	tests := map[string]struct {
		records []string
		want    string
	}{
		"one that fails between good ones":   {[]string{inserted(1, "A"), inserted(2, "FAILS"), inserted(3, "B")}, "2"},
		"one that panics between good ones":  {[]string{inserted(1, "A"), inserted(2, "PANICS"), inserted(3, "B")}, "2"},
		"a key that is no text":              {[]string{inserted(1, "A"), `{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"N":7}},"SequenceNumber":"2"}}`, inserted(3, "B")}, "2"},
		"a key of the wrong type":            {[]string{inserted(1, "A"), `{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"S":7}},"SequenceNumber":"2"}}`, inserted(3, "B")}, "2"},
		"no change at all":                   {[]string{inserted(1, "A"), `{"eventName":"INSERT","dynamodb":{"SequenceNumber":"2"}}`, inserted(3, "B")}, "2"},
		"the same record twice, both good":   {[]string{inserted(1, "A"), inserted(2, "B"), inserted(2, "B")}, ""},
		"several, told in the batch's order": {[]string{inserted(1, "FAILS"), inserted(2, "A"), inserted(3, "PANICS"), inserted(4, "B")}, "1 3"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRecorder(poison, nil)
			var answer struct {
				BatchItemFailures []struct{ ItemIdentifier string }
			}
			if err := json.Unmarshal([]byte(answered(t, r, batch(tt.records...))), &answer); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range answer.BatchItemFailures {
				got = append(got, f.ItemIdentifier)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("failed %v, want %s", got, tt.want)
			}
			for _, good := range []string{"A", "B"} {
				if r.keys[dynamo.Key{PK: "REPORT#" + good, SK: "REPORT"}] == 0 {
					t.Errorf("the good record %s was not worked off", good)
				}
			}
			if lines := strings.Count(r.log.String(), "\n"); lines != len(got) || strings.Contains(r.log.String(), "kanarie") {
				t.Errorf("log is %q", r.log.String())
			}
		})
	}
}

func TestTheMinuteIsASweep(t *testing.T) {
	r := newRecorder(nil, nil)
	if got := answered(t, r, readFile(t, "schedule")); got != "null" || r.sweeps != 1 || r.smokes != 0 {
		t.Errorf("answered %s after %d sweeps and %d smoke tests", got, r.sweeps, r.smokes)
	}
}

func TestTheOtherScheduleIsASmokeTest(t *testing.T) { // feature:P3
	r := newRecorder(nil, nil)
	if got := answered(t, r, readFile(t, "smoke-test")); got != "null" || r.smokes != 1 || r.sweeps != 0 {
		t.Errorf("answered %s after %d smoke tests and %d sweeps", got, r.smokes, r.sweeps)
	}
}

// What is due stays due, and Lambda counts the error: the alarm is on that.
func TestASweepThatFailsIsAnError(t *testing.T) {
	for name, sweep := range map[string]func(context.Context, time.Time) error{
		"with an error": func(context.Context, time.Time) error { return errors.New("store is down") },
		"with a panic":  func(context.Context, time.Time) error { panic("kanarie") },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecorder(nil, nil)
			r.sweep = sweep
			if _, err := r.handle(t.Context(), readFile(t, "schedule")); err == nil || strings.Contains(err.Error(), "kanarie") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestWhatSESTellsIsOfOneMessage(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	tests := map[string]notice{
		"ses-delivery":  {"K7M-4RT-9XT", key, casework.Delivered, at.Add(4120 * time.Millisecond)},
		"ses-bounce":    {"K7M-4RT-9XT", key, casework.Bounced, at.Add(5660 * time.Millisecond)},
		"ses-complaint": {"K7M-4RT-9XT", key, casework.Complained, at.Add(90 * time.Minute)},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRecorder(nil, nil)
			answered(t, r, readFile(t, name))
			if diff := cmp.Diff([]notice{want}, r.notices, cmp.AllowUnexported(notice{})); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

// The mail may be of a case that was erased since.
func TestFeedbackOnWhatIsGoneIsNotTriedAgain(t *testing.T) {
	r := newRecorder(nil, fmt.Errorf("find message: %w", casework.ErrNotFound))
	answered(t, r, readFile(t, "ses-bounce"))
	if got := r.log.String(); strings.Count(got, "\n") != 1 || strings.Contains(got, "@") {
		t.Errorf("log is %q", got)
	}
	r = newRecorder(nil, errors.New("store is down"))
	if _, err := r.handle(t.Context(), readFile(t, "ses-bounce")); err == nil {
		t.Error("feedback that could not be written down is lost")
	}
}

// Of a code for a worker's address nothing is kept: what became of its mail is told to nobody.
func TestFeedbackOnACodeIsNobodys(t *testing.T) {
	r := newRecorder(nil, errors.New("there is no such message"))
	event := strings.Replace(string(readFile(t, "ses-bounce")), `"K7M-4RT-9XT"`+"\n", `"none"`+"\n", 1)
	if answer, err := r.handle(t.Context(), json.RawMessage(event)); err != nil || answer != nil || len(r.notices) > 0 {
		t.Errorf("answered %v, error %v, told of %v", answer, err, r.notices)
	}
}

func TestAnEventOfNobodyIsAnError(t *testing.T) { // threat:T17
	ses := string(readFile(t, "ses-bounce"))
	tests := map[string]string{
		"not an object":        `"kanarie@thuis.example"`,
		"empty":                `{}`,
		"of another service":   `{"source":"aws.s3","detail-type":"Object Created","detail":{}}`,
		"of SES, another kind": strings.Replace(ses, `"eventType": "Bounce"`, `"eventType": "Open"`, 1),
		"of SES, without case": strings.Replace(ses, `"case":`, `"elsewhere":`, 1),
		"of SES, no reference": strings.Replace(ses, `"K7M-4RT-9XT"`+"\n", `"kanarie@thuis.example"`+"\n", 1),
		"of SES, garbled":      `{"source":"aws.ses","detail":{"mail":"kanarie@thuis.example"}}`,
		"of SES, without time": strings.Replace(ses, `"timestamp": "2026-11-23T09:00:05.660Z"`, `"when": 1`, 1),
	}
	for name, event := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRecorder(nil, nil)
			if answer, err := r.handle(t.Context(), json.RawMessage(event)); err == nil || strings.Contains(err.Error(), "@") {
				t.Errorf("answered %v, error %v", answer, err)
			}
			if len(r.keys)+r.sweeps+len(r.notices) > 0 {
				t.Error("something was done")
			}
		})
	}
}

// FuzzEvent: whatever comes, the process lives on, and only records that came are told as failed.
func FuzzEvent(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(eventFiles, "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatal("no events", err)
	}
	for _, file := range files {
		f.Add([]byte(readFile(f, strings.TrimSuffix(filepath.Base(file), ".json"))))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !json.Valid(data) {
			return // the runtime refuses it
		}
		answer, err := newRecorder(func(dynamo.Key) error { panic("poison") }, nil).handle(t.Context(), data)
		if err != nil {
			return
		}
		if _, err := json.Marshal(answer); err != nil {
			t.Error(err)
		}
	})
}
