package message

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"voordeur/internal/casework"
	"voordeur/internal/municipality"
	"voordeur/schemas"
)

var update = flag.Bool("update", false, "rewrite the golden files") //nolint:gochecknoglobals // a flag of the test binary

const number = casework.Reference("K7M-4RT-9XC")

func links() Links {
	return Links{Public: "https://hulp.waterstad.example", Desk: "https://bureau.waterstad.example/desk/"}
}

// reported is Friday 20 November 2026, 14.05 in Waterstad.
func reported() time.Time { return time.Date(2026, 11, 20, 13, 5, 0, 0, time.UTC) }

func waterstad(tb testing.TB) *municipality.Municipality {
	tb.Helper()
	data, err := schemas.Municipality("waterstad")
	if err != nil {
		tb.Fatal(err)
	}
	m, err := municipality.Read(data)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// letters is every kind of mail in every wording.
func letters(tb testing.TB) map[string]Letter {
	tb.Helper()
	m := waterstad(tb)
	due := m.Due(reported(), municipality.Term{WorkingDays: 1})
	s := Summary{Number: number, Area: "Noord", Priority: municipality.P3, Link: links().CaseLink(number)}
	urgent, soon, away, absent := s, s, s, s
	away.Link, absent.Link = links().Desk, links().AbsenceLink()
	urgent.Priority, soon.Priority = municipality.P1, municipality.P2
	receipt := Receipt{
		Number: number, Received: reported(), ContactBefore: m.Due(reported(), municipality.Term{WorkingDays: 5}),
		Link: links().ResidentLink("dG9rZW4tb2YtYS1yZXNpZGVudC0zMi1ieXRlcy1sb25n", "nl"), Municipality: m,
	}
	other, neutral, linkless := receipt, receipt, receipt
	other.ForOther = true
	neutral.Neutral = true
	linkless.Link = ""
	watched := s
	watched.Link = Links{Desk: "https://bureau.waterstad.example/desk/"}.OversightLink()
	return map[string]Letter{
		"lead":                        Lead{s, due},
		"lead_p2":                     Lead{soon, due},
		"coordinator_nobody_free":     Coordinator{s, NobodyFree, due},
		"coordinator_given_back":      Coordinator{s, GivenBack, due},
		"coordinator_nobody_answered": Coordinator{urgent, NobodyAnswered, due},
		"look":                        Look{urgent, due},
		"unseen":                      Unseen{urgent, due},
		"reminder": Reminder{urgent, []casework.Deadline{
			{For: casework.DueDecide, At: reported()}, {For: casework.DueContact, At: due},
		}},
		"reminder_new_contact":    Reminder{urgent, []casework.Deadline{{For: casework.DueContact, At: due, Told: 1}}},
		"reminder_look":           Reminder{urgent, []casework.Deadline{{For: casework.DueLook, At: reported()}}},
		"reminder_receipt":        Reminder{soon, []casework.Deadline{{For: casework.DueReceipt, At: reported()}}},
		"waiting":                 Waiting{Number: 812, Urgent: 3, Link: Links{Desk: "https://bureau.waterstad.example/desk/"}.QuarantineLink()},
		"reminder_accept":         Reminder{soon, []casework.Deadline{{For: casework.DueAccept, At: reported()}}},
		"coordinator_handed_back": Coordinator{s, HandedBack, due},
		"coordinator_resubmitted": Coordinator{s, Resubmitted, due},
		"late":                    Late{soon, []casework.Deadline{{For: casework.DueReview, At: reported()}}},
		"task_handover":           Task{Summary: s, Event: casework.EvHandoverBegun, Before: due},
		"task_asked":              Task{Summary: s, Event: casework.EvAsked},
		"task_another":            Task{Summary: s, Event: casework.EvAnotherAsked, Before: due},
		"task_lost":               Task{Summary: s, Event: casework.EvLost, Before: due},
		"task_reassigned":         Task{Summary: s, Event: casework.EvReassigned},
		"task_inherited":          Task{Summary: s, Event: casework.EvInherited, Before: due},
		"task_inherited_running":  Task{Summary: s, Event: casework.EvInherited, Before: due, Running: true},
		"task_objected":           Task{Summary: s, Event: casework.EvObjected, Before: due},
		"news_objected":           News{Summary: away, Event: casework.EvObjected, Gone: true},
		"news_handed_back":        News{Summary: away, Event: casework.EvHandedBack, Gone: true},
		"news_taken_back":         News{Summary: away, Event: casework.EvHandedBack, Gone: true, Led: true},
		"news_waitlisted":         News{Summary: away, Event: casework.EvWaitlisted, Gone: true},
		"news_given_up":           News{Summary: s, Event: casework.EvGivenUp},
		"news_withdrawn":          News{Summary: away, Event: casework.EvWithdrawn, Gone: true},
		"news_reassigned":         News{Summary: away, Event: casework.EvReassigned, Gone: true},
		"news_accepted":           News{Summary: away, Event: casework.EvHandoverAccepted, Gone: true, Talk: due},
		"news_ended":              News{Summary: s, Event: casework.EvHandoverEnded},
		"news_answered":           News{Summary: s, Event: casework.EvAnswered},
		"news_refused":            News{Summary: s, Event: casework.EvAnotherRefused},
		"news_reopened":           News{Summary: s, Event: casework.EvReopened},
		"news_closed":             News{Summary: away, Event: casework.EvClosed, Gone: true},
		"news_ask_ended":          News{Summary: away, Event: casework.EvAskEnded, Gone: true},
		"news_unmerged":           News{Summary: s, Event: casework.EvUnmerged},
		"news_found":              News{Summary: s, Event: casework.EvFound},
		"news_passed":             News{Summary: absent, Event: casework.EvPassed, Gone: true},
		"in_place":                InPlace{Reminder{urgent, []casework.Deadline{{For: casework.DueContact, At: reported()}}}, "Fenna Vaart"},
		"glass":                   Glass{Summary: s, Name: "Ilse Duinpan", At: reported()},
		"glass_officer":           Glass{watched, "Ilse Duinpan", reported(), true},
		"code":                    Code{Digits: "048213", Until: due, Link: Links{Desk: "https://bureau.waterstad.example/desk/"}.AddressLink()},
		"undelivered": Undelivered{
			Summary: s, Name: "Fenna Bakboord", Phone: "088 000 2001", Duty: Links{Desk: "https://bureau.waterstad.example/desk/"}.DutyLink(),
		},
		"smoke_test":       SmokeTest{Number: number, Received: reported()},
		"receipt":          receipt,
		"receipt_other":    other,
		"receipt_linkless": linkless,
		"receipt_neutral":  neutral,
	}
}

func write(tb testing.TB, w *Writer, l Letter) Mail {
	tb.Helper()
	return writeIn(tb, w, l, "nl", false)
}

func writeIn(tb testing.TB, w *Writer, l Letter, language string, u bool) Mail {
	tb.Helper()
	mail, err := w.Write(Cover{
		Case: number, ID: "0001-lead-fenna", To: "reader@post.example", ReplyTo: "wijkteam-noord@waterstad.example",
		Language: language, Formal: u, Now: reported(),
	}, l)
	if err != nil {
		tb.Fatal(err)
	}
	return mail
}

func TestMailsReadAsTheGoldenFiles(t *testing.T) {
	w := NewWriter(waterstad(t))
	for name, letter := range letters(t) {
		t.Run(name, func(t *testing.T) { golden(t, name, write(t, w, letter)) })
	}
}

// H11: a receipt is in the language of the form, and says u where the municipality does.
//
// feature:H11
func TestAReceiptIsInTheWordsOfTheForm(t *testing.T) {
	w, all := NewWriter(waterstad(t)), letters(t)
	type words struct {
		language string
		u        bool
	}
	tests := map[string]words{"u": {"nl", true}}
	for _, language := range languages() {
		tests[language] = words{language, language == "pl"} // whose safety text then says u in Dutch
	}
	for name, test := range tests {
		for _, kind := range []string{"", "_other", "_neutral"} {
			t.Run("receipt_"+name+kind, func(t *testing.T) {
				m := writeIn(t, w, all["receipt"+kind], test.language, test.u)
				golden(t, "receipt_"+name+kind, m)
				if !strings.Contains(m.HTML, `<html lang="`+test.language+`" dir="`) {
					t.Errorf("it does not say that it is in %s", test.language)
				}
			})
		}
	}
}

// languages are the languages of mails besides Dutch.
func languages() []string { return []string{"en", "ar", "tr", "uk", "pl", "ti", "so"} }

// golden compares a mail with its golden file.
func golden(t *testing.T, name string, m Mail) {
	t.Helper()
	got := strings.Join([]string{
		"From: " + m.From.Name + " <" + m.From.Address + ">", "To: " + m.To, "Reply-To: " + m.ReplyTo,
		"Date: " + m.Date.Format(time.RFC3339), "Message-ID: " + m.MessageID, "Subject: " + m.Subject, "", m.Text, m.HTML,
	}, "\n")
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("mail differs (-want +got):\n%s", diff)
	}
}

