package dynamo

import (
	"context"
	"fmt"
	"slices"
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

func newOrganisationRow(o directory.Organisation) organisationRow {
	k := organisationKey(o.ID)
	return organisationRow{PK: k.PK, SK: k.SK, Name: o.Name, Can: o.Can, Phone: o.Phone}
}

// AddOrganisation stores an organisation that is not there yet; casework.ErrConflict when the id is taken.
func (s *Store) AddOrganisation(ctx context.Context, o directory.Organisation) error {
	_, err := s.put(ctx, s.Cases, newOrganisationRow(o), absent, nil)
	return err
}

// organisationWrites lists a write for each organisation that is new, differs, or is there no more.
func organisationWrites(before, after []directory.Organisation) []func(*transaction) {
	var writes []func(*transaction)
	for _, o := range after {
		condition := present
		if !slices.ContainsFunc(before, func(b directory.Organisation) bool { return b.ID == o.ID }) {
			condition = absent
		}
		if !slices.Contains(before, o) {
			writes = append(writes, func(t *transaction) { t.put(newOrganisationRow(o), condition, conflict) })
		}
	}
	for _, o := range before {
		if !slices.ContainsFunc(after, func(a directory.Organisation) bool { return a.ID == o.ID }) {
			writes = append(writes, func(t *transaction) { t.remove(organisationKey(o.ID)) })
		}
	}
	return writes
}
