package main

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"

	"voordeur/internal/casework"
	"voordeur/internal/directory"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
	"voordeur/internal/routing"
)

// most is how many characters a cell with free text has at most.
const most = 100

// hoursMost is how many hours a week somebody works at most.
const hoursMost = 48

var (
	idPattern     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	numberPattern = regexp.MustCompile(`^\+?[0-9][0-9 -]{1,18}[0-9]$`)
)

// person is a worker as a line of the file has them.
type person struct {
	row  row
	card directory.Card
	routing.Worker
}

// duty is who is on duty on one weekday.
type duty struct {
	row row
	day string // "monday"
	ids []string
}

// partner is an organisation as a line of the file has it.
type partner struct {
	row row
	directory.Organisation
}

// loaded is what the files say. A kind of file that was not given leaves that part as it is.
type loaded struct {
	sheets   map[kind]sheet // those that were read to their end
	people   []person
	duties   []duty
	partners []partner
	faults   faults
}

// load reads the files, at most one of each kind, and finds every fault in them.
func load(m *municipality.Municipality, paths []string) (loaded, error) {
	l := loaded{sheets: map[kind]sheet{}}
	check := validator.New()
	for _, path := range paths {
		s, found, err := readSheet(path)
		if err != nil {
			return loaded{}, err
		}
		l.faults = append(l.faults, found...)
		if _, twice := l.sheets[s.kind]; twice {
			return loaded{}, errors.New("noem van elk soort bestand er één")
		}
		if !s.cut {
			l.sheets[s.kind] = s
		}
		for _, r := range s.rows {
			c := cells{row: r, kind: s.kind, municipality: m, validate: check}
			switch s.kind {
			case workers:
				l.people = append(l.people, c.person())
			case roster:
				l.duties = append(l.duties, c.duty())
			case partners:
				l.partners = append(l.partners, c.partner())
			}
			l.add(c.found)
		}
	}
	l.add(l.repeated())
	return l, nil
}

// add takes in faults, but for those of a cell that has one already.
func (l *loaded) add(more faults) {
	for _, f := range more {
		if f.column == "" || !slices.ContainsFunc(l.faults, func(g fault) bool {
			return g.file == f.file && g.line == f.line && g.column == f.column
		}) {
			l.faults = append(l.faults, f)
		}
	}
}

// repeated tells what an earlier line of the same file has too.
func (l *loaded) repeated() faults {
	var found faults
	once := func(column string, seen map[string]int, r row, value string) {
		if before, twice := seen[value]; twice && value != "" {
			found = append(found, r.at(column, fmt.Sprintf("dit staat ook op regel %d, maak er één van", before)))
			return
		}
		seen[value] = r.line
	}
	ids, emails, days, organisations := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, p := range l.people {
		once(string(workers), ids, p.row, p.ID)
		once(colEmail, emails, p.row, strings.ToLower(p.card.Email))
	}
	for _, d := range l.duties {
		once(string(roster), days, d.row, d.day)
	}
	for _, p := range l.partners {
		once(string(partners), organisations, p.row, p.ID)
	}
	return found
}

// cells reads the cells of one line and collects what is wrong with them.
type cells struct {
	row
	kind         kind
	municipality *municipality.Municipality
	validate     *validator.Validate
	found        faults
}

func (c *cells) fault(column, text string) {
	c.found = append(c.found, c.at(column, text))
}

func (c *cells) person() person {
	id := c.id()
	p := person{
		row: c.row,
		card: directory.Card{
			ID: id, Name: c.text(colName), Email: c.email(), Phone: c.phone(isDialled), Function: c.text(colFunction),
		},
		Worker: routing.Worker{
			ID: id, Active: true, Team: c.team(),
			Roles:       choices(c, colRoles, roles()),
			Disciplines: choices(c, colDisciplines, disciplines()),
			Languages:   choices(c, colLanguages, languages()),
		},
	}
	var told bool
	p.Contracted, told = c.hours(colHours)
	if p.Reserved, _ = c.hours(colReserved); told && p.Reserved > p.Contracted {
		c.fault(colReserved, "dit is meer dan de uren, kies een lager getal")
	}
	if len(p.Languages) == 0 {
		c.fault(colLanguages, "vul dit in, bijvoorbeeld Nederlands")
	}
	if len(p.Roles) > 1 && p.Aside() != "" {
		c.fault(colRoles, "beheerder, privacyfunctionaris en partner gaan niet samen met een andere rol, kies er één")
	}
	p.LeftOn = c.date(colLeftOn)
	return p
}

func (c *cells) duty() duty {
	d := duty{row: c.row, day: days()[strings.ToLower(c.cells[string(roster)])]}
	if d.day == "" {
		c.fault(string(roster), "schrijf een dag, bijvoorbeeld maandag")
	}
	for _, turn := range turns() {
		id := c.cells[turn]
		switch {
		case id == "":
		case slices.Contains(d.ids, id):
			c.fault(turn, "deze medewerker staat al eerder op deze regel")
		default:
			d.ids = append(d.ids, id)
		}
	}
	if len(d.ids) == 0 {
		c.fault(turns()[0], "vul dit in")
	}
	return d
}