//ux:25
func TestTextAndHTMLSayTheSame(t *testing.T) {
	w := NewWriter(waterstad(t))
	for name, letter := range letters(t) {
		t.Run(name, func(t *testing.T) {
			m := write(t, w, letter)
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Fields(m.Text), strings.Fields(doc.Find("body").Text())); diff != "" {
				t.Errorf("words differ (-text +html):\n%s", diff)
			}
			if lang, _ := doc.Find("html").Attr("lang"); lang != "nl" {
				t.Errorf("lang of HTML = %q, want nl", lang)
			}
			if n := doc.Find("img, script, link, style, iframe, form, object").Length(); n > 0 {
				t.Errorf("HTML holds %d elements that load or run something", n)
			}
		})
	}
}

// threat:T21
//
//ux:16
//ux:25
func TestSubjectsAreShortAndNeutral(t *testing.T) {
	w := NewWriter(waterstad(t))
	topics := []string{
		"schuld", "geld", "wonen", "geweld", "verslav", "kind", "opvoed", "stress", "veilig", "hulp", "wijkteam", "melding",
		"Noord", "Centrum", "Zuid", "dringend", "P1", "regeling", "gezin",
	}
	for name, letter := range letters(t) {
		t.Run(name, func(t *testing.T) {
			m := write(t, w, letter)
			if n := utf8.RuneCountInString(m.Subject); n == 0 || n > MaxSubject {
				t.Errorf("subject %q has %d characters, want 1 to %d", m.Subject, n, MaxSubject)
			}
			for _, topic := range topics {
				if strings.Contains(strings.ToLower(m.Subject), strings.ToLower(topic)) {
					t.Errorf("subject %q gives away %q", m.Subject, topic)
				}
			}
			ofCase := !strings.HasPrefix(name, "receipt") && name != "waiting" && name != "code"
			if ofCase != strings.Contains(m.Subject, string(number)) {
				t.Errorf("subject %q: the number belongs in workers' subjects of a case only", m.Subject)
			}
		})
	}
}

