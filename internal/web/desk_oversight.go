package web

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
	"voordeur/internal/form"
	"voordeur/internal/municipality"
)

// What a privacy officer looks at: who opened a case without a part in it, who read what, and what was destroyed. Never what
// was read.
const (
	oversightPath = "/desk/toezicht"
	readersPath   = oversightPath + "/casus"
	watchedPath   = oversightPath + "/medewerker"
	registerPath  = oversightPath + "/register"

	actSeenGlass = "noodsleutel-gezien"
	watchedField = "worker"
)

func (d *desk) oversightRoutes() []deskRoute {
	return []deskRoute{
		{pattern: "GET " + oversightPath, may: officers, show: d.showOversight},
		{pattern: "POST " + oversightPath + "/{glass}/" + actSeenGlass, may: officers, show: d.seeGlass},
		{pattern: "POST " + readersPath, may: officers, show: d.findReaders},
		{pattern: "GET " + readersPath + "/{reference}", may: officers, show: d.showReaders},
		{pattern: "POST " + watchedPath, may: officers, show: d.findWatched},
		{pattern: "GET " + watchedPath + "/{worker}/{day}", may: officers, show: d.showWatched},
		{pattern: "GET " + registerPath, may: officers, show: d.showRegister},
	}
}

// oversightPage is the broken glasses, two questions (who read a case, what a worker saw on a day) and a way to the register.
type oversightPage struct {
	Frame
	Done     string
	Glasses  []glassCard
	Older    string // address, "" when these are all
	Readers  lookFor
	Watched  watchedForm
	Register NavLink
}

// glassCard is one time that somebody broke the glass.
type glassCard struct {
	Who      string
	When     string
	DateTime string
	Number   casework.Reference
	Reason   string
	Rows     []SummaryRow
	Seen     Badge
	Action   string // where it is sent that somebody looked at it, "" once somebody did
	Token    string
}

// watchedForm asks for a worker and a day.
type watchedForm struct {
	Action string
	Token  string
	Fields []Field
}

// showOversight lists the broken glasses, the newest first.
func (d *desk) showOversight(w http.ResponseWriter, r *http.Request, s seat) error {
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := d.oversightPage(v, s)
	p.Done = v.done(r)
	return d.renderOversight(w, r, s, v, http.StatusOK, p)
}

func (d *desk) oversightPage(v deskWords, s seat) oversightPage {
	p := oversightPage{
		Frame:   d.frame(v.texts, s, v.texts.T("desk.oversight.title"), oversightPath),
		Readers: readersFor(v, s, "", ""), Watched: watchedForm{Action: watchedPath, Token: s.token(watchedPath)},
		Register: NavLink{Label: v.texts.T("desk.oversight.register.link"), URL: registerPath},
	}
	asked := watchedAsked(v, s)
	p.Watched.Fields = asked.fields(asked.preset(), nil)
	return p
}

// renderOversight adds the broken glasses, after the audit row: their reasons are people's words about a case (I9).
func (d *desk) renderOversight(w http.ResponseWriter, r *http.Request, s seat, v deskWords, status int, p oversightPage) error {
	glasses, next, err := d.Store.Glasses(r.Context(), r.URL.Query().Get(afterField))
	if err != nil {
		return err
	}
	refs := make([]casework.Reference, 0, len(glasses))
	for _, g := range glasses {
		refs = append(refs, g.Case)
	}
	if err := d.audit(r, s, refs...); err != nil {
		return err
	}
	for _, g := range glasses {
		card, err := d.glassCard(r.Context(), v, s, g)
		if err != nil {
			return err
		}
		p.Glasses = append(p.Glasses, card)
	}
	p.Older = further(oversightPath, next)
	return d.render(w, status, "oversight", p)
}

// further is the address of the next page of a list, "" for none.
func further(path, next string) string {
	if next == "" {
		return ""
	}
	return path + "?" + url.Values{afterField: {next}}.Encode()
}

