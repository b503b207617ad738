package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/dynamo"
	"voordeur/internal/form"
)

// listed are the references of the cards on a page, in order.
func (a deskAnswer) listed() []string {
	return a.Find(".vd-card h3 a").Map(func(_ int, s *goquery.Selection) string {
		return strings.TrimPrefix(s.AttrOr("href", ""), "/desk/casus/")
	})
}

// link is where the link with a text leads to, "" without such a link.
func (a deskAnswer) link(text string) string {
	return a.Find("main a").FilterFunction(func(_ int, s *goquery.Selection) bool { return deskText(s) == text }).AttrOr("href", "")
}

// list puts a case's row in the list of a worker in the index, "" in nobody's.
func (o *office) list(t *testing.T, ref, row, worker string) {
	t.Helper()
	in := &dynamodb.UpdateItemInput{
		TableName: &o.Store.Cases, UpdateExpression: new("REMOVE #lead"), ExpressionAttributeNames: map[string]string{"#lead": "lead"},
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "CASE#" + ref}, "SK": &types.AttributeValueMemberS{Value: row},
		},
	}
	if worker != "" {
		in.UpdateExpression = new("SET #lead = :worker")
		in.ExpressionAttributeValues = map[string]types.AttributeValue{":worker": &types.AttributeValueMemberS{Value: worker}}
	}
	if _, err := o.Store.Client.UpdateItem(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// Whoever is on duty leads every unsafe case, whatever their room, and looks first at it: two rows each in the index.
func TestAListOfMoreThanAPageSaysSoAndLeadsOn(t *testing.T) {
	counter := &callCounter{next: http.DefaultTransport}
	o := openOffice(t, func(o *office) {
		client := dynamodb.NewFromConfig(o.Config, func(options *dynamodb.Options) {
			options.HTTPClient = &http.Client{Transport: counter}
		})
		o.store.Store = &dynamo.Store{Client: client, Cases: o.Store.Cases, Short: o.Store.Short}
	})
	var want []string
	for i := range 52 {
		c := o.Case(t, o.now.Add(time.Duration(i%7)*time.Minute), exampletest.Answers(form.Answers{"safe_now": {"no"}, "safe_contact": {"call", "email"}}))
		if c.Lead != "ilse" || c.Look.Holder() != "ilse" {
			t.Fatalf("case %d is led by %s", i, c.Lead)
		}
		want = append(want, string(c.ID))
	}
	b := o.signedIn(t, "ilse")

	today := b.get("/desk/")
	if got := today.link("Alle casussen"); got != "/desk/casussen" || len(today.listed()) != 50 {
		t.Errorf("today shows %d cases and leads to %q", len(today.listed()), got)
	}
	if got := b.get("/desk/?na=z").listed(); !slices.Equal(got, today.listed()) {
		t.Errorf("an address makes today begin elsewhere, with %d cases", len(got))
	}

	first := b.get("/desk/casussen")
	for _, says := range []string{"De eerste 50 casussen bij jou", "Er staan meer casussen bij jou."} {
		if !strings.Contains(deskText(first.Find("main")), says) {
			t.Errorf("the first page does not say %q", says)
		}
	}
	// Cases that leave the list in the meantime make nobody miss another.
	for _, ref := range first.listed()[:2] {
		o.list(t, ref, "CASE", "")
		o.list(t, ref, "LOOK", "")
	}
	counter.take()
	next := first.link("Volgende casussen")
	second := b.get(next)
	if calls, rounds := counter.take(); len(calls) > 5 || rounds > 3 {
		t.Errorf("the next page costs %d calls in %d rounds: %v", len(calls), rounds, calls)
	}
	if said := deskText(second.Find("main")); !strings.Contains(said, "Nog 2 casussen bij jou") || second.link("Volgende casussen") != "" {
		t.Errorf("the last page says %.100s and leads to %q", said, second.link("Volgende casussen"))
	}
	if got := second.link("Terug naar de eerste casussen"); got != "/desk/casussen" {
		t.Errorf("the way back is %q", got)
	}
	got := append(first.listed(), second.listed()...)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cases on both pages (-want +got):\n%s", diff)
	}
}

func TestAListFromAnyAddressIsTheWorkersOwn(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	b := o.signedIn(t, c.Lead)
	for name, tt := range map[string]struct {
		after string
		want  int // cases
		says  string
	}{
		"the beginning":       {"", 1, "1 casus bij jou"},
		"before everything":   {"0", 1, "Nog 1 casus bij jou"},
		"after everything":    {"z", 0, "Verder staat er geen casus bij jou."},
		"nothing of ours":     {"%00%FF%27%3Cb%3E", 1, "Nog 1 casus bij jou"},
		"a case of another's": {"2026-11-24T16:00:00.000Z_ZZZ-ZZZ-ZZZ", 0, "Verder staat er geen casus bij jou."},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.get("/desk/casussen?na=" + tt.after)
			if got := a.listed(); a.status != http.StatusOK || len(got) != tt.want || !strings.Contains(deskText(a.Find("main")), tt.says) {
				t.Errorf("%d, %v: %s", a.status, got, deskText(a.Find("main")))
			}
		})
	}
}

func TestTheIndexPutsNobodysCaseInAList(t *testing.T) {
	o := openOffice(t)
	c := o.Case(t, o.now, exampletest.Answers(nil))
	o.list(t, string(c.ID), "CASE", "noor")
	if got := o.signedIn(t, "noor").get("/desk/casussen").listed(); c.Lead == "noor" || len(got) > 0 {
		t.Errorf("noor sees %v, which %s leads", got, c.Lead)
	}
}

// A page that is not there does not ask who is signed in to sign in.
func TestAPageThatIsNotThereLeadsToToday(t *testing.T) {
	b := openOffice(t).signedIn(t, "fenna")
	for path, status := range map[string]int{"/desk/bestaat-niet": http.StatusNotFound, "/desk/uit": http.StatusMethodNotAllowed} {
		a := b.get(path)
		if link := a.Find("main a"); a.status != status || deskText(link) != "Naar Vandaag" || link.AttrOr("href", "") != "/desk/" {
			t.Errorf("%s: %d %q", path, a.status, deskText(a.Find("main")))
		}
	}
}

// Who is overtaken by their own other tab is not told that it was somebody else.
func TestOnesOwnOtherTabIsNobodyElse(t *testing.T) {
	o := openOffice(t)
	c := o.accepted(t, full())
	b := o.signedIn(t, c.Lead)
	plan, note := b.get(caseURL(c)+"/gesprek"), b.get(caseURL(c)+"/notitie")
	b.send(note, "/notitie", "reason", "belt maandag terug")
	a := b.send(plan, "/gesprek", append(on(o.business().AddDate(0, 0, 1), "14.00"), "place", "home")...)
	if got := deskText(a.Find("main")); a.status != http.StatusConflict || !strings.Contains(got, "Je deed hier net al iets") || strings.Contains(got, "Iemand") {
		t.Errorf("%d %q", a.status, got)
	}
}
