package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
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
	Started string    `dynamodbav:"started"`
	Seen    string    `dynamodbav:"seen"`
	Proved  time.Time `dynamodbav:"proved"`
	TTL     int64     `dynamodbav:"ttl"`
}

// sessionKept is when TTL sweeps a session.
const sessionKept = 24 * time.Hour

// PutSession starts a session; casework.ErrConflict when there is one of that id.
func (s *Store) PutSession(ctx context.Context, n casework.Session) error {
	k, started := sessionKey(n.ID), stamp(n.Started)
	_, err := s.put(ctx, s.Short, sessionRow{
		PK: k.PK, SK: k.SK, Worker: n.Worker, Started: started, Seen: started, Proved: n.Proved, TTL: n.Started.Add(sessionKept).Unix(),
	}, absent, nil)
	return err
}

// SeeSession writes down that a session is seen now and returns it, in one call; casework.ErrNotFound when there is none
// that lasts.
func (s *Store) SeeSession(ctx context.Context, id string, now time.Time) (casework.Session, error) {
	out, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Short, Key: sessionKey(id).item(),
		UpdateExpression:    aws.String("SET seen = :now"),
		ConditionExpression: aws.String("seen > :idle AND started > :lasted"),
		ExpressionAttributeValues: item{
			":now": str(stamp(now)), ":idle": str(stamp(now.Add(-casework.SessionIdle))), ":lasted": str(stamp(now.Add(-casework.SessionLasts))),
		},
		ReturnValues: types.ReturnValueAllNew,
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return casework.Session{}, fmt.Errorf("session: %w", casework.ErrNotFound)
	}
	if err != nil {
		return casework.Session{}, fmt.Errorf("see session: %w", err)
	}
	row, err := decode[sessionRow](out.Attributes)
	if err != nil {
		return casework.Session{}, err
	}
	started, err := time.Parse(time.RFC3339, row.Started)
	return casework.Session{ID: id, Worker: row.Worker, Started: started, Proved: row.Proved}, err
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
