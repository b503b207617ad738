package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// builtKeys are the keys that the desk puts together: every kind of thing it can name.
func builtKeys() []string {
	var keys []string
	add := func(format string, values ...string) {
		for _, v := range values {
			keys = append(keys, fmt.Sprintf(format, v))
		}
	}
	for _, kind := range taskKinds() {
		add("desk.task.%s.heading", string(kind))
		if kind != taskNone {
			add("desk.task.%s.do", string(kind))
		}
	}
	for _, entry := range menu() {
		add("desk.nav.%s", entry.key)
	}
	add("desk.moment.%s", "yesterday", "today", "tomorrow", "other")
	add("desk.before.%s", "yesterday", "today", "tomorrow", "other")
	for _, unit := range []string{"minutes", "hours", "days"} {
		add("desk.left.%s", unit)
		add("desk.late.%s", unit)
	}
	for _, state := range []casework.State{casework.Assigned, casework.Escalated, casework.Accepted} {
		add("desk.standing.%s", string(state))
		add("desk.lead.%s", string(state))
		add("desk.waits.%s", string(state))
	}
	add("desk.standing.%s", string(casework.Merged))
	add("desk.lead.%s", string(casework.Merged))
	for _, d := range []municipality.Discipline{
		municipality.Generalist, municipality.Debt, municipality.HousingWork, municipality.Youth, municipality.MentalHealth,
	} {
		add("desk.discipline.%s", string(d))
	}
	add("desk.role.%s", string(routing.Coordinator), string(routing.SafeguardingLead), string(routing.ExperienceWorker),
		string(routing.Administrator), string(routing.PrivacyOfficer))
	add("desk.priority.%s", municipality.P1.String(), municipality.P2.String(), municipality.P3.String())
	for _, act := range []string{actAccept, actGiveBack, actLooked, actContacted, actPlace, actMerge, actApart, actUnmerge, actHuman, actNotHuman, actTell} {
		add("desk.act.%s", act)
		add("desk.done.%s", act)
	}
	add("desk.done.%s", actCloseGroup, actUndoGroup)
	add("desk.doubt.%s", string(casework.TooFast), string(casework.Trapped), string(casework.Crowded))
	for _, e := range []casework.EventKind{
		casework.EvAssigned, casework.EvEscalated, casework.EvAccepted, casework.EvGivenBack, casework.EvPassed,
		casework.EvPlaced, casework.EvLooked, casework.EvLookNext, casework.EvContacted, casework.EvReminded, casework.EvMerged,
		casework.EvAdded, casework.EvTold, casework.EvCameBack, casework.EvApart, casework.EvUnmerged, "given_back.escalated", "apart.escalated", "unmerged.running",
	} {
		add("desk.event.%s", string(e))
	}
	for _, m := range []casework.MessageKind{
		casework.MailLead, casework.MailCoordinator, casework.MailLook, casework.MailUnseen, casework.MailReminder, casework.MailReceipt,
		casework.MailWaiting,
	} {
		add("desk.mail.%s", string(m))
	}
	for _, status := range []casework.MessageStatus{
		casework.Pending, casework.Sent, casework.Unsendable, casework.Obsolete, casework.Held, casework.Delivered, casework.Bounced,
		casework.Complained,
	} {
		add("desk.mail.status.%s", string(status))
	}
	for _, why := range []casework.Refusal{
		casework.WrongState, casework.NotYours, casework.OfferPassed, casework.NoReason, casework.NoSuchLead, casework.LookFirst,
		casework.TooLate, casework.NotProposed, casework.SayWhich, casework.AcceptFirst, casework.TellFirst, casework.NotSafe, "not_yours.running",
	} {
		add("desk.refused.%s", string(why))
	}
	for _, way := range []casework.Way{casework.ByCall, casework.ByText, casework.ByEmail, casework.ByLetter, casework.ByVisit} {
		add("desk.way.%s", string(way))
	}
	add("desk.tell.by.%s", string(casework.ByCall), string(casework.ByText), string(casework.ByLetter), string(casework.ByVisit), string(casework.ByNoWay))
	for _, way := range casework.EntryWays() {
		add("desk.entry.way.%s", string(way), string(way)+".text")
	}
	for _, way := range []string{"counter", "phone"} {
		for _, moment := range []string{"begin", "safe", "other"} {
			add("desk.entry.script.%s", way+"."+moment+".title", way+"."+moment+".text")
		}
	}
	for _, to := range []casework.Recipient{casework.ToResident, casework.ToHelper, casework.ToIntermediary} {
		add("desk.entry.updates.%s", string(to))
		add("desk.entered.updates.%s", string(to))
	}
	add("desk.entry.intro.%s", "typed", "spoken")
	add("desk.told.message.%s", "yes", "no", "unknown", "skipped")
	for _, topic := range []string{"language", "helpers", "companion", "invite_how"} {
		add("desk.told.%s", topic)
	}
	add("desk.told.%s", "areas", "area_main", "story", "hard_date", "children", "goal", "safe_now", "basics", "call_today",
		"hide_from", "for_whom", "birth_year", "orgs_now", "known_worker", "open_report", "place", "moment", "access_needs",
		"experience", "going_well", "give_back")
	keys = append(keys, "desk.refused.title")
	pages := []string{"entry.another", "entry.changed", "again.401", "again.403", "accessibility", "left", "inactive", "changed", "give_back", "place", "unmerge", "judged", "sample", "undone", "colleague.none"}
	for _, why := range []refusedSignIn{signInForged, signInNoMFA, signInStranger, signInDown} {
		pages = append(pages, "sign_in."+string(why))
	}
	for _, status := range []int{
		http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusInternalServerError,
	} {
		pages = append(pages, fmt.Sprintf("failed.%d", status))
	}
	add("desk.%s.title", pages...)
	add("desk.%s.text", pages...)
	add("desk.%s.reason.label", "give_back", "place", "unmerge")
	add("desk.%s.send", "give_back", "place", "unmerge")
	add("desk.%s.reason.hint", "give_back", "place", "unmerge")
	return keys
}

