package functions_test

import (
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/form"
)

// lives are cases from offer to goodbye, with every act that workers do on the way and every mail that follows.
func (w way) lives() {
	w.t.Helper()
	for name, life := range exampletest.Lives() {
		c := w.arrived(exampletest.Answers(form.Answers{"contact_way": {"call", "email"}}))
		for _, s := range life {
			if s.Later > 0 {
				w.hadItsMeeting(c.ID)
			}
			w.takes(c, s)
			after := w.head(c.ID)
			if s.To != "" && after.State != s.To {
				w.t.Fatalf("%s: %s leads to %s, want %s", name, s.Act, after.State, s.To)
			}
			w.tells(after.ID)
			c = after
		}
	}
}

// takes is an act on a case: by the button on its page, or by the page that asks for more.
func (w way) takes(c casework.Case, s exampletest.Step) {
	w.t.Helper()
	who := s.Who
	if who == "" {
		who = c.Lead
	}
	worker, at := w.host.signIn(w.t, who), "/desk/casus/"+string(c.ID)
	if worker.open(at).Find("form[action$='/"+s.Act+"']").Length() == 0 {
		at += "/" + s.Act
	}
	fill := url.Values{}
	for field, value := range s.Fields(time.Now()) { //nolint:forbidigo // the functions' clock is the real one
		fill.Set(field, value)
	}
	worker.send(at, s.Act, fill)
}

// hadItsMeeting moves the meeting that is planned to an hour ago: the functions' clock is the real one.
func (w way) hadItsMeeting(ref casework.Reference) {
	w.t.Helper()
	past := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339Nano) //nolint:forbidigo // see takes
	_, err := w.Store.Client.UpdateItem(w.t.Context(), &dynamodb.UpdateItemInput{
		TableName: &w.Store.Cases, UpdateExpression: new("SET meeting = :past"),
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "CASE#" + string(ref)}, "SK": &types.AttributeValueMemberS{Value: "CASE"},
		},
		ExpressionAttributeValues: map[string]types.AttributeValue{":past": &types.AttributeValueMemberS{Value: past}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// tells has the stream tell dispatch of the mails that a case owes.
func (w way) tells(ref casework.Reference) {
	w.t.Helper()
	d, err := w.Store.Dossier(w.t.Context(), ref)
	if err != nil {
		w.t.Fatal(err)
	}
	var owed []string
	for _, m := range d.Messages {
		if m.Status == casework.Pending {
			owed = append(owed, inserted("CASE#"+string(ref), "MESSAGE#"+m.ID))
		}
	}
	if failed := w.wake(owed); len(failed) > 0 {
		w.t.Fatalf("mails of case %s were not sent: %v\n%s", ref, failed, w.dispatch.out)
	}
}