func (d *desk) glassCard(ctx context.Context, v deskWords, s seat, g casework.BrokenGlass) (glassCard, error) {
	reason, err := casework.OpenJSON[string](ctx, d.Work.Opener, casework.ForContent, g.Case, g.Reason)
	if err != nil {
		return glassCard{}, err
	}
	share, err := casework.OpenJSON[casework.Share](ctx, d.Work.Opener, casework.ForContent, g.Case, g.Share)
	if err != nil {
		return glassCard{}, err
	}
	at := v.at(g.At, "", "")
	card := glassCard{
		Who: v.person(g.Worker), When: v.dated(g.At), DateTime: at.DateTime, Number: g.Case, Reason: reason,
		Rows: []SummaryRow{
			{Key: v.texts.T("desk.oversight.until"), Lines: []string{v.dated(g.Until)}},
			{Key: v.texts.T("desk.share.heading"), Lines: v.shared(share)},
		},
		Seen: Badge{Text: v.texts.T("desk.oversight.unseen"), Tone: Heed}, Action: oversightPath + "/" + g.ID + "/" + actSeenGlass,
	}
	card.Token = s.token(card.Action)
	if g.SeenBy != "" {
		card.Action = ""
		card.Seen = Badge{Text: v.texts.T("desk.oversight.seen"), Tone: Quiet}
		card.Rows = append(card.Rows, SummaryRow{Key: v.texts.T("desk.oversight.seen_by"), Lines: []string{v.person(g.SeenBy), v.dated(g.SeenAt)}})
	}
	return card, nil
}

// seeGlass writes down that a privacy officer looked at a broken glass.
func (d *desk) seeGlass(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	if err := d.Store.SeeGlass(r.Context(), r.PathValue("glass"), s.worker.ID, d.Now()); err != nil {
		return err
	}
	redirect(w, r, oversightPath+"?gedaan="+actSeenGlass)
	return nil
}

// readersFor is the box for a case's number, with what is wrong with it.
func readersFor(v deskWords, s seat, typed, problem string) lookFor {
	return lookFor{
		Action: readersPath, Token: s.token(readersPath), Button: v.texts.T("desk.oversight.readers.button"), Quiet: true,
		Field: Field{Text: &TextField{
			Ask:  Ask{ID: numberField, Label: v.texts.T("desk.field.number.label"), Error: problem},
			Name: numberField, Value: typed, Type: "text", Autocomplete: "off", Width: WidthMedium,
		}},
	}
}

// findReaders leads to who read the case of a number.
func (d *desk) findReaders(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	typed := r.PostForm.Get(numberField)
	ref, err := casework.ParseReference(typed)
	if err == nil {
		redirect(w, r, readersPath+"/"+string(ref))
		return nil
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p, problem := d.oversightPage(v, s), v.texts.T("desk.glass.number_wrong")
	p.Readers, p.Problems = readersFor(v, s, typed, problem), []ProblemLink{{Field: numberField, Text: problem}}
	return d.renderOversight(w, r, s, v, http.StatusUnprocessableEntity, p)
}

// readersPage is who read a case, what a worker saw on a day, or what was destroyed, the newest first.
type readersPage struct {
	Frame
	Text     string
	Readings []Moment
	Older    string
}

// showReaders lists who read a case. Of a number that there is not, nobody did.
func (d *desk) showReaders(w http.ResponseWriter, r *http.Request, s seat) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	if err := d.audit(r, s, ref); err != nil {
		return err
	}
	readings, next, err := d.Store.Readings(r.Context(), ref, r.URL.Query().Get(afterField))
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := readersPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.oversight.readers.title", "Number", ref), ""), Text: v.texts.T("desk.oversight.readers.text"),
		Older: further(readersPath+"/"+string(ref), next),
	}
	p.Back = oversightPath
	for _, reading := range readings {
		m := v.at(reading.At, v.page(reading.Page), v.person(reading.Worker))
		m.When = v.dated(reading.At)
		if reading.As != "" {
			m.Who += " · " + v.texts.T("desk.outside."+string(reading.As))
		}
		p.Readings = append(p.Readings, m)
	}
	return d.render(w, http.StatusOK, "readers", p)
}

// watchedAsked asks for a worker and a day.
func watchedAsked(v deskWords, s seat) actForm {
	var workers []Option
	for _, w := range v.people.Workers {
		workers = append(workers, Option{Value: w.ID, Label: v.people.Cards[w.ID].Name})
	}
	worker, day := choice(watchedField, workers).must(), typing(dateField, form.Date).must()
	worker.list, worker.label, day.label = true, v.texts.T("desk.oversight.watched.worker"), v.texts.T("desk.oversight.watched.day")
	day.preset = municipality.Local(v.now).Format(time.DateOnly)
	return actForm{scene: scene{deskWords: v, seat: s}, blanks: []blank{worker, day}}
}

// findWatched leads to what a worker saw on a day.
func (d *desk) findWatched(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	asked := watchedAsked(v, s)
	said := asked.parse(r.PostForm)
	problems := asked.problems(said)
	if day, ok := said.Date(dateField); ok && len(problems) == 0 {
		redirect(w, r, watchedPath+"/"+url.PathEscape(said.One(watchedField))+"/"+day.Format(time.DateOnly))
		return nil
	}
	p := d.oversightPage(v, s)
	p.Watched.Fields, p.Problems = asked.fields(said, problems), problems
	return d.renderOversight(w, r, s, v, http.StatusUnprocessableEntity, p)
}

