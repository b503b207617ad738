package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"voordeur/internal/casework"
)

// groupMost is how many reports of a group its page names, to look at.
const groupMost = 5

// alikePage is a group of suspected reports that look alike: some to look at, and one act that closes the others or, of
// those that were closed at once, puts all of them back.
type alikePage struct {
	Frame
	Heading    string
	Doubts     string
	Paragraphs []string
	Cards      []caseCard
	Act        *caseAct // nil until a person has looked at a sample
}

// alike is a group as it is now: what waits, and how many of it a person has closed.
type alike struct {
	waiting []casework.Quarantined
	seen    int
}

// alikeOf reads a group; casework.ErrNotFound when nothing of it waits.
func (d *desk) alikeOf(r *http.Request) (alike, error) {
	var waiting, closed []casework.Quarantined
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() (err error) { waiting, err = d.Store.Quarantined(ctx); return err })
	g.Go(func() (err error) { closed, err = d.Store.Closed(ctx, d.Now()); return err })
	if err := g.Wait(); err != nil {
		return alike{}, err
	}
	other := func(q casework.Quarantined) bool { return q.Group() != r.PathValue("group") }
	a := alike{waiting: slices.DeleteFunc(waiting, other), seen: len(slices.DeleteFunc(closed, other))}
	if len(a.waiting) == 0 {
		return alike{}, casework.ErrNotFound
	}
	return a, nil
}

func (d *desk) group(w http.ResponseWriter, r *http.Request, s seat) error {
	a, err := d.alikeOf(r)
	if err != nil {
		return err
	}
	shown := a.waiting[:min(len(a.waiting), groupMost)]
	if err := d.auditQuarantined(r, s, shown); err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	first := a.waiting[0]
	p := alikePage{
		Frame:   d.frame(v.texts, s, v.texts.T("desk.group.title"), ""),
		Heading: v.texts.T("desk.quarantine.group", "Count", len(a.waiting)), Doubts: v.doubts(first), Cards: v.quarantinedCards(shown),
	}
	p.Back = quarantinePath
	if a.seen < casework.SampleLeast {
		p.Paragraphs = lines(v.texts.T("desk.group.sample", "Least", casework.SampleLeast, "Seen", a.seen))
		return d.render(w, http.StatusOK, "group", p)
	}
	path := groupPath + url.PathEscape(first.Group()) + "/" + actCloseGroup
	p.Paragraphs = lines(v.texts.T("desk.group.text", "Seen", a.seen))
	p.Act = &caseAct{
		Label: v.texts.T("desk.group.send", "Count", len(a.waiting)), Action: path, Token: s.token(path),
		Command: casework.NewSecret().String(),
	}
	return d.render(w, http.StatusOK, "group", p)
}

// closeGroup closes what waits of a group; it is worked off within minutes.
func (d *desk) closeGroup(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	command := r.PostForm.Get(commandField)
	if _, err := casework.ParseSecret(command); err != nil {
		return &BodyError{http.StatusBadRequest}
	}
	if err := d.audit(r, s); err != nil {
		return err
	}
	err := d.Work.CloseGroup(r.Context(), casework.GroupClosing{
		Group: r.PathValue("group"), By: s.worker.ID, At: d.Now(), Command: command,
	})
	if errors.Is(err, casework.ErrSampleFirst) {
		return d.say(w, r, s, http.StatusConflict, "desk.sample")
	}
	if err != nil {
		return err
	}
	redirect(w, r, quarantinePath+"?gedaan="+actCloseGroup)
	return nil
}

// closingPath is the address of what was closed at once, by until when that can be undone.
func closingPath(q casework.Quarantined) string {
	return closedPath + "/" + strconv.FormatInt(q.Until.UnixMilli(), 10) + "/" + url.PathEscape(q.Group())
}

// closingCard is what was closed at once in the list.
func (v deskWords) closingCard(group []casework.Quarantined) caseCard {
	return caseCard{
		URL: closingPath(group[0]), Name: v.texts.T("desk.undo.heading", "Count", len(group)), Area: v.moment(group[0].Received),
		Do: v.lookBefore(group[0]), Badges: v.quarantineBadges(group[0]), Stands: v.doubts(group[0]),
	}
}

// closing shows a few of what was closed at once, and the act that undoes it.
func (d *desk) closing(w http.ResponseWriter, r *http.Request, s seat) error {
	closed, err := d.Store.Closed(r.Context(), d.Now())
	if err != nil {
		return err
	}
	_, groups := casework.ByClosing(closed)
	i := slices.IndexFunc(groups, func(g []casework.Quarantined) bool { return closingPath(g[0]) == r.URL.EscapedPath() })
	if i < 0 {
		return casework.ErrNotFound
	}
	group := groups[i]
	shown := group[:min(len(group), groupMost)]
	if err := d.auditQuarantined(r, s, shown); err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	path := closingPath(group[0]) + "/" + actUndoGroup
	p := alikePage{
		Frame:   d.frame(v.texts, s, v.texts.T("desk.undo.title"), ""),
		Heading: v.texts.T("desk.undo.heading", "Count", len(group)), Doubts: v.doubts(group[0]),
		Paragraphs: append([]string{v.lookBefore(group[0])}, lines(v.texts.T("desk.undo.text"))...), Cards: v.quarantinedCards(shown),
		Act: &caseAct{Label: v.texts.T("desk.undo.send", "Count", len(group)), Action: path, Token: s.token(path)},
	}
	for i := range p.Cards {
		p.Cards[i].Do = "" // the page says it for all of them
	}
	p.Back = closedPath
	return d.render(w, http.StatusOK, "group", p)
}

// undoGroup has what was closed at once wait for a look again; it is worked off within minutes.
func (d *desk) undoGroup(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	until, err := strconv.ParseInt(r.PathValue("until"), 10, 64)
	if err != nil {
		return casework.ErrNotFound
	}
	if err := d.audit(r, s); err != nil {
		return err
	}
	err = d.Work.UndoGroup(r.Context(), casework.GroupUndoing{
		Group: r.PathValue("group"), Until: time.UnixMilli(until), By: s.worker.ID, At: d.Now(),
	})
	if errors.Is(err, casework.ErrNotFound) {
		return d.say(w, r, s, http.StatusConflict, "desk.undone")
	}
	if err != nil {
		return err
	}
	redirect(w, r, quarantinePath+"?gedaan="+actUndoGroup)
	return nil
}
