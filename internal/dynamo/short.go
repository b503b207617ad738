package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

type draftRow struct {
	PK      string    `dynamodbav:"PK"`
	SK      string    `dynamodbav:"SK"`
	Version int       `dynamodbav:"version"`
	Sealed  []byte    `dynamodbav:"sealed"`
	Expires time.Time `dynamodbav:"expires"`
	TTL     int64     `dynamodbav:"ttl"` // seconds; only sweeps
}

// Draft returns a draft's row that has not expired, or casework.ErrNotFound.
func (s *Store) Draft(ctx context.Context, id string, now time.Time) (casework.DraftRow, error) {
	row, err := get[draftRow](ctx, s, s.Short, draftKey(id))
	if err != nil {
		return casework.DraftRow{}, err
	}
	if !now.Before(row.Expires) {
		return casework.DraftRow{}, fmt.Errorf("draft has expired: %w", casework.ErrNotFound)
	}
	return casework.DraftRow{Version: row.Version, Sealed: row.Sealed, Expires: row.Expires}, nil
}

// PutDraft stores a draft's next version; casework.ErrConflict when another tab was first.
func (s *Store) PutDraft(ctx context.Context, id string, row casework.DraftRow) error {
	condition, values := ofVersionBefore(row)
	_, err := s.put(ctx, s.Short, draftRowOf(id, row), condition, values)
	return err
}

func draftRowOf(id string, row casework.DraftRow) draftRow {
	k := draftKey(id)
	return draftRow{PK: k.PK, SK: k.SK, Version: row.Version, Sealed: row.Sealed, Expires: row.Expires, TTL: row.Expires.Unix()}
}

// ofVersionBefore is the condition that the version before this one is stored, or none before the first.
func ofVersionBefore(row casework.DraftRow) (condition string, values item) {
	if row.Version == 1 {
		return absent, nil
	}
	return "version = :before", item{":before": num(row.Version - 1)}
}

type sessionRow struct {
	PK      string    `dynamodbav:"PK"`
	SK      string    `dynamodbav:"SK"`
	Worker  string    `dynamodbav:"worker"`
	Started time.Time `dynamodbav:"started"`
	Seen    time.Time `dynamodbav:"seen"`
	Proved  time.Time `dynamodbav:"proved"`
	TTL     int64     `dynamodbav:"ttl"`
}

// sessionKept is when TTL sweeps a session; how long one works is the desk's rule.
const sessionKept = 24 * time.Hour

// Session returns a worker's session, or casework.ErrNotFound.
func (s *Store) Session(ctx context.Context, id string) (casework.Session, error) {
	row, err := get[sessionRow](ctx, s, s.Short, sessionKey(id))
	if err != nil {
		return casework.Session{}, fmt.Errorf("session: %w", err)
	}
	return casework.Session{ID: id, Worker: row.Worker, Started: row.Started, Seen: row.Seen, Proved: row.Proved}, nil
}

// PutSession starts a session, or moves its Seen on. A session that was ended stays ended: casework.ErrConflict.
func (s *Store) PutSession(ctx context.Context, n casework.Session) error {
	k := sessionKey(n.ID)
	condition := present
	if n.Seen.Equal(n.Started) {
		condition = absent
	}
	_, err := s.put(ctx, s.Short, sessionRow{
		PK: k.PK, SK: k.SK, Worker: n.Worker, Started: n.Started, Seen: n.Seen, Proved: n.Proved, TTL: n.Started.Add(sessionKept).Unix(),
	}, condition, nil)
	return err
}

// EndSession removes a session; one that is gone is no error.
func (s *Store) EndSession(ctx context.Context, id string) error {
	_, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.Short, Key: sessionKey(id).item()})
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

type signInRow struct {
	PK       string    `dynamodbav:"PK"`
	SK       string    `dynamodbav:"SK"`
	Nonce    string    `dynamodbav:"nonce"`
	Verifier string    `dynamodbav:"verifier"`
	Goal     string    `dynamodbav:"goal"`
	Fresh    bool      `dynamodbav:"fresh,omitempty"`
	Expires  time.Time `dynamodbav:"expires"`
	TTL      int64     `dynamodbav:"ttl"`
}

// PutSignIn stores a sign-in on its way.
func (s *Store) PutSignIn(ctx context.Context, n casework.SignIn) error {
	k := signInKey(n.ID)
	_, err := s.put(ctx, s.Short, signInRow{
		PK: k.PK, SK: k.SK, Nonce: n.Nonce, Verifier: n.Verifier, Goal: n.Goal, Fresh: n.Fresh, Expires: n.Expires, TTL: n.Expires.Unix(),
	}, absent, nil)
	return err
}

// TakeSignIn returns a sign-in once; casework.ErrNotFound when it is unknown, taken or expired.
func (s *Store) TakeSignIn(ctx context.Context, id string, now time.Time) (casework.SignIn, error) {
	condition := present
	out, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.Short, Key: signInKey(id).item(), ConditionExpression: &condition, ReturnValues: types.ReturnValueAllOld,
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return casework.SignIn{}, casework.ErrNotFound
	}
	if err != nil {
		return casework.SignIn{}, fmt.Errorf("take sign-in: %w", err)
	}
	row, err := decode[signInRow](out.Attributes)
	if err != nil {
		return casework.SignIn{}, err
	}
	if !now.Before(row.Expires) {
		return casework.SignIn{}, casework.ErrNotFound
	}
	return casework.SignIn{ID: id, Nonce: row.Nonce, Verifier: row.Verifier, Goal: row.Goal, Fresh: row.Fresh, Expires: row.Expires}, nil
}