//ux:25
func TestEachMailHasOneFullLink(t *testing.T) {
	w := NewWriter(waterstad(t))
	for name, letter := range letters(t) {
		t.Run(name, func(t *testing.T) {
			m := write(t, w, letter)
			want := 1
			if name == "receipt_neutral" || name == "receipt_linkless" || name == "smoke_test" {
				want = 0
			}
			if got := strings.Count(m.Text, "https://"); got != want {
				t.Errorf("text has %d links, want %d", got, want)
			}
			if got := strings.Count(m.HTML, `href="https://`); got != want || strings.Count(m.HTML, "href=") != want {
				t.Errorf("HTML has %d https links among %d, want %d", got, strings.Count(m.HTML, "href="), want)
			}
		})
	}
}

// threat:T01
func TestANeutralReceiptGivesNothingAway(t *testing.T) {
	m := waterstad(t)
	mail := write(t, NewWriter(m), letters(t)["receipt_neutral"])
	all := strings.Join([]string{mail.From.Name, mail.ReplyTo, mail.Subject, mail.Text, mail.HTML}, "\n")
	for _, hint := range []string{
		m.Service, m.Team, m.Numbers.Team.Name, m.Supporter.Name, m.Supporter.Number, m.Numbers.Emergency.Number,
		"wijk", "team", "hulp in", "helpen", "vraag gekregen", "contactpersoon", "plan", "gevaar", "veilig", "gesprek", "/mijn/",
	} {
		if strings.Contains(strings.ToLower(all), strings.ToLower(hint)) {
			t.Errorf("mail holds %q", hint)
		}
	}
	for _, needed := range []string{string(number), "vrijdag 27 november, 17.00 uur", m.Numbers.Team.Number} {
		if !strings.Contains(mail.Text, needed) {
			t.Errorf("mail lacks %q", needed)
		}
	}
	ordinary := write(t, NewWriter(m), letters(t)["receipt"])
	if mail.Subject != ordinary.Subject {
		t.Errorf("neutral subject %q differs from %q: that alone tells who is in danger", mail.Subject, ordinary.Subject)
	}
}

