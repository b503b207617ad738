package web_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/local/example"
	"voordeur/infra/local/example/exampletest"
	"voordeur/internal/casework"
	"voordeur/internal/seal"
)

// takenOver is the API of Duinrand after its own system took over one case, and came too late for another.
func takenOver(t *testing.T) *counter {
	t.Helper()
	c := openCounterOf(t, exampletest.In(t, "duinrand"))
	taken, back := c.HandedOff(t, c.now, "kanarieverhaal"), c.HandedOff(t, c.now.Add(time.Minute), "kanarie")
	c.send(call{route: listHandOffs})
	c.send(call{route: getHandOff, path: "/handoffs/" + string(taken.ID)})
	c.confirms(taken.ID)
	k := casework.Click{At: c.now, Case: back.ID, By: casework.Reader{Worker: back.Lead}, Shown: back.Version, Command: "reopen"}
	if err := c.Work.Reopen(t.Context(), k, "De bewoner belt."); err != nil {
		t.Fatal(err)
	}
	if a := c.confirms(back.ID); a.status != http.StatusConflict || a.body["type"] != "https://voordeur.example/problems/reopened" {
		t.Errorf("a case that was taken back is confirmed: %d %s", a.status, a.text)
	}
	if a := c.send(call{route: getHandOff, path: "/handoffs/" + string(back.ID)}); a.status != http.StatusNotFound {
		t.Errorf("a case that was taken back is fetched: %d", a.status)
	}
	return c
}

func (c *counter) confirms(ref casework.Reference) replied {
	c.t.Helper()
	return c.send(call{route: confirm, path: "/handoffs/" + string(ref) + "/confirmation"})
}

// O3, O7: a system lists what is handed off, fetches one, and confirms it: then it leaves the list. Confirmed again, also
// by another request at the same time, it has the same answer.
func TestASystemTakesOverACase(t *testing.T) {
	c := openCounterOf(t, exampletest.In(t, "duinrand"))
	older, newer := c.HandedOff(t, c.now, "{}"), c.HandedOff(t, c.now.Add(time.Minute), "{}")
	listed := func() (numbers []string) {
		for _, one := range c.send(call{route: listHandOffs}).body["handoffs"].([]any) {
			numbers = append(numbers, one.(map[string]any)["reference"].(string))
		}
		return numbers
	}
	if want := []string{string(older.ID), string(newer.ID)}; !slices.Equal(listed(), want) {
		t.Errorf("listed are %v, want %v", listed(), want)
	}
	written := strings.ToLower(strings.ReplaceAll(string(older.ID), "-", ""))
	fetched := c.send(call{route: getHandOff, path: "/handoffs/" + written}).body
	want := map[string]any{
		"reference": string(older.ID), "handed_off": "2026-11-23T09:00:00Z", "confirm_before": "2026-11-30T15:30:00Z", "confirmed": nil,
		"sealed": fetched["sealed"],
	}
	if diff := cmp.Diff(want, fetched); diff != "" {
		t.Errorf("fetched (-want +got):\n%s", diff)
	}
	c.now = c.now.Add(time.Hour)
	first := c.confirms(older.ID)
	c.now = c.now.Add(time.Hour)
	if again := c.confirms(older.ID); again.status != http.StatusOK || again.text != first.text || first.body["confirmed"] != "2026-11-23T10:00:00Z" {
		t.Errorf("confirmed again: %s, first %s", again.text, first.text)
	}
	if want := []string{string(newer.ID)}; !slices.Equal(listed(), want) {
		t.Errorf("listed are %v, want %v", listed(), want)
	}
	if a := c.send(call{route: getHandOff, path: "/handoffs/" + string(older.ID)}); a.body["sealed"] != fetched["sealed"] || a.body["confirmed"] != first.body["confirmed"] {
		t.Errorf("once it is confirmed it is fetched as %s", a.text)
	}
}

// T16, T18: what the API passes on opens with the municipality's own key and no other, as that case of that municipality.
//
// threat:T16
// threat:T18
// invariant:I13
func TestWhatIsFetchedOpensWithTheMunicipalitysOwnKeyAlone(t *testing.T) {
	c := openCounterOf(t, exampletest.In(t, "duinrand"))
	handed := c.HandedOff(t, c.now, "kanarieverhaal")
	a := c.send(call{route: getHandOff, path: "/handoffs/" + string(handed.ID)})
	sealed, err := base64.StdEncoding.DecodeString(a.body["sealed"].(string))
	if err != nil || strings.Contains(string(sealed), "kanarie") {
		t.Fatalf("%v %q", err, sealed)
	}
	key, err := example.CaseSystemKey()
	if err != nil {
		t.Fatal(err)
	}
	other, err := seal.KEM(casework.ForCaseSystem).GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := seal.Open(key, "duinrand", casework.ForCaseSystem, handed.ID, sealed); err != nil || string(plain) != "kanarieverhaal" {
		t.Errorf("opened: %q, %v", plain, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"with another key": func() ([]byte, error) { return seal.Open(other, "duinrand", casework.ForCaseSystem, handed.ID, sealed) },
		"as another case": func() ([]byte, error) {
			return seal.Open(key, "duinrand", casework.ForCaseSystem, "K7M-4RT-9XC", sealed)
		},
		"as another municipality's": func() ([]byte, error) { return seal.Open(key, "waterstad", casework.ForCaseSystem, handed.ID, sealed) },
		"for another purpose":       func() ([]byte, error) { return seal.Open(key, "duinrand", casework.ForContent, handed.ID, sealed) },
		"by the desk": func() ([]byte, error) {
			return c.Opener.Open(t.Context(), casework.ForCaseSystem, handed.ID, sealed)
		},
	} {
		if plain, err := open(); err == nil {
			t.Errorf("%s it opens: %q", name, plain)
		}
	}
	if strings.Contains(c.log.String(), "kanarie") {
		t.Errorf("logged: %s", c.log.String())
	}
}

// I14: of a destroyed case the API knows nothing, before the table has dropped its rows.
func TestADestroyedCaseIsUnknownToASystem(t *testing.T) { // invariant:I14 //threat:T03
	c := openCounterOf(t, exampletest.In(t, "duinrand"))
	ref := c.HandedOff(t, c.now, "{}").ID
	c.confirms(ref)
	do(t, func() error { return c.Work.Confirmed(t.Context(), ref) })
	d, err := c.Store.Dossier(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range d.Messages {
		claimed, err := c.Store.Claim(t.Context(), ref, m.ID, c.now)
		if err != nil {
			t.Fatal(err)
		}
		claimed.Status = casework.Obsolete
		do(t, func() error { return c.Store.Settle(t.Context(), claimed) })
	}
	until, _ := d.Case.Kept()
	c.now = until
	if a := c.send(call{route: getCase, path: "/cases/" + string(ref)}); a.status != http.StatusNotFound {
		t.Errorf("its term is over, and it stands at %d %s", a.status, a.text)
	}
	do(t, func() error { return c.Work.Overdue(t.Context(), c.now, ref) })
	for name, a := range map[string]replied{
		"where it stands": c.send(call{route: getCase, path: "/cases/" + string(ref)}),
		"what it was":     c.send(call{route: getHandOff, path: "/handoffs/" + string(ref)}),
		"a confirmation":  c.confirms(ref),
	} {
		if a.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
}
