package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/internal/casework"
	"voordeur/internal/routing"
)

// SaveAbsence changes when a worker is away, and writes down who did so, in one transaction. Changed that way before is no
// error. casework.ErrConflict: it is not as it was before any more, or the worker is not there.
func (s *Store) SaveAbsence(ctx context.Context, worker string, before, after []routing.Absence, by casework.Audit) error {
	t := transaction{store: s}
	names, values := map[string]string{"#absent": "absent"}, item{}
	expression, condition := "REMOVE #absent", present+" AND attribute_not_exists(#absent)"
	if len(before) > 0 {
		condition, values[":before"] = "#absent = :before", absences(before)
	}
	if len(after) > 0 {
		expression, values[":after"] = "SET #absent = :after", absences(after)
	}
	t.update(workerKey(worker), expression, condition, names, values, func(held item) error {
		row, err := decode[workerRow](held)
		if err != nil {
			return err
		}
		if w, _ := row.worker(); len(held) > 0 && slices.Equal(w.Absent, after) {
			return errMine
		}
		return casework.ErrConflict
	})
	audit, err := newAuditRow(by)
	if err != nil {
		return err
	}
	t.put(audit, absent, nil)
	if err := t.commit(ctx); err != nil && !errors.Is(err, errMine) {
		return fmt.Errorf("save absence: %w", err)
	}
	return nil
}

// absences writes them as newWorkerRow does.
func absences(all []routing.Absence) types.AttributeValue {
	l := &types.AttributeValueMemberL{}
	for _, a := range all {
		row := item{"from": str(a.From), "to": str(a.To)}
		if a.StandIn != "" {
			row["stand_in"] = str(a.StandIn)
		}
		l.Value = append(l.Value, &types.AttributeValueMemberM{Value: row})
	}
	return l
}
