package dynamo

import (
	"context"
	"fmt"
	"strings"

	"voordeur/internal/directory"
)

type organisationRow struct {
	PK    string `dynamodbav:"PK"`
	SK    string `dynamodbav:"SK"`
	Name  string `dynamodbav:"name"`
	Can   string `dynamodbav:"can"`
	Phone string `dynamodbav:"phone"`
}

// Organisations returns every organisation of the directory, by id, in one consistent read.
func (s *Store) Organisations(ctx context.Context) ([]directory.Organisation, error) {
	items, err := s.query(ctx, organisationsPK)
	if err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	var all []directory.Organisation
	for _, it := range items {
		row, err := decode[organisationRow](it)
		if err != nil {
			return nil, err
		}
		all = append(all, directory.Organisation{
			ID: strings.TrimPrefix(row.SK, organisationKey("").SK), Name: row.Name, Can: row.Can, Phone: row.Phone,
		})
	}
	return all, nil
}

// AddOrganisation stores an organisation that is not there yet; casework.ErrConflict when the id is taken.
func (s *Store) AddOrganisation(ctx context.Context, o directory.Organisation) error {
	k := organisationKey(o.ID)
	_, err := s.put(ctx, s.Cases, organisationRow{PK: k.PK, SK: k.SK, Name: o.Name, Can: o.Can, Phone: o.Phone}, absent, nil)
	return err
}
