package web

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"voordeur/internal/directory"
	"voordeur/internal/form"
	"voordeur/internal/message"
	"voordeur/internal/routing"
)

const (
	colleaguesPath = "/desk/collegas"
	partnersPath   = "/desk/partners"
	cardSuffix     = ".vcf"
	whoField       = "wie"
)

// colleaguesPage is who is who in the neighbourhood (G11): colleagues by team, then partners.
type colleaguesPage struct {
	Frame
	Search lookFor
	All    string   // address of the whole list, "" when this is it
	Empty  []string // what to do when nobody was found
	Groups []colleagueGroup
}

type colleagueGroup struct {
	ID      string
	Heading string
	Cards   []colleagueCard
}

// colleagueCard is one card: what somebody's work is and how to call. It holds nothing private.
type colleagueCard struct {
	Name   string
	Is     string // function, "" of a partner
	Badges []Badge
	Lines  []string // what they can do, which languages they speak
	Phone  string
	Email  string // "" of a partner
	File   string // address of the card as a file

	found string // what a search looks at, in plain words
}

// colleagues shows everybody.
func (d *desk) colleagues(w http.ResponseWriter, r *http.Request, s seat) error {
	return d.showColleagues(w, r, s, "")
}

// findColleagues shows whom a search by name, work or area finds. It is a POST, so that no name stands in an address.
func (d *desk) findColleagues(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	return d.showColleagues(w, r, s, strings.TrimSpace(r.PostForm.Get(whoField)))
}

func (d *desk) showColleagues(w http.ResponseWriter, r *http.Request, s seat, typed string) error {
	v, err := d.words(s)
	if err != nil {
		return err
	}
	partners, err := d.Store.Organisations(r.Context())
	if err != nil {
		return err
	}
	p := colleaguesPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.colleagues.title"), colleaguesPath),
		Search: lookFor{
			Action: colleaguesPath, Token: s.token(colleaguesPath), Button: v.texts.T("desk.search.button"),
			Field: Field{Text: &TextField{
				Ask:  Ask{ID: whoField, Label: v.texts.T("desk.colleagues.label"), Hint: v.texts.T("desk.colleagues.hint")},
				Name: whoField, Value: typed, Type: "text", Autocomplete: "off", Width: WidthMedium,
			}},
		},
		Groups: withWords(append(v.teams(), v.partners(partners)), typed),
	}
	if typed != "" {
		p.All = colleaguesPath
	}
	if len(p.Groups) == 0 {
		p.Empty = lines(v.texts.T("desk.colleagues.empty"))
		p.Groups = []colleagueGroup{v.colleagueGroup("coordinator", v.texts.T("desk.colleagues.ask"), func(w routing.Worker) bool {
			return slices.Contains(w.Roles, routing.Coordinator)
		})}
	}
	return d.render(w, http.StatusOK, "colleagues", p)
}

// withWords keeps the cards on which each of the words begins a word, and the groups in which there are any.
func withWords(groups []colleagueGroup, words string) []colleagueGroup {
	var left []colleagueGroup
	for _, g := range groups {
		g.Cards = slices.DeleteFunc(g.Cards, func(c colleagueCard) bool {
			return slices.ContainsFunc(strings.Fields(form.PlainWords(words)), func(word string) bool {
				return !strings.Contains(" "+c.found, " "+word)
			})
		})
		if len(g.Cards) > 0 {
			left = append(left, g)
		}
	}
	return left
}

// teams is everybody who works here, team by team.
func (v deskWords) teams() []colleagueGroup {
	var groups []colleagueGroup
	for _, team := range v.municipality.Teams {
		groups = append(groups, v.colleagueGroup("team-"+team.ID, team.Name, func(w routing.Worker) bool { return w.Team == team.ID }))
	}
	return groups
}

// colleagueGroup is those who work here and are meant, by name.
func (v deskWords) colleagueGroup(id, heading string, meant func(routing.Worker) bool) colleagueGroup {
	g := colleagueGroup{ID: id, Heading: heading}
	for _, w := range v.people.Workers {
		if w.WorksOn(v.now) && meant(w) {
			g.Cards = append(g.Cards, v.colleague(w))
		}
	}
	slices.SortFunc(g.Cards, func(a, b colleagueCard) int { return cmp.Compare(a.Name, b.Name) })
	return g
}

func (v deskWords) colleague(w routing.Worker) colleagueCard {
	card := v.people.Cards[w.ID]
	c := colleagueCard{
		Name: card.Name, Is: card.Function, Phone: card.Phone, Email: card.Email, Badges: v.presence(w),
		File: colleaguesPath + "/" + w.ID + cardSuffix,
	}
	offers, speaks := v.offers(w), v.speaks(w)
	if offers != "" {
		c.Lines = append(c.Lines, v.texts.T("desk.colleague.offers", "What", offers))
	}
	if speaks != "" {
		c.Lines = append(c.Lines, v.texts.T("desk.colleague.speaks", "Languages", speaks))
	}
	c.found = form.PlainWords(strings.Join(append(v.placesOf(w.Team), card.Name, card.Function, offers, speaks), " "))
	return c
}

