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
		if kind != taskNone {
			add("desk.task.%s.do", string(kind))
		}
	}
	for _, part := range todayParts() {
		add("desk.today.part.%s", string(part))
	}
	add("desk.team.part.%s", string(partNew), string(partAsked))
	add("desk.team.group.%s", "later", "rows", "handed", "stays")
	for _, fault := range []casework.AbsenceFault{
		casework.AwayBefore, casework.AwayBackwards, casework.AwayTooLong, casework.AwayTwice, casework.StandInSelf, casework.StandInCannot,
		casework.StandInAway,
	} {
		add("desk.absence.fault.%s", string(fault))
	}
	for _, field := range []string{fromField, toField, standInField} {
		add("desk.ask.afwezig.%s", field+".label", field+".hint", field+".required")
	}
	add("desk.ask.doorgeven.%s", "reason.label", "reason.hint")
	add("desk.field.%s.required", watchedField)
	add("desk.changed.%s", "title", "text", "self.title", "self.text")
	add("desk.done.%s", "afwezig")
	for _, entry := range menu() {
		add("desk.nav.%s", entry.key)
	}
	add("desk.moment.%s", "yesterday", "today", "tomorrow", "other")
	add("desk.before.%s", "yesterday", "today", "tomorrow", "other")
	for _, unit := range []string{"minutes", "hours", "days"} {
		add("desk.left.%s", unit)
		add("desk.late.%s", unit)
	}
	for _, state := range casework.States()[1:] { // a report that has no case yet is on no page
		add("desk.standing.%s", string(state))
		add("desk.lead.%s", string(state))
	}
	for _, kind := range casework.DeadlineKinds() {
		if kind != casework.DueLook && kind != casework.DueLookNext && kind != casework.DueReceipt {
			add("desk.waits.%s", string(kind))
		}
	}
	for _, d := range []municipality.Discipline{
		municipality.Generalist, municipality.Debt, municipality.HousingWork, municipality.Youth, municipality.MentalHealth,
	} {
		add("desk.discipline.%s", string(d))
	}
	add("desk.role.%s", string(routing.Coordinator), string(routing.SafeguardingLead), string(routing.ExperienceWorker),
		string(routing.Administrator), string(routing.PrivacyOfficer))
	for _, category := range municipality.Categories() {
		add("desk.category.%s", string(category))
	}
	add("desk.priority.%s", municipality.P1.String(), municipality.P2.String(), municipality.P3.String())
	for _, act := range append(newDesk(Desk{}).acts(), act{name: actHuman}, act{name: actNotHuman}) {
		add("desk.act.%s", act.name)
		add("desk.done.%s", act.name)
	}
	add("desk.done.%s", actCloseGroup, actUndoGroup, actSeenGlass)
	add("desk.done.%s", actCode, actAddress)
	add("desk.address.%s", "wrong", "over")
	for _, act := range []string{actSendAgain, actPassedOn} {
		add("desk.act.%s", act)
		add("desk.done.%s", act)
	}
	for _, group := range []string{"looks", "mails", "offers", "queues", "waiting"} {
		add("desk.duty.%s", group+".heading", group+".empty")
	}
	add("desk.duty.%s", "waiting.team", "never.title", "never.text", "stopped.title", "stopped.text", "left.title", "left.text")
	add("desk.duty.%s.do", "look", "offer", "queue", "wait")
	add("desk.duty.why.%s", string(casework.NobodyFits), string(casework.NobodyTook), string(casework.LeadGone))
	add("desk.duty.trouble.%s", string(casework.Owed), string(casework.NoWord), string(casework.Returned), string(casework.Unsent))
	add("desk.doubt.%s", string(casework.TooFast), string(casework.Trapped), string(casework.Crowded))
	for _, e := range append(movesOf(casework.Moves()), "given_back.escalated", "apart.escalated", "unmerged.running", "missed.helper", "handover_ended.left", "inherited.running") {
		add("desk.event.%s", string(e))
	}
	for _, m := range []casework.MessageKind{
		casework.MailLead, casework.MailCoordinator, casework.MailLook, casework.MailUnseen, casework.MailReminder, casework.MailReceipt,
		casework.MailWaiting, casework.MailLate, casework.MailTask, casework.MailNews, casework.MailGlass,
		casework.MailUndelivered,
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
		casework.WrongState, casework.NotYours, casework.OfferPassed, casework.NoReason, casework.NoSuchLead, casework.KnowsThem,
		casework.LookFirst, casework.TooLate, casework.NotProposed, casework.SayWhich, casework.AcceptFirst, casework.TellFirst, casework.NotSafe,
		casework.NotYet, casework.TryAgain, casework.NoSuchDate, casework.NotSo, casework.NoBasis, casework.NotHere, casework.IsConfirmed,
		"not_yours.running",
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
	add("desk.nav.%s", "today", "cases", "search", "colleagues", "entry", "duty", "quarantine", "oversight")
	pages := []string{"entry.another", "entry.changed", "again.401", "again.403", "no_case", "accessibility", "left", "inactive", "changed", "judged", "sample", "undone", "seen_to", "colleague.none"}
	for _, why := range []refusedSignIn{signInForged, signInNoMFA, signInStranger, signInDown, signInStale} {
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
	return keys
}

func movesOf(moves []casework.Move) []casework.EventKind {
	var kinds []casework.EventKind
	for _, m := range moves {
		kinds = append(kinds, m.Kind)
	}
	return kinds
}

// ofAnAct says whether a key is of an act's page: of the page itself, or of a field that some act has. That each page and
// field has its words is seen by TestEveryRouteOfTheDeskKeepsToItsBudget.
func ofAnAct(t *testing.T, key string) bool {
	t.Helper()
	of, found := strings.CutPrefix(key, "desk.ask.")
	if !found {
		of, found = strings.CutPrefix(key, "desk.field.")
		return found && fieldKeys(t)[strings.Split(of, ".")[0]]
	}
	name, what, _ := strings.Cut(of, ".")
	field := strings.Split(what, ".")[0]
	return newDesk(Desk{}).actOf(name).name != "" && (slices.Contains([]string{"title", "text", "send"}, what) || fieldKeys(t)[field])
}

// fieldKeys are the fields that acts ask for, as their constants have them.
func fieldKeys(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("desk_acts*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{"agreed": true, "day": true}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\t\w+Field +(?:Ways)?= "(\w+)"`).FindAllStringSubmatch(string(content), -1) {
			keys[m[1]] = true
		}
	}
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
		if strings.HasPrefix(key, "desk.") && !slices.Contains(keys, key) && !ofAnAct(t, key) {
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