// writtenKeys are the keys that stand whole in the desk's code and templates.
func writtenKeys(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("desk*.go")
	if err != nil {
		t.Fatal(err)
	}
	templates, err := fs.Glob(templateFiles, "templates/desk/*.gohtml")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	key := regexp.MustCompile(`"(desk\.[a-zA-Z0-9_.]*[a-zA-Z0-9_])"`)
	for _, name := range append(files, templates...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(content), -1) {
			keys = append(keys, m[1])
		}
	}
	return keys
}

// TestEveryDeskTextIsThereAndUsed holds code and texts together: no key without a text, no text without a use.
func TestEveryDeskTextIsThereAndUsed(t *testing.T) { //ux:19
	texts, err := NewCatalog().In("nl")
	if err != nil {
		t.Fatal(err)
	}
	keys := slices.Concat(builtKeys(), workKeys(), writtenKeys(t))
	begins := func(key string) bool { // of a page: its title, text …
		return slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, key+".") })
	}
	for _, key := range keys {
		if !texts.Has(key) && !begins(key) {
			t.Errorf("%s has no text", key)
		}
	}
	for key := range texts.keys {
		if strings.HasPrefix(key, "desk.") && !slices.Contains(keys, key) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// TestTheDeskSpeaksPlainly holds the texts to B1: no long sentence, short ones on average, no words to avoid.
func TestTheDeskSpeaksPlainly(t *testing.T) { //ux:20
	texts, err := NewCatalog().In("nl")
	if err != nil {
		t.Fatal(err)
	}
	words, sentences := 0, 0
	for key := range texts.keys {
		if !strings.HasPrefix(key, "desk.") {
			continue
		}
		text := texts.T(key, "Count", 2)
		for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(".?!\n", r) }) {
			n := len(strings.Fields(sentence))
			words, sentences = words+n, sentences+1
			if n > 15 {
				t.Errorf("%s: %d words in one sentence: %s", key, n, sentence)
			}
		}
		for _, avoid := range []string{"verplicht veld", "ongeldig", "optioneel", "graag ", "middels", "indien", "u "} {
			if strings.Contains(" "+strings.ToLower(text)+" ", " "+avoid) {
				t.Errorf("%s says %q", key, avoid)
			}
		}
	}
	if mean := float64(words) / float64(sentences); mean > 10 {
		t.Errorf("%.1f words a sentence, want at most 10", mean)
	}
}
