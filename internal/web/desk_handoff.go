package web

import (
	"context"
	"mime"
	"net/http"

	"voordeur/internal/casework"
)

// filePath is the last part of the address of what a worker brings to the other system.
const filePath = "bestand"

// openHandOff opens a case, and what was added to it after an audit row of that. Its caller has written the case's own.
func (d *desk) openHandOff(ctx context.Context, v deskWords, s seat, page string, f file) (handOffFile, error) {
	var added []casework.Reference
	for _, a := range v.additions(f.dossier.Events) {
		added = append(added, a.Number)
	}
	if len(added) > 0 {
		if err := d.Store.Audit(ctx, casework.Audit{At: v.now, Worker: s.worker.ID, Page: page, Cases: added}); err != nil {
			return handOffFile{}, err
		}
	}
	o, err := d.unseal(ctx, f)
	if err != nil {
		return handOffFile{}, err
	}
	return d.handOffFile(ctx, v, o)
}

// handOffText answers the file for a worker who brings the case to the other system, while nobody has confirmed that it is
// there.
func (d *desk) handOffText(w http.ResponseWriter, r *http.Request, s seat) error {
	ref, err := referenceOf(r)
	if err != nil {
		return err
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	f, err := d.fetch(r.Context(), ref)
	if err != nil {
		return err
	}
	c := f.dossier.Case
	if !c.MayRead(s.reader(), v.now) {
		return casework.ErrNotFound
	}
	if !d.can(v, actConfirmed, s, c) {
		redirect(w, r, casePath(ref))
		return nil
	}
	if err := d.audit(r, s, ref); err != nil {
		return err
	}
	file, err := d.openHandOff(r.Context(), v, s, r.Pattern, f)
	if err != nil {
		return err
	}
	file.HandedOff = c.EndedAt
	if i := (opened{file: f}).newest(of(casework.EvHandedOff)); i >= 0 {
		e := f.dossier.Events[i]
		file.Told = e.Way
		if file.Outcome, err = casework.OpenJSON[string](r.Context(), d.Work.Opener, casework.ForContent, ref, e.Reason); err != nil {
			return err
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "casus-" + string(ref) + ".txt"}))
	_, _ = w.Write([]byte(file.print(v))) //nolint:gosec // text and nothing else to a browser; a reader that left needs none
	return nil
}

// handOffStep leads who sees to a hand-off to the file, and to the confirmation.
func (d *desk) handOffStep(v deskWords, s seat, c casework.Case) nextStep {
	file := caseAct{Label: v.texts.T("desk.handoff.file"), Action: casePath(c.ID) + "/" + filePath, Asks: true}
	return nextStep{
		Lines: append([]string{v.waits(c)}, lines(v.texts.T("desk.handoff.text"))...),
		Acts:  []caseAct{file, d.caseAct(v, s, c, actConfirmed)},
	}
}
