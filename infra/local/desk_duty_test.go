package main

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"voordeur/infra/local/dynoxide"
	"voordeur/internal/casework"
	"voordeur/internal/dynamo"
)

// The duty screen is whole for everybody when all is well, and when somebody waits; from it one reaches the case by keys.
//
//ux:24
func TestTheDutyScreenIsWholeForEverybody(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	b := newTab(t, p.base)
	b.open("/desk/?login_hint=willem")
	b.press(`nav a[href="/desk/dienst"]`)
	b.inspectWhole("Dienst")
	if said := b.text("main"); !strings.Contains(said, "Alles loopt") || !strings.Contains(said, "De laatste keer") {
		t.Errorf("when nothing waits it says %q", said)
	}
	r := newResident(p.base)
	orFail(t, r.fillIn(t.Context(), callMe()))
	ref, err := r.send(t.Context())
	orFail(t, err)
	p.waitForMails(2)
	b.open("/desk/dienst")
	b.inspectWhole("Dienst")
	if said := b.text("main"); !strings.Contains(said, "Nog niet aangenomen (1)") || !strings.Contains(said, "Alle mail aan collega’s kwam aan.") {
		t.Errorf("when somebody waits it says %q", said)
	}
	b.press(`#offers ~ .vd-cards a[href="/desk/casus/` + string(ref) + `"]`)
	b.open("/desk/mijn-mail")
	b.inspectWhole("Bevestig je e-mailadres")
}

// between works on what a program of Waterstad that was stopped has stored.
func between(t *testing.T, data string, work func(ctx context.Context, store *dynamo.Store)) {
	t.Helper()
	server, err := dynoxide.Start(t.Context(), dynoxide.Options{DBPath: filepath.Join(data, "store.db")})
	orFail(t, err)
	work(t.Context(), &dynamo.Store{
		Client: dynamodb.NewFromConfig(dynoxide.Config(server.Endpoint)), Cases: "waterstad-cases", Short: "waterstad-short",
	})
	orFail(t, server.Stop())
}

// A mail that came back is seen to from the duty screen, and an address that nobody confirmed yet is confirmed by a code,
// by keys alone on a telephone. Every page on the way is whole.
//
//ux:24
func TestWhatDoesNotArriveIsSeenToByKeysAlone(t *testing.T) { // feature:H3 //feature:H5
	t.Parallel()
	addr, data := freeAddress(t), t.TempDir()
	p := launch(t, addr, data)
	r := newResident(p.base)
	orFail(t, r.fillIn(t.Context(), callMe()))
	ref, err := r.send(t.Context())
	orFail(t, err)
	p.waitForMails(2)
	cameBack := p.now().Add(time.Second)
	p.stop()
	between(t, data, func(ctx context.Context, store *dynamo.Store) {
		lead := func(id string) bool { return strings.Contains(id, "-lead-") }
		_, _, err := store.Feedback(ctx, ref, lead, casework.Bounced, cameBack)
		orFail(t, err)
		key := map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "WORKERS"}, "SK": &types.AttributeValueMemberS{Value: "WORKER#mees"},
		}
		_, err = store.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: &store.Cases, Key: key, UpdateExpression: new("SET unconfirmed = email"),
		})
		orFail(t, err)
	})
	p = launch(t, addr, data)
	d := deskTab{newTab(t, p.base), p, "/desk/casus/" + string(ref), map[string]bool{}}
	d.sendsAgain()
	d.confirmsAddress("mees")
}

// sendsAgain has the one mail that came back sent once more.
func (d deskTab) sendsAgain() {
	d.t.Helper()
	d.open("/desk/?login_hint=willem")
	d.enter(`nav a[href="/desk/dienst"]`)
	d.inspectWhole("Dienst")
	if said := d.text("main"); !strings.Contains(said, "Mail die niet aankwam (1)") {
		d.t.Fatalf("the screen says %s", said)
	}
	mailed := len(d.program.mails())
	d.enter(`form[action="/desk/dienst/opnieuw"] button`)
	d.inspectWhole("Dienst")
	if at := d.path(); at != "/desk/dienst?gedaan=opnieuw" || d.count("[role=status]") != 1 {
		d.t.Errorf("sending again leads to %s: %s", at, d.text("main"))
	}
	d.program.waitForMails(mailed + 1)
	d.open("/desk/dienst")
	if said := d.text("main"); !strings.Contains(said, "Mail die niet aankwam (0)") {
		d.t.Errorf("after it was sent again the screen says %s", said)
	}
}

// codeFor waits until a worker is mailed a code.
func (p *program) codeFor(worker string) string {
	p.t.Helper()
	six := regexp.MustCompile(`\b\d{3} \d{3}\b`)
	for end := time.Now().Add(mailedWithin); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, m := range p.mails() {
			if code := six.FindString(m.Text); code != "" && strings.HasPrefix(m.To, worker+"@") {
				return code
			}
		}
	}
	p.t.Fatalf("no code was mailed to %s", worker)
	return ""
}

// confirmsAddress has a worker confirm a new address, at the second try.
func (d deskTab) confirmsAddress(worker string) {
	d.t.Helper()
	d.open("/desk/?login_hint=" + worker)
	d.open("/desk/")
	d.inspect("Vandaag")
	d.enter(`main a[href="/desk/mijn-mail"]`)
	d.inspect("Bevestig je e-mailadres")
	d.enter(`form[action="/desk/mijn-mail/code"] button`)
	d.inspect("Bevestig je e-mailadres")
	digits := d.program.codeFor(worker)
	const confirm = `form[action="/desk/mijn-mail"] button`
	wrong := "000 000"
	if digits == wrong {
		wrong = "000 001"
	}
	d.choose("code", wrong)
	d.enter(confirm)
	d.mendThis("Fout: Bevestig je e-mailadres")
	d.choose("code", digits)
	d.enter(confirm)
	d.inspect("Bevestig je e-mailadres")
	if at := d.path(); at != "/desk/mijn-mail?gedaan=bevestigd" || d.count("main form") > 0 {
		d.t.Errorf("the code leads to %s: %s", at, d.text("main"))
	}
}
