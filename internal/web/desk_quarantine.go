package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
)

// The pages of suspected reports, which wait for somebody on duty or a coordinator to look whether a person sent them
// (P7). To anybody else they are not there.
const (
	quarantinePath = "/desk/nakijken"
	closedPath     = quarantinePath + "/dicht"
	groupPath      = quarantinePath + "/groep/"

	actHuman      = "mens"
	actNotHuman   = "geen-mens"
	actCloseGroup = "sluiten"
	actUndoGroup  = "terugzetten"
)

// quarantineMost is how many reports a page lists; what is behind them is due later or likelier a program's.
const quarantineMost = 200

func quarantinedPath(ref casework.Reference) string { return quarantinePath + "/" + string(ref) }

// quarantine lists what waits: urgent reports first, then by their term, then the groups that look alike.
func (d *desk) quarantine(w http.ResponseWriter, r *http.Request, s seat) error {
	waiting, err := d.Store.Quarantined(r.Context())
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	singles, groups := casework.ByLook(waiting)
	p := listPage{Frame: d.frame(v.texts, s, v.texts.T("desk.quarantine.title"), quarantinePath), Done: v.done(r)}
	if len(singles) > quarantineMost {
		singles = singles[:quarantineMost]
		p.More = v.texts.T("desk.quarantine.more")
	}
	if err := d.auditQuarantined(r, s, singles); err != nil {
		return err
	}
	if len(singles) > 0 {
		p.Groups = append(p.Groups, caseGroup{
			ID: "los", Heading: v.texts.T("desk.quarantine.singles", "Count", len(singles)), Cards: v.quarantinedCards(singles),
		})
	}
	if len(groups) > 0 {
		alike := caseGroup{ID: "groepen", Heading: v.texts.T("desk.quarantine.groups", "Count", len(groups))}
		for _, g := range groups {
			alike.Cards = append(alike.Cards, v.groupCard(g))
		}
		p.Groups = append(p.Groups, alike)
	}
	if len(waiting) == 0 {
		p.Empty = lines(v.texts.T("desk.quarantine.empty"))
	}
	p.Links = []NavLink{{Label: v.texts.T("desk.quarantine.closed"), URL: closedPath}}
	return d.render(w, http.StatusOK, "list", p)
}

func (d *desk) auditQuarantined(r *http.Request, s seat, shown []casework.Quarantined) error {
	refs := make([]casework.Reference, 0, len(shown))
	for _, q := range shown {
		refs = append(refs, q.Reference)
	}
	return d.audit(r, s, refs...)
}

// quarantinedCards are reports as a list shows them: nothing of them is opened.
func (v deskWords) quarantinedCards(reports []casework.Quarantined) []caseCard {
	cards := make([]caseCard, 0, len(reports))
	for _, q := range reports {
		cards = append(cards, caseCard{
			URL: quarantinedPath(q.Reference), Number: q.Reference, Area: v.moment(q.Received), Do: v.lookBefore(q),
			Badges: v.quarantineBadges(q), Stands: v.doubts(q),
		})
	}
	return cards
}

// lookBefore says by when to look, or until when it can be undone.
func (v deskWords) lookBefore(q casework.Quarantined) string {
	if !q.Until.IsZero() {
		return v.texts.T("desk.quarantine.undo_until", "Until", v.before(q.Until))
	}
	return v.texts.T("desk.quarantine.look", "Until", v.before(q.LookBefore(v.municipality)))
}

func (v deskWords) quarantineBadges(q casework.Quarantined) []Badge {
	var badges []Badge
	if due := q.LookBefore(v.municipality); q.Until.IsZero() && v.late(due) {
		badges = append(badges, Badge{Text: v.left(due), Tone: Urgent})
	}
	if q.Urgent {
		badges = append(badges, Badge{Text: v.texts.T("desk.quarantine.urgent"), Tone: Urgent})
	}
	return badges
}

// doubts says why a report is suspected.
func (v deskWords) doubts(q casework.Quarantined) string {
	said := make([]string, 0, len(q.Doubts))
	for _, doubt := range q.Doubts {
		said = append(said, v.texts.T("desk.doubt."+string(doubt)))
	}
	return strings.Join(said, " ")
}

// groupCard is one group in the list.
func (v deskWords) groupCard(group []casework.Quarantined) caseCard {
	return caseCard{
		URL: groupPath + url.PathEscape(group[0].Group()), Name: v.texts.T("desk.quarantine.group", "Count", len(group)),
		Area: v.moment(group[0].Received), Do: v.lookBefore(group[0]), Badges: v.quarantineBadges(group[0]), Stands: v.doubts(group[0]),
	}
}

