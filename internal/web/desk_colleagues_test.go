package web_test

import (
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example"
)

// cards are the names on the cards of a page, in order.
func (a deskAnswer) cards() []string {
	return a.Find(".vd-card h3").Map(func(_ int, s *goquery.Selection) string { return deskText(s) })
}

// card is the card with a name.
func (a deskAnswer) card(name string) *goquery.Selection {
	return a.Find(".vd-card").FilterFunction(func(_ int, s *goquery.Selection) bool { return deskText(s.Find("h3")) == name })
}

// away has a worker be away from one day to another.
func (o *office) away(t *testing.T, worker, from, to string) {
	t.Helper()
	day := func(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }
	_, err := o.Store.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &o.Store.Cases, UpdateExpression: new("SET #absent = :absent"),
		Key:                      map[string]types.AttributeValue{"PK": day("WORKERS"), "SK": day("WORKER#" + worker)},
		ExpressionAttributeNames: map[string]string{"#absent": "absent"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":absent": &types.AttributeValueMemberL{Value: []types.AttributeValue{
			&types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"from": day(from), "to": day(to)}},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// G11: who is who, with a direct number, what they can do, and whether they are there.
func TestEverybodyWhoWorksHereHasACard(t *testing.T) {
	o := openOffice(t)
	o.away(t, "emre", "2026-11-20", "2026-11-27")
	o.deactivate(t, "lotte")
	a := o.signedIn(t, "mees").get("/desk/collegas")
	for _, p := range example.People() {
		card := a.card(p.Name)
		if p.ID == "lotte" {
			if card.Length() > 0 {
				t.Error("who left has a card")
			}
			continue
		}
		if card.Find("a[href='tel:"+strings.ReplaceAll(p.Phone, " ", "")+"']").Length() != 1 || !strings.Contains(card.Text(), p.Function) {
			t.Errorf("%s: %s", p.ID, deskText(card))
		}
	}
	for name, want := range map[string][]string{
		"Emre Ankerman":   {"Afwezig tot en met vrijdag 27 november", "Weet van: schuldhulp", "Spreekt ook: Turks"},
		"Daan Stuurman":   {"Aanwezig", "Weet van: alle leefgebieden"},
		"Ilse d'Haven":    {"Heeft dienst"},
		"Mees Oeverloper": {"alle leefgebieden, eigen ervaring"},
	} {
		for _, line := range want {
			if said := deskText(a.card(name)); !strings.Contains(said, line) {
				t.Errorf("%s says %q, want %q", name, said, line)
			}
		}
	}
	for _, private := range []string{"Load", "load", "contract", " uur", "conflict"} {
		if strings.Contains(a.Find("main .vd-cards").Text(), private) {
			t.Errorf("the cards say %q", private)
		}
	}
}

func TestColleaguesAreFoundByNameWorkAndArea(t *testing.T) {
	o := openOffice(t)
	b := o.signedIn(t, "mees")
	all := b.get("/desk/collegas")
	if n := len(all.cards()); n != len(example.People())+len(example.Organisations()) {
		t.Errorf("%d cards of everybody", n)
	}
	for text, want := range map[string][]string{
		"fenna":           {"Fenna Bakboord"},
		"SCHULD":          {"Emre Ankerman", "De Schuldkade"},
		"turks noord":     {"Aylin Polder", "Daan Stuurman", "Emre Ankerman"},
		"coordinator":     {"Willem Sluiswachter"},
		"naaiclub":        {"Buurthuis De Kombuis"},
		"arabisch jeugd":  {"Noor Vissers"},
		"zomaar iets":     {"Willem Sluiswachter"}, // nobody: who to ask
		"uurtoren":        {"Willem Sluiswachter"}, // a word counts from its beginning
		"<script>":        {"Willem Sluiswachter"},
		"ervaringswerker": {"Mees Oeverloper"},
	} {
		a := b.send(all, "/collegas", "wie", text)
		if diff := cmp.Diff(want, a.cards()); diff != "" || a.status != http.StatusOK || a.path != "/desk/collegas" {
			t.Errorf("%s: %d at %s (-want +got):\n%s", text, a.status, a.path, diff)
		}
		if a.Find("#wie").AttrOr("value", "") != text || a.link("Alle collega’s") != "/desk/collegas" {
			t.Errorf("%s: the box has %q, the whole list is at %q", text, a.Find("#wie").AttrOr("value", ""), a.link("Alle collega’s"))
		}
	}
}

func TestACardGoesIntoATelephone(t *testing.T) {
	o := openOffice(t)
	b := o.signedIn(t, "mees")
	a := b.get("/desk/collegas")
	for name, want := range map[string][]string{
		"Lotte van der Sloot": {
			"FN:Lotte van der Sloot", "ORG:Gemeente Waterstad;", "TITLE:generalist", "TEL;TYPE=work:088 000 2004",
			"EMAIL;TYPE=work:lotte@wijkteam.waterstad.example", "LANG;TYPE=work:pl", "NOTE:alle leefgebieden",
		},
		"De Schuldkade": {"KIND:org", "FN:De Schuldkade", "TEL;TYPE=work:088 000 1001", "NOTE:helpt met schulden en een budgetplan"},
	} {
		address := a.card(name).Find("a[href$='.vcf']").AttrOr("href", "")
		got := b.get(address)
		for _, line := range want {
			if !strings.Contains(got.body, "\r\n"+line) {
				t.Errorf("%s has no %q:\n%s", name, line, got.body)
			}
		}
		file := path.Base(address)
		if got.header.Get("Content-Type") != "text/vcard; charset=utf-8" || got.header.Get("Content-Disposition") != "attachment; filename="+file {
			t.Errorf("%s: %s, %s", name, got.header.Get("Content-Type"), got.header.Get("Content-Disposition"))
		}
	}
	o.deactivate(t, "daan")
	for _, address := range []string{"/desk/collegas/daan.vcf", "/desk/collegas/niemand.vcf", "/desk/collegas/fenna", "/desk/partners/niemand.vcf", "/desk/partners/de-schuldkade"} {
		if got := b.get(address); got.status != http.StatusNotFound || !strings.Contains(deskText(got.Find("h1")), "kaartje") {
			t.Errorf("%s: %d %s", address, got.status, deskText(got.Find("h1")))
		}
	}
}

// Budget: the page of colleagues takes three calls to the store, a card two.
func TestColleaguesKeepToTheirBudgetOfStoreCalls(t *testing.T) {
	counter := &keyCounter{}
	o := openOffice(t, through(counter))
	b := o.signedIn(t, "mees")
	for address, most := range map[string]int{"/desk/collegas": 3, "/desk/collegas/fenna.vcf": 2, "/desk/partners/niemand.vcf": 3} {
		counter.take()
		b.get(address)
		if calls := counter.take(); len(calls) > most || slices.Contains(calls, "PutItem") {
			t.Errorf("%s: %v", address, calls)
		}
	}
}