func (c *cells) partner() partner {
	return partner{c.row, directory.Organisation{
		ID: c.id(), Name: c.text(colName), Can: c.text(colCan), Phone: c.phone(numberPattern.MatchString),
	}}
}

// id is the first cell; "" when it is none, since ids are printed. Two words of the history are nobody's id.
func (c *cells) id() string {
	column := string(c.kind)
	id := c.cells[column]
	switch {
	case id == "":
		c.fault(column, "vul dit in")
		return ""
	case len(id) > 40 || !idPattern.MatchString(id):
		c.fault(column, "gebruik hoogstens 40 kleine letters, cijfers en streepjes")
		return ""
	case id == casework.Service || id == casework.Resident:
		c.fault(column, "dit woord gebruikt de dienst zelf, kies een ander")
	}
	return id
}

func (c *cells) text(column string) string {
	text := c.cells[column]
	switch {
	case text == "":
		c.fault(column, "vul dit in")
	case utf8.RuneCountInString(text) > most:
		c.fault(column, fmt.Sprintf("gebruik hoogstens %d tekens", most))
	}
	return text
}

func (c *cells) email() string {
	text := c.cells[colEmail]
	switch {
	case c.validate.Var(text, "required,email,max=254") != nil:
		c.fault(colEmail, "vul een e-mailadres in, bijvoorbeeld anna@wijkteam.example")
	case c.validate.Var(text, "printascii") != nil: // Amazon SES sends to no other
		c.fault(colEmail, "schrijf het e-mailadres met gewone letters, van a tot en met z")
	}
	return text
}

func isDialled(number string) bool { _, ok := form.DialPhone(number); return ok }

func (c *cells) phone(ok func(string) bool) string {
	text := c.cells[colPhone]
	if !ok(text) {
		c.fault(colPhone, "vul een nummer in, bijvoorbeeld 06 12345678")
	}
	return text
}

func (c *cells) team() string {
	ids := make([]string, len(c.municipality.Teams))
	for i, t := range c.municipality.Teams {
		ids[i] = t.ID
	}
	id := c.cells[colTeam]
	if !slices.Contains(ids, id) {
		c.fault(colTeam, "kies uit: "+strings.Join(ids, ", "))
	}
	return id
}

func (c *cells) hours(column string) (n int, ok bool) {
	n, err := strconv.Atoi(c.cells[column])
	if err != nil || n < 0 || n > hoursMost {
		c.fault(column, fmt.Sprintf("vul hele uren in, van 0 tot en met %d", hoursMost))
		return 0, false
	}
	return n, true
}

// date reads a day, not compulsory, as people write it or as spreadsheets do: "1-12-2026", "2026-12-01".
func (c *cells) date(column string) string {
	text := c.cells[column]
	if text == "" {
		return ""
	}
	for _, layout := range []string{"2-1-2006", time.DateOnly} {
		if day, err := time.Parse(layout, text); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	c.fault(column, "schrijf een datum, bijvoorbeeld 1-12-2026")
	return ""
}

// choices reads words with commas between, each of which stands for a value.
func choices[T ~string](c *cells, column string, words map[string]T) []T {
	var chosen []T
	for word := range strings.SplitSeq(c.cells[column], ",") {
		word = strings.ToLower(strings.TrimSpace(word))
		if word == "" {
			continue
		}
		value, ok := words[word]
		switch {
		case !ok:
			c.fault(column, "kies uit: "+strings.Join(slices.Sorted(maps.Keys(words)), ", "))
		case slices.Contains(chosen, value):
			c.fault(column, "een woord staat er twee keer")
		default:
			chosen = append(chosen, value)
		}
	}
	return chosen
}

func roles() map[string]routing.Role {
	return map[string]routing.Role{
		"coördinator": routing.Coordinator, "aandachtsfunctionaris": routing.SafeguardingLead,
		"ervaringswerker": routing.ExperienceWorker, "beheerder": routing.Administrator,
		"privacyfunctionaris": routing.PrivacyOfficer, "partner": routing.Partner,
	}
}

func disciplines() map[string]municipality.Discipline {
	return map[string]municipality.Discipline{
		"generalist": municipality.Generalist, "schuldhulp": municipality.Debt, "wonen": municipality.HousingWork,
		"jeugd": municipality.Youth, "geestelijke gezondheid": municipality.MentalHealth,
	}
}

// languages lists those that a resident can ask for, as the form calls them.
func languages() map[string]string {
	return map[string]string{
		"nederlands": "nl", "engels": "en", "arabisch": "ar", "turks": "tr", "oekraïens": "uk", "pools": "pl",
		"tigrinya": "ti", "somalisch": "so",
	}
}

func days() map[string]string {
	return map[string]string{
		"maandag": "monday", "dinsdag": "tuesday", "woensdag": "wednesday", "donderdag": "thursday",
		"vrijdag": "friday", "zaterdag": "saturday", "zondag": "sunday",
	}
}
