package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/internal/casework"
)

// InUse says whether the case table has its stream on: the table of a municipality at work has, one that was restored
// has not yet.
func (s *Store) InUse(ctx context.Context) (bool, error) {
	out, err := s.Client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &s.Cases})
	if err != nil {
		return false, fmt.Errorf("describe table: %w", err)
	}
	stream := out.Table.StreamSpecification
	return stream != nil && stream.StreamEnabled != nil && *stream.StreamEnabled, nil
}

// Hold settles a pending message as casework.Held: nobody sends it any more. One that is settled stays as it is.
func (s *Store) Hold(ctx context.Context, ref casework.Reference, id string) error {
	_, err := s.updateMessage(ctx, ref, id, "SET #status = :held REMOVE #todo, #at, #claimed", "#status = :pending",
		item{":held": str(string(casework.Held)), ":pending": str(string(casework.Pending))}, "status", "todo", "at", "claimed")
	if err != nil && !errors.Is(err, casework.ErrConflict) {
		return fmt.Errorf("hold message of case %s: %w", ref, err)
	}
	return nil
}
