package dynamo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
)

type resumeRow struct {
	PK      string    `dynamodbav:"PK"`
	SK      string    `dynamodbav:"SK"`
	Owner   string    `dynamodbav:"owner"`
	Sealed  []byte    `dynamodbav:"sealed"`
	Expires time.Time `dynamodbav:"expires"`
	TTL     int64     `dynamodbav:"ttl"`
}

// PutPause stores a draft's next version and what its code opens in one transaction; casework.ErrConflict when another
// tab was first, or another draft has the code.
func (s *Store) PutPause(ctx context.Context, draftID string, draft casework.DraftRow, codeID string, code casework.ResumeRow) error {
	t := &transaction{store: s}
	condition, values := ofVersionBefore(draft)
	t.putShort(draftRowOf(draftID, draft), condition, nil, values)
	k := resumeKey(codeID)
	t.putShort(resumeRow{
		PK: k.PK, SK: k.SK, Owner: code.Owner, Sealed: code.Sealed, Expires: code.Expires, TTL: code.Expires.Unix(),
	}, absent+" OR #owner = :owner", map[string]string{"#owner": "owner"}, item{":owner": str(code.Owner)})
	return t.commit(ctx)
}

// putShort writes a whole row of the short-lived table; casework.ErrConflict when its condition fails.
func (t *transaction) putShort(row any, condition string, names map[string]string, values item) {
	it, err := encode(row)
	t.err = errors.Join(t.err, err)
	t.add(types.TransactWriteItem{Put: &types.Put{
		TableName: &t.store.Short, Item: it, ConditionExpression: &condition,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}}, conflict)
}

// Resume returns what a code opens, or casework.ErrNotFound when there is nothing or it has expired.
func (s *Store) Resume(ctx context.Context, codeID string, now time.Time) (casework.ResumeRow, error) {
	row, err := get[resumeRow](ctx, s, s.Short, resumeKey(codeID))
	if err != nil {
		return casework.ResumeRow{}, err
	}
	if !now.Before(row.Expires) {
		return casework.ResumeRow{}, fmt.Errorf("resume code has expired: %w", casework.ErrNotFound)
	}
	return casework.ResumeRow{Owner: row.Owner, Sealed: row.Sealed, Expires: row.Expires}, nil
}

// triesRow counts the codes that a network tried in an hour.
type triesRow struct {
	PK    string `dynamodbav:"PK"`
	SK    string `dynamodbav:"SK"`
	Tries int    `dynamodbav:"tries"`
	TTL   int64  `dynamodbav:"ttl"`
}

// CountTry adds one to a count and returns it. TTL sweeps it after ends; a new hour has a row of its own.
func (s *Store) CountTry(ctx context.Context, id string, ends time.Time) (int, error) {
	counted, err := s.tick(ctx, triesKey(id), "tries", ends)
	if err != nil {
		return 0, err
	}
	row, err := decode[triesRow](counted)
	return row.Tries, err
}

type secretRow struct {
	PK     string `dynamodbav:"PK"`
	SK     string `dynamodbav:"SK"`
	Secret []byte `dynamodbav:"secret"`
}

// ServerSecret returns the secret that resume codes need besides themselves: 32 random bytes, made when first asked for.
// It lies in the case table, so that the short-lived one alone opens nothing.
func (s *Store) ServerSecret(ctx context.Context) ([]byte, error) {
	k := serverSecretKey()
	row, err := get[secretRow](ctx, s, s.Cases, k)
	if err == nil {
		return row.Secret, nil
	}
	if !errors.Is(err, casework.ErrNotFound) {
		return nil, err
	}
	row = secretRow{PK: k.PK, SK: k.SK, Secret: make([]byte, 32)}
	rand.Read(row.Secret)
	held, err := s.put(ctx, s.Cases, row, absent, nil)
	if errors.Is(err, casework.ErrConflict) { // another process was first, or this one without hearing of it
		row, err = decode[secretRow](held)
	}
	return row.Secret, err
}