// closed lists what nobody sent, as long as that can be undone: what was closed at once, then the others.
func (d *desk) closed(w http.ResponseWriter, r *http.Request, s seat) error {
	closed, err := d.Store.Closed(r.Context(), d.Now())
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	slices.Reverse(closed) // what was closed last is looked for most
	singles, groups := casework.ByClosing(closed)
	p := listPage{Frame: d.frame(v.texts, s, v.texts.T("desk.closed.title"), "")}
	p.Back = quarantinePath
	shown := singles[:min(len(singles), quarantineMost)]
	if len(shown) < len(singles) {
		p.More = v.texts.T("desk.closed.more")
	}
	if err := d.auditQuarantined(r, s, shown); err != nil {
		return err
	}
	if len(groups) > 0 {
		together := caseGroup{ID: "samen", Heading: v.texts.T("desk.closed.groups", "Count", len(groups))}
		for _, g := range groups {
			together.Cards = append(together.Cards, v.closingCard(g))
		}
		p.Groups = append(p.Groups, together)
	}
	if len(singles) > 0 {
		p.Groups = append(p.Groups, caseGroup{
			ID: "dicht", Heading: v.texts.T("desk.closed.count", "Count", len(singles)), Cards: v.quarantinedCards(shown),
		})
	}
	if len(closed) == 0 {
		p.Empty = lines(v.texts.T("desk.closed.empty"))
	}
	return d.render(w, http.StatusOK, "list", p)
}

// quarantinedPage is one suspected report: why it is suspected, what it says, and the question.
type quarantinedPage struct {
	Frame
	Name     string // call name
	Number   casework.Reference
	Badges   []Badge
	Do       string
	Doubts   string
	Warnings []Alert
	Who      []SummaryRow
	What     []SummaryRow
	Acts     []caseAct
}

// showQuarantined shows a suspected report, after the audit row.
func (d *desk) showQuarantined(w http.ResponseWriter, r *http.Request, s seat) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	var q casework.Quarantined
	f := file{dossier: casework.Dossier{Case: casework.Case{ID: ref}}}
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() (err error) { q, err = d.Store.InQuarantine(ctx, ref, d.Now()); return err })
	g.Go(func() (err error) { f.report, err = d.Store.Sent(ctx, ref); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	if err := d.audit(r, s, ref); err != nil {
		return err
	}
	o, err := d.unseal(r.Context(), f)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	t := newTold(v, o)
	p := quarantinedPage{
		Frame: d.frame(v.texts, s, v.texts.T("desk.quarantined.title", "Number", ref), ""), Name: o.contact.CallName, Number: ref,
		Badges: v.quarantineBadges(q), Do: v.lookBefore(q), Doubts: v.doubts(q), Warnings: t.warnings(), Who: t.who(), What: t.what(),
	}
	p.Back = quarantinePath
	p.Acts = []caseAct{d.judgement(v, s, ref, actHuman)}
	if q.Until.IsZero() {
		p.Acts = append(p.Acts, d.judgement(v, s, ref, actNotHuman))
	} else {
		p.Back = closedPath
	}
	return d.render(w, http.StatusOK, "quarantined", p)
}

// who is who sent it and who could help, with each way to reach somebody and whether it is safe.
func (t told) who() []SummaryRow {
	rows, _ := t.rows("helpers", "companion", "language")
	return append(rows, t.wayRows()...)
}

// wayRows is each way to reach somebody, and whether it is safe.
func (t told) wayRows() []SummaryRow {
	var rows []SummaryRow
	for _, way := range t.ways() {
		said := way.Safe.Text
		if way.Value != "" {
			said = way.Value + " · " + said
		}
		rows = append(rows, SummaryRow{Key: way.Label, Lines: []string{said}})
	}
	return rows
}

func (d *desk) judgement(v deskWords, s seat, ref casework.Reference, act string) caseAct {
	path := quarantinedPath(ref) + "/" + act
	return caseAct{Label: v.texts.T("desk.act." + act), Action: path, Token: s.token(path)}
}

// judge writes down what somebody says about a suspected report.
func (d *desk) judge(act string) deskPage {
	return func(w http.ResponseWriter, r *http.Request, s seat) error {
		ref, err := referenceOf(r)
		if err != nil {
			return err
		}
		if err := s.sent(r); err != nil {
			return err
		}
		if err := d.audit(r, s, ref); err != nil {
			return err
		}
		err = d.Store.Judge(r.Context(), ref, casework.Judgement{By: s.worker.ID, At: d.Now(), Human: act == actHuman})
		if errors.Is(err, casework.ErrConflict) || errors.Is(err, casework.ErrNotFound) {
			return d.say(w, r, s, http.StatusConflict, "desk.judged")
		}
		if err != nil {
			return err
		}
		redirect(w, r, quarantinePath+"?gedaan="+act)
		return nil
	}
}
