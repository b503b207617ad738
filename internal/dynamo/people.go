package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// timeLayout is how attributevalue writes a time.
const timeLayout = time.RFC3339Nano

type workerRow struct {
	PK           string       `dynamodbav:"PK"`
	SK           string       `dynamodbav:"SK"`
	Name         string       `dynamodbav:"name"`
	Email        string       `dynamodbav:"email"`
	Phone        string       `dynamodbav:"phone"`
	Function     string       `dynamodbav:"function"`
	Team         string       `dynamodbav:"team"`
	Roles        []string     `dynamodbav:"roles,omitempty"`
	Disciplines  []string     `dynamodbav:"disciplines,omitempty"`
	Languages    []string     `dynamodbav:"languages,omitempty"`
	Active       bool         `dynamodbav:"active"`
	LeftOn       string       `dynamodbav:"left_on,omitempty"`
	Absent       []absenceRow `dynamodbav:"absent,omitempty"`
	Unconfirmed  string       `dynamodbav:"unconfirmed,omitempty"` // the address that mail has to be shown to reach; none once it was
	Contracted   int          `dynamodbav:"contracted"`
	Reserved     int          `dynamodbav:"reserved"`
	Load         int          `dynamodbav:"load"`
	LastAssigned *time.Time   `dynamodbav:"last_assigned,omitempty"`
	Conflicts    []string     `dynamodbav:"conflicts,omitempty"`
}

type absenceRow struct {
	From    string `dynamodbav:"from"`
	To      string `dynamodbav:"to"`
	StandIn string `dynamodbav:"stand_in,omitempty"`
}

type rosterRow struct {
	PK      string              `dynamodbav:"PK"`
	SK      string              `dynamodbav:"SK"`
	Days    map[string][]string `dynamodbav:"days"`
	Version int                 `dynamodbav:"version,omitempty"` // of the staff as a whole: see SaveStaff
}

func newWorkerRow(card directory.Card, w routing.Worker) workerRow {
	k := workerKey(w.ID)
	row := workerRow{
		PK: k.PK, SK: k.SK, Name: card.Name, Email: card.Email, Phone: card.Phone, Function: card.Function,
		Team: w.Team, Roles: texts(w.Roles), Disciplines: texts(w.Disciplines), Languages: w.Languages, Active: w.Active,
		LeftOn: w.LeftOn, Contracted: w.Contracted, Reserved: w.Reserved, Load: w.Load, LastAssigned: optional(w.LastAssigned), Conflicts: w.Conflicts,
	}
	if w.Unconfirmed {
		row.Unconfirmed = card.Email
	}
	for _, a := range w.Absent {
		row.Absent = append(row.Absent, absenceRow(a))
	}
	return row
}

func (r workerRow) worker() (routing.Worker, directory.Card) {
	id := strings.TrimPrefix(r.SK, "WORKER#")
	w := routing.Worker{
		ID: id, Team: r.Team, Roles: typed[routing.Role](r.Roles), Disciplines: typed[municipality.Discipline](r.Disciplines),
		Languages: r.Languages, Active: r.Active, LeftOn: r.LeftOn, Contracted: r.Contracted, Reserved: r.Reserved, Load: r.Load,
		LastAssigned: value(r.LastAssigned), Conflicts: r.Conflicts, Unconfirmed: r.Unconfirmed != "",
	}
	for _, a := range r.Absent {
		w.Absent = append(w.Absent, routing.Absence(a))
	}
	return w, directory.Card{ID: id, Name: r.Name, Email: r.Email, Phone: r.Phone, Function: r.Function}
}

// People returns everybody and the roster in one consistent read.
func (s *Store) People(ctx context.Context) (casework.People, error) {
	items, err := s.query(ctx, workersPK)
	if err != nil {
		return casework.People{}, fmt.Errorf("people: %w", err)
	}
	people := casework.People{Cards: map[string]directory.Card{}}
	for _, it := range items {
		k, err := decode[Key](it)
		if err != nil {
			return casework.People{}, err
		}
		if k == rosterKey() {
			row, err := decode[rosterRow](it)
			if err != nil {
				return casework.People{}, err
			}
			people.Roster = row.Days
			continue
		}
		row, err := decode[workerRow](it)
		if err != nil {
			return casework.People{}, err
		}
		w, card := row.worker()
		people.Workers = append(people.Workers, w)
		people.Cards[w.ID] = card
	}
	return people, nil
}

// AddWorker stores a worker who is not there yet; casework.ErrConflict when the id is taken.
func (s *Store) AddWorker(ctx context.Context, card directory.Card, w routing.Worker) error {
	_, err := s.put(ctx, s.Cases, newWorkerRow(card, w), absent, nil)
	return err
}

// AddRoster stores who is on duty by weekday; casework.ErrConflict when there is a roster.
func (s *Store) AddRoster(ctx context.Context, r routing.Roster) error {
	k := rosterKey()
	_, err := s.put(ctx, s.Cases, rosterRow{PK: k.PK, SK: k.SK, Days: r}, absent, nil)
	return err
}

type subjectRow struct {
	PK     string `dynamodbav:"PK"`
	SK     string `dynamodbav:"SK"`
	Worker string `dynamodbav:"worker"`
}

// Subject returns the worker who signs in as a subject of an issuer, or casework.ErrNotFound.
func (s *Store) Subject(ctx context.Context, issuer, subject string) (worker string, err error) {
	row, err := get[subjectRow](ctx, s, s.Cases, subjectKey(issuer, subject))
	if err != nil {
		return "", fmt.Errorf("subject: %w", err)
	}
	return row.Worker, nil
}

// BindSubject binds a subject to a worker, once; it returns the worker whom the subject is bound to then.
func (s *Store) BindSubject(ctx context.Context, issuer, subject, worker string) (bound string, err error) {
	k := subjectKey(issuer, subject)
	held, err := s.put(ctx, s.Cases, subjectRow{PK: k.PK, SK: k.SK, Worker: worker}, absent, nil)
	if errors.Is(err, casework.ErrConflict) {
		row, err := decode[subjectRow](held)
		return row.Worker, err
	}
	return worker, err
}

func texts[T ~string](values []T) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

func typed[T ~string](values []string) []T {
	var out []T
	for _, v := range values {
		out = append(out, T(v))
	}
	return out
}
