package web

import (
	"slices"
	"strconv"
	"strings"

	"voordeur/internal/form"
)

// paperForm is a path through the form as it stands on paper, put into words. The keys beside its questions are what data
// entry goes by: both are made here, so that they cannot differ.
type paperForm struct {
	wording
	pages []form.Page
}

// newPaperForm puts a path into words. answers may be nil.
func newPaperForm(words wording, d form.Definition, path form.Path) paperForm {
	return paperForm{words, d.Sheet(path, words.municipality)}
}

// key is what stands beside the i-th question of a page: "24", or "52b" where a page asks more.
func (s paperForm) key(p form.Page, i int) string {
	if len(p.Questions) == 1 {
		return p.ID
	}
	return p.ID + string("abcdefghijklmnopqrstuvwxyz"[i])
}

// keysBefore are the keys of the questions with a form key that stand before another one: "11a, 11b" for one that is
// asked in two parts.
func (s paperForm) keysBefore(other, question string) []string {
	var keys []string
	for _, p := range s.pages {
		for i, q := range p.Questions {
			if s.key(p, i) == other {
				return keys
			}
			if q.Key == question {
				keys = append(keys, s.key(p, i))
			}
		}
	}
	return keys
}

// after says which answers further up the question with a key belongs to, "" when it is for everybody.
func (s paperForm) after(key string, p form.Page, q form.Question) string {
	var keys []string
	for _, on := range slices.Concat(p.Show.HangsOn(), q.Show.HangsOn()) {
		keys = append(keys, s.keysBefore(key, on)...)
	}
	keys = slices.Compact(keys)
	if len(keys) == 0 {
		return ""
	}
	return s.texts.T("paper.after", "Keys", strings.Join(keys, ", "))
}

// choices are a question's options in words, in the order of their numbers.
func (s paperForm) choices(p form.Page, q form.Question) []printedOption {
	var options []printedOption
	for i, o := range q.Options {
		option := printedOption{N: i + 1, Label: s.choice(p, q, o)}
		if key := textKey(p, q) + ".option." + o + ".hint"; s.texts.Has(key) {
			option.Hint = s.say(key)
		}
		options = append(options, option)
	}
	return options
}

// choice is one option in words; a helper nobody has named yet goes by the row.
func (s paperForm) choice(p form.Page, q form.Question, o string) string {
	if q.Type == form.PickHelps && !slices.ContainsFunc(s.answers.People(q.From), func(h form.Person) bool { return strconv.Itoa(h.Row) == o }) {
		return s.say("q."+q.From+".person", "N", o)
	}
	return s.option(p, q, o)
}

// relations are the options of who somebody is.
func (s paperForm) relations(q form.Question) []printedOption {
	var options []printedOption
	for i, o := range q.Options {
		options = append(options, printedOption{N: i + 1, Label: s.say("q." + q.Key + ".relation." + o)})
	}
	return options
}

// printedPart is a page of the form as a part of the sheet.
type printedPart struct {
	Section   string // the heading of a section that begins here
	Heading   string
	Text      []string
	Phones    []Phone
	Questions []printedQuestion
}

// printedQuestion is one question with room for its answer.
type printedQuestion struct {
	Key     string
	Label   string
	Hint    string
	After   string // which answers it belongs to
	Options []printedOption
	Many    bool // more than one may be chosen
	Number  bool // an option is written down by its number, not crossed
	Room    []printedRoom
}

// printedOption is one choice with its number.
type printedOption struct {
	N     int
	Label string
	Hint  string
}

// printedRoom is room to write in.
type printedRoom struct {
	Label string // "" for the question's own answer
	Lines []int  // one for each line
}

func ruled(label string, lines int) printedRoom { return printedRoom{label, make([]int, lines)} }

// parts is the sheet for the template.
func (s paperForm) parts(phones func(notice string) []Phone) []printedPart {
	var parts []printedPart
	section := 0
	for _, p := range s.pages {
		part := printedPart{Text: s.paragraphs(p), Phones: phones(p.Notice)}
		if p.Section != section {
			section = p.Section
			part.Section = s.say("paper.section." + strconv.Itoa(section))
		}
		if p.Notice != "" || len(p.Questions) > 1 && p.Questions[0].Type != form.People {
			part.Heading = s.heading(p)
		}
		if p.Notice == "" && p.Questions[0].Type == form.People {
			part.Text = nil // its one paragraph is the question's own hint
		}
		for i, q := range p.Questions {
			part.Questions = append(part.Questions, s.printed(p, i, q))
		}
		parts = append(parts, part)
	}
	return parts
}

func (s paperForm) printed(p form.Page, i int, q form.Question) printedQuestion {
	key := s.key(p, i)
	question := printedQuestion{
		Key: key, Label: s.title(p, i), Hint: s.questionText(p, q, "hint"), After: s.after(key, p, q),
	}
	switch q.Type {
	case form.Choice:
		question.Options = s.choices(p, q)
	case form.Multi, form.PickHelps:
		question.Options, question.Many = s.choices(p, q), true
	case form.Confirm:
		question.Options = []printedOption{{N: 1, Label: question.Label}}
		question.Label = s.say("paper.confirm")
	case form.Date:
		question.Room = []printedRoom{ruled(s.texts.T("paper.date"), 1)}
	case form.People:
		question = s.printedPeople(question, p, q)
	case form.Story:
		question.Room = []printedRoom{ruled("", 6)}
	case form.Line:
		question.Room = []printedRoom{ruled("", 2)}
	case form.Short, form.Name, form.Email, form.Phone, form.Postcode, form.Number, form.Year:
		question.Room = []printedRoom{ruled("", 1)}
	}
	return question
}

// title is what the i-th question of a page asks; one that has no words of its own asks what the one before it asks.
func (s paperForm) title(p form.Page, i int) string {
	for ; i > 0; i-- {
		if title := s.questionText(p, p.Questions[i], "title"); title != "" {
			return title
		}
	}
	return s.questionText(p, p.Questions[0], "title")
}

// printedPeople has a group of lines for each person that can be named.
func (s paperForm) printedPeople(question printedQuestion, p form.Page, q form.Question) printedQuestion {
	text := textKey(p, q)
	if q.Relation {
		question.Options, question.Number = s.relations(q), true
	}
	for n := range q.Max {
		who := s.say(text+".person", "N", n+1)
		question.Room = append(question.Room, ruled(who+" – "+s.say(text+".name.title"), 1))
		if q.Relation {
			question.Room = append(question.Room,
				ruled(s.say("paper.relation"), 1), ruled(s.say(text+".with.title"), 1))
		}
	}
	return question
}