// showWatched lists what a worker saw and looked for on a day, never what that said.
func (d *desk) showWatched(w http.ResponseWriter, r *http.Request, s seat) error {
	worker, known := s.people.Worker(r.PathValue("worker"))
	day, err := time.ParseInLocation(time.DateOnly, r.PathValue("day"), municipality.Local(d.Now()).Location())
	if err != nil || !known {
		return casework.ErrNotFound
	}
	if err := d.audit(r, s); err != nil {
		return err
	}
	rows, err := d.watched(r.Context(), day, worker.ID)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	title := v.texts.T("desk.oversight.watched.title", "Name", v.person(worker.ID), "Date", v.date(day))
	p := readersPage{Frame: d.frame(v.texts, s, title, ""), Text: v.texts.T("desk.oversight.watched.text")}
	p.Back = oversightPath
	for _, row := range rows {
		var cases []string // or the colleague whose absence it was
		for _, ref := range row.Cases {
			cases = append(cases, string(ref))
		}
		if row.About != "" {
			cases = append(cases, v.person(row.About))
		}
		m := v.at(row.At, v.page(row.Page), strings.Join(cases, ", "))
		m.When = v.dated(row.At)
		p.Readings = append([]Moment{m}, p.Readings...)
	}
	return d.render(w, http.StatusOK, "readers", p)
}

// watched returns what a worker saw on a day as people have it, which is of two days of the audit: these are in UTC.
func (d *desk) watched(ctx context.Context, day time.Time, worker string) ([]casework.AuditRow, error) {
	var first, second []casework.AuditRow
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { first, err = d.Store.Audited(ctx, casework.DayOf(day), worker); return err })
	g.Go(func() (err error) {
		second, err = d.Store.Audited(ctx, casework.DayOf(day).Plus(1), worker)
		return err
	})
	err := g.Wait()
	return slices.DeleteFunc(append(first, second...), func(row casework.AuditRow) bool {
		return municipality.Local(row.At).Format(time.DateOnly) != day.Format(time.DateOnly)
	}), err
}

// showRegister lists what is left of destroyed cases (N4), the newest first.
func (d *desk) showRegister(w http.ResponseWriter, r *http.Request, s seat) error {
	lines, next, err := d.Store.Destroyed(r.Context(), r.URL.Query().Get(afterField))
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := readersPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.oversight.register.title"), ""), Text: v.texts.T("desk.oversight.register.text"),
		Older: further(registerPath, next),
	}
	p.Back = oversightPath
	for _, line := range lines {
		what := v.texts.T("desk.oversight.register.kept",
			"What", v.texts.T("desk.category."+string(line.Category)), "From", v.date(line.From), "Until", v.date(line.Until), "Batch", line.Batch())
		m := v.at(line.At, what, string(line.Case))
		m.When = v.dated(line.At)
		p.Readings = append(p.Readings, m)
	}
	return d.render(w, http.StatusOK, "readers", p)
}

// dated says a moment with its year, since what is looked at may be old: "22 mei 2027, 14.05 uur".
func (v deskWords) dated(t time.Time) string {
	return v.texts.T("desk.moment.other", "Day", v.date(t), "Time", municipality.Local(t).Format("15.04"))
}

// page says in words which page a route is: of an act what it does, else what the page is called.
func (v deskWords) page(route string) string {
	_, at, _ := strings.Cut(route, " ")
	last := path.Base(strings.TrimSuffix(at, "{$}"))
	for _, key := range []string{"desk.act." + last, "desk.page." + last} {
		if v.texts.Has(key) {
			return v.texts.T(key)
		}
	}
	return at
}

// shared says on what ground a case was opened to somebody, what of it, and whether the resident knows (N2).
func (v deskWords) shared(s casework.Share) []string {
	told := "no"
	if s.Told {
		told = "yes"
	}
	return []string{
		v.texts.T("desk.field.basis.option." + string(s.Basis)), v.texts.T("desk.share.what." + string(s.What)), v.texts.T("desk.share.told." + told),
	}
}

// outside lists who read the case last, of each who is neither its lead nor of its team (G10), the newest first.
func (v deskWords) outside(o opened) []Moment {
	var seen []Moment
	byTime := slices.SortedFunc(slices.Values(o.dossier.Outside), func(a, b casework.Reading) int { return b.At.Compare(a.At) })
	for _, reading := range byTime {
		seen = append(seen, v.at(reading.At, v.texts.T("desk.outside."+string(reading.As)), v.person(reading.Worker)))
	}
	return seen
}
