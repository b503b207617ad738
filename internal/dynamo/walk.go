package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"voordeur/internal/casework"
)

// Row is what Walk tells of one row of the case table.
type Row struct {
	Kind    string             // as the key table has it; "MATCH", "AUDIT" for rows whose sort key names another
	Case    casework.Reference // that it belongs or leads to, "" for none
	Sealed  []Sealed
	Waits   bool                 // a report that was not taken yet
	Owed    string               // id of a message that is pending, "" for every other row
	Expires bool                 // it goes by itself
	Audit   casework.AuditRow    // of an AUDIT row
	Left    casework.Destruction // of a DESTROYED row
}

// Sealed is an envelope and whom it is for.
type Sealed struct {
	Purpose  casework.Purpose
	Envelope casework.Envelope
}

// Walk reads the case table row by row, consistently and in no order. A row that cannot be read comes with the reason and
// with what its key tells. It ends at the first error of visit.
func (s *Store) Walk(ctx context.Context, visit func(Row, error) error) error {
	consistent := true
	pages := dynamodb.NewScanPaginator(s.Client, &dynamodb.ScanInput{TableName: &s.Cases, ConsistentRead: &consistent})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		for _, it := range page.Items {
			if err := visit(walked(it)); err != nil {
				return err
			}
		}
	}
	return nil
}

// walked reads a row as the store does at work.
func walked(it item) (Row, error) {
	var k Key // also of a row whose shape is newer
	if err := attributevalue.UnmarshalMap(it, &k); err != nil {
		return Row{}, fmt.Errorf("decode key: %w", err)
	}
	ref, _ := k.reference()
	_, expires := it[TTL]
	r := Row{Kind: k.kind(), Case: ref, Expires: expires}
	switch r.Kind {
	case "REPORT":
		row, err := decode[reportRow](it)
		r.Waits = row.Todo != ""
		r.add(casework.ForRouting, row.Routing)
		r.add(casework.ForContact, row.Contact)
		return r, err
	case "CONTENT":
		row, err := decode[contentRow](it)
		r.add(casework.ForContent, row.Content)
		return r, err
	case "LINK":
		row, err := decode[linkRow](it)
		r.Case = casework.Reference(row.Case)
		return r, err
	case "MATCH":
		_, err := decode[matchRow](it)
		r.Case = casework.Reference(strings.TrimPrefix(k.SK, "CASE#"))
		return r, err
	case "MESSAGE":
		row, err := decode[messageRow](it)
		if err == nil {
			_, err = row.message()
		}
		if row.Status == string(casework.Pending) {
			r.Owed = row.ID
		}
		return r, err
	case "AUDIT":
		row, err := decode[auditRow](it)
		r.Audit = row.row()
		return r, err
	case "DESTROYED":
		row, err := decode[registerRow](it)
		r.Left = row.destruction()
		return r, err
	case "GLASS":
		row, err := decode[glassBrokenRow](it)
		r.Case = casework.Reference(row.Case)
		r.add(casework.ForContent, row.Reason)
		r.add(casework.ForContent, row.Share)
		return r, err
	case "EVENT":
		row, err := decode[eventRow](it)
		r.add(casework.ForContent, row.Reason)
		r.add(casework.ForContent, row.Record)
		r.add(casework.ForContent, row.Detail)
		r.add(casework.ForRouting, row.Why)
		return r, err
	}
	return r, plainly(r.Kind, it)
}

func (r *Row) add(p casework.Purpose, e casework.Envelope) {
	if len(e) > 0 {
		r.Sealed = append(r.Sealed, Sealed{p, e})
	}
}

// plainly reads a row that seals nothing and leads nowhere.
func plainly(kind string, it item) (err error) {
	switch kind {
	case "CASE":
		_, err = decode[caseRow](it)
	case "LOOK":
		_, err = decode[lookRow](it)
	case "LIST":
		_, err = decode[listRow](it)
	case "READ", "OUTSIDE":
		_, err = decode[readRow](it)
	case "HANDOFF":
		_, err = decode[handOffRow](it)
	case "FILE": // nothing here opens it
		_, err = decode[fileRow](it)
	case "IDEMPOTENCY":
		_, err = decode[onceRow](it)
	case "WORKER":
		_, err = decode[workerRow](it)
	case "ROSTER":
		_, err = decode[rosterRow](it)
	case "ORGANISATION":
		_, err = decode[organisationRow](it)
	case "SUBJECT":
		_, err = decode[subjectRow](it)
	case "HASH":
		_, err = decode[hashRow](it)
	case "DIGEST":
		_, err = decode[digestRow](it)
	case "SMOKETEST":
		_, err = decode[smokeTestRow](it)
	case "SWEEP":
		_, err = decode[sweepRow](it)
	case "LOADS":
		_, err = decode[loadsRow](it)
	case "WORK":
		_, err = decode[workRow](it)
	case "FORM":
		_, err = decode[formRow](it)
	case "SERVERSECRET":
		_, err = decode[secretRow](it)
	case "KEY":
		_, err = decode[keyRow](it)
	default:
		err = fmt.Errorf("no row is of kind %s", kind)
	}
	return err
}
