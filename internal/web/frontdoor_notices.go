package web

import (
	"slices"
	"strconv"

	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// What safety texts say informs and never blocks: a notice stands on the page after a worrying answer, above the next
// question, and the way on is the ordinary button.

// underTwelve is the age below which the page also says to ask a grown-up, in years.
const underTwelve = 12

// noticeAfter returns what to say about the answers of the page before, nil for nothing.
func (d *frontdoor) noticeAfter(texts *Texts, before form.Page, k walk) *Alert {
	for _, q := range before.Questions {
		if q.Key == "helpers" && k.answers.Has("helpers", "none") {
			return &Alert{Lines: lines(texts.T("notice.nobody.text")), Tone: Good}
		}
		if notice := worry(q.Key, k); notice != "" {
			return d.alarm(texts, notice)
		}
	}
	return nil
}

// noticeBack is noticeAfter for who comes back to the check page. Help that is for somebody else from now on makes name,
// place and safety that person's, and the page that says so, and whether to talk first, was passed by.
func (d *frontdoor) noticeBack(texts *Texts, changed form.Page, k walk) *Alert {
	if k.answers.ForOther() && slices.Contains(changed.Fields(), "for_whom") {
		return d.alarm(texts, "about_other")
	}
	return d.noticeAfter(texts, changed, k)
}

// worry returns the notice that an answer calls for, "" for none.
func worry(key string, k walk) (notice string) {
	a := k.answers
	switch key {
	case "safe_now":
		if a.Has(key, "sometimes", "no", "rather_not") {
			return "unsafe"
		}
	case "hide_from":
		if a.Has(key, "yes", "rather_not") {
			return "hidden"
		}
	case "basics":
		if a.Has(key, "food", "bed", "medicine", "other") {
			return "missing"
		}
	case "birth_year":
		born, err := strconv.Atoi(a.One(key))
		switch {
		case err != nil || !a.ChildAlone(k.context.Today):
			return ""
		case municipality.Local(k.context.Today).Year()-born < underTwelve:
			return "young_child"
		}
		return "child"
	}
	return ""
}

// alarm is a notice with its numbers, large.
func (d *frontdoor) alarm(texts *Texts, notice string) *Alert {
	return &Alert{
		Heading: texts.T("notice." + notice + ".title"),
		Lines:   append(lines(texts.T("notice."+notice+".text")), dutchLines(texts, "notice."+notice+".title", "notice."+notice+".text")...),
		Phones:  d.phones(texts, notice),
		Tone:    Urgent,
	}
}

// dutchLines returns texts in Dutch as lines, to stand under the translation; none on a page that is in Dutch.
func dutchLines(texts *Texts, keys ...string) []string {
	var all []string
	for _, key := range keys {
		all = append(all, lines(texts.Dutch(key))...)
	}
	return all
}

// phones returns the numbers that belong to a notice, always those of the municipality's configuration.
func (d *frontdoor) phones(texts *Texts, notice string) []Phone {
	return phonesFor(d.Municipality, texts, notice)
}

func phonesFor(m *municipality.Municipality, texts *Texts, notice string) []Phone {
	n := m.Numbers
	emergency := phone(texts, n.Emergency, "emergency")
	safeHome := phone(texts, n.SafeHome, "safe_home")
	suicide := phone(texts, n.Suicide, "suicide")
	child := phone(texts, n.Child, "child")
	switch notice {
	case "numbers":
		return []Phone{emergency, suicide, safeHome, child}
	case "unsafe":
		return []Phone{emergency, safeHome, suicide}
	case "hidden", "talk_safely", "about_other":
		return []Phone{safeHome, emergency}
	case "missing":
		return []Phone{phone(texts, n.Team, "team")}
	case "child", "young_child":
		return []Phone{child, emergency}
	}
	return nil
}

// phone is a number with what to know before calling it.
func phone(texts *Texts, n municipality.Number, key string) Phone {
	note := "phone." + key + ".note"
	return Phone{Name: n.Name, Number: n.Number, Note: texts.T(note), Dutch: texts.Dutch(note)}
}