// presence says whether a colleague is there today.
func (v deskWords) presence(w routing.Worker) []Badge {
	last, away := w.AwayUntil(v.now)
	day, err := time.Parse(time.DateOnly, last)
	switch {
	case away && err == nil:
		return []Badge{{Text: v.texts.T("desk.colleague.away", "Day", message.Day(day)), Tone: Heed}}
	case slices.Contains(v.people.Roster.OnDuty(v.now, v.people.Workers), w.ID):
		return []Badge{{Text: v.texts.T("desk.colleague.duty"), Tone: Good}}
	}
	return []Badge{{Text: v.texts.T("desk.colleague.present"), Tone: Quiet}}
}

// offers is what a colleague can do: what the disciplines and roles are good for, "schuldhulp, eigen ervaring".
func (v deskWords) offers(w routing.Worker) string {
	var said []string
	for _, d := range w.Disciplines {
		said = append(said, v.texts.T("desk.discipline."+string(d)))
	}
	for _, role := range w.Roles {
		if key := "desk.role." + string(role); v.texts.Has(key) {
			said = append(said, v.texts.T(key))
		}
	}
	return strings.Join(said, ", ")
}

// speaks is which languages a colleague speaks besides Dutch, by the names that the form has for them.
func (v deskWords) speaks(w routing.Worker) string {
	var said []string
	for _, language := range w.Languages {
		name := strings.ToUpper(language)
		if key := "q.language.option." + language; v.texts.Has(key) {
			name, _, _ = strings.Cut(v.texts.T(key), " (")
		}
		if language != fallback {
			said = append(said, name)
		}
	}
	return strings.Join(said, ", ")
}

// placesOf names a team and the areas that it serves.
func (v deskWords) placesOf(team string) []string {
	var places []string
	for _, t := range v.municipality.Teams {
		if t.ID == team {
			places = append(places, t.Name)
		}
	}
	for _, area := range v.municipality.Areas {
		if area.Team == team {
			places = append(places, area.Name)
		}
	}
	return places
}

func (v deskWords) partners(organisations []directory.Organisation) colleagueGroup {
	g := colleagueGroup{ID: "partners", Heading: v.texts.T("desk.colleagues.partners")}
	for _, o := range organisations {
		g.Cards = append(g.Cards, colleagueCard{
			Name: o.Name, Lines: []string{o.Can}, Phone: o.Phone, File: partnersPath + "/" + o.ID + cardSuffix,
			found: form.PlainWords(o.Name + " " + o.Can),
		})
	}
	return g
}

// colleagueCard sends the card of somebody who works here, for a telephone.
func (d *desk) colleagueCard(w http.ResponseWriter, r *http.Request, s seat) error {
	id, isFile := strings.CutSuffix(r.PathValue("card"), cardSuffix)
	worker, _ := s.people.Worker(id)
	if !isFile || !worker.WorksOn(d.Now()) {
		return d.say(w, r, s, http.StatusNotFound, "desk.colleague.none")
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	card := s.people.Cards[id]
	organisation := []string{d.Municipality.Name}
	for _, team := range d.Municipality.Teams {
		if team.ID == worker.Team {
			organisation = append(organisation, team.Name)
		}
	}
	return sendCard(w, id, directory.VCard{
		Kind: directory.KindPerson, Of: d.Municipality.ID + "/" + id, Name: card.Name, Organisation: organisation,
		Title: card.Function, Phone: card.Phone, Email: card.Email, Languages: worker.Languages, Note: v.offers(worker),
	})
}

// partnerCard sends the card of a partner.
func (d *desk) partnerCard(w http.ResponseWriter, r *http.Request, s seat) error {
	id, isFile := strings.CutSuffix(r.PathValue("card"), cardSuffix)
	partners, err := d.Store.Organisations(r.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(partners, func(o directory.Organisation) bool { return o.ID == id })
	if i < 0 || !isFile {
		return d.say(w, r, s, http.StatusNotFound, "desk.colleague.none")
	}
	return sendCard(w, id, directory.VCard{
		Kind: directory.KindOrganisation, Of: d.Municipality.ID + "/partner/" + id, Name: partners[i].Name,
		Organisation: []string{partners[i].Name}, Phone: partners[i].Phone, Note: partners[i].Can,
	})
}

// sendCard sends a card as a file.
func sendCard(w http.ResponseWriter, id string, card directory.VCard) error {
	w.Header().Set("Content-Type", "text/vcard; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": id + cardSuffix}))
	_, err := w.Write([]byte(card.String()))
	return err
}