// H9: the three duties of Wmo art. 2.3.2 and what else a receipt owes.
func TestTheReceiptTellsItsThreeDuties(t *testing.T) {
	m := waterstad(t)
	w := NewWriter(m)
	for _, name := range []string{"receipt", "receipt_other", "receipt_linkless"} {
		text := write(t, w, letters(t)[name]).Text
		for _, needed := range []string{
			"vrijdag 20 november, 14.05 uur", string(number), // receipt
			"vaste contactpersoon neemt vóór vrijdag 27 november, 17.00 uur contact op",
			"Dit hoeft niet. Later vertellen mag ook.", "vóór of op vrijdag 27 november.", // own plan
			"gratis", "onafhankelijke cliëntondersteuner", m.Supporter.Name, m.Supporter.Number, // client supporter
			"ook bellen", m.Numbers.Team.Name, m.Numbers.Team.Number, "eerste gesprek",
		} {
			if !strings.Contains(text, needed) {
				t.Errorf("%s lacks %q:\n%s", name, needed, text)
			}
		}
	}
}

func TestAMessageHasOneMessageIDThatTellsNothing(t *testing.T) {
	w := NewWriter(waterstad(t))
	letter := letters(t)["lead"]
	cover := Cover{Case: number, ID: "0001-lead-fenna", To: "fenna@waterstad.example", Now: reported()}
	first, err := w.Write(cover, letter)
	if err != nil {
		t.Fatal(err)
	}
	cover.Now = reported().Add(time.Hour)
	again, err := w.Write(cover, letter)
	if err != nil {
		t.Fatal(err)
	}
	cover.ID = "0002-lead-fenna"
	next, err := w.Write(cover, letter)
	if err != nil {
		t.Fatal(err)
	}
	if first.MessageID != again.MessageID || first.MessageID == next.MessageID {
		t.Errorf("ids of two tries and another message: %s, %s, %s", first.MessageID, again.MessageID, next.MessageID)
	}
	local, domain, _ := strings.Cut(first.MessageID, "@")
	if domain != "waterstad.example" || strings.Trim(local, "0123456789abcdef") != "" {
		t.Errorf("Message-ID = %q, want hexadecimal at the sender's domain", first.MessageID)
	}
}

func TestLinksJoinWithAndWithoutSlash(t *testing.T) {
	tests := map[string]struct {
		links    Links
		language string
		wantCase string
		wantMine string
	}{
		"with a slash at the end of the desk": {
			Links{Public: "http://127.0.0.1:8080", Desk: "http://127.0.0.1:8080/desk/"},
			"nl",
			"http://127.0.0.1:8080/desk/casus/K7M-4RT-9XC", "http://127.0.0.1:8080/mijn/abc",
		},
		"the other way round": {
			Links{Public: "https://hulp.example/", Desk: "https://bureau.example"},
			"",
			"https://bureau.example/casus/K7M-4RT-9XC", "https://hulp.example/mijn/abc",
		},
		"in another language, for residents": {
			Links{Public: "https://hulp.example", Desk: "https://bureau.example"},
			"en",
			"https://bureau.example/casus/K7M-4RT-9XC", "https://hulp.example/mijn/abc?taal=en",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.links.CaseLink(number); got != test.wantCase {
				t.Errorf("CaseLink = %s, want %s", got, test.wantCase)
			}
			if got := test.links.ResidentLink("abc", test.language); got != test.wantMine {
				t.Errorf("ResidentLink = %s, want %s", got, test.wantMine)
			}
		})
	}
}
