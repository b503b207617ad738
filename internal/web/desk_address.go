package web

import (
	"errors"
	"net/http"

	"voordeur/internal/casework"
)

// Where a worker shows that mail to their own address reaches them, by a code that comes in it (H3). Until then no case is
// offered to them.
const (
	addressPath = "/desk/mijn-mail"
	newCodePath = addressPath + "/code"

	actCode    = "code"
	actAddress = "bevestigd"
)

// addressPage asks for a code, or for what stands in it.
type addressPage struct {
	Frame
	Done    string
	Address string
	Text    []string
	Stop    *Alert   // why no code is sent or taken now
	Code    *lookFor // where the code is filled in; nil once the address is confirmed
	Send    *dutyAct // sends a code, or another one
	Sent    bool     // a code was just sent: filling it in comes first
}

// address shows the page.
func (d *desk) address(w http.ResponseWriter, r *http.Request, s seat) error {
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := d.addressPage(v, s, r.URL.Query().Get("gedaan") == actCode, "")
	p.Done = v.done(r)
	return d.render(w, http.StatusOK, "address", p)
}

func (d *desk) addressPage(v deskWords, s seat, sent bool, problem string) addressPage {
	p := addressPage{Frame: d.frame(v.texts, s, v.texts.T("desk.address.title"), ""), Address: s.card.Email, Sent: sent || problem != ""}
	if !s.worker.Unconfirmed {
		p.Text = lines(v.texts.T("desk.address.confirmed"))
		return p
	}
	p.Text = lines(v.texts.T("desk.address.text"))
	p.Code = &lookFor{
		Action: addressPath, Token: s.token(addressPath), Button: v.texts.T("desk.address.confirm"), Quiet: !p.Sent,
		Field: Field{Text: &TextField{
			Ask:  Ask{ID: codeField, Label: v.texts.T("desk.address.label"), Hint: v.texts.T("desk.address.hint"), Error: problem},
			Name: codeField, Type: "text", Autocomplete: "one-time-code", InputMode: "numeric", Width: WidthShort,
		}},
	}
	if problem != "" {
		p.Problems = []ProblemLink{{Field: codeField, Text: problem}}
	}
	send := "desk.address.send"
	if p.Sent {
		send = "desk.address.again"
	}
	p.Send = &dutyAct{Label: v.texts.T(send), Action: newCodePath, Fields: []keptField{{Name: tokenField, Value: s.token(newCodePath)}}}
	return p
}

// sendCode has a code mailed. Whose address is confirmed needs none.
func (d *desk) sendCode(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	if !s.worker.Unconfirmed {
		redirect(w, r, addressPath)
		return nil
	}
	err := d.Store.BeginCode(r.Context(), casework.NewAddressCode(s.worker.ID, d.Now()), d.Now())
	switch {
	case errors.Is(err, casework.ErrTooMany):
		return d.stopCodes(w, s)
	case err != nil && !errors.Is(err, casework.ErrConflict): // another tab asked for one just now
		return err
	}
	redirect(w, r, addressPath+"?gedaan="+actCode)
	return nil
}

// confirmAddress takes a code. Each try counts, before it is looked at.
func (d *desk) confirmAddress(w http.ResponseWriter, r *http.Request, s seat) error {
	if err := s.sent(r); err != nil {
		return err
	}
	if !s.worker.Unconfirmed {
		redirect(w, r, addressPath+"?gedaan="+actAddress)
		return nil
	}
	v, err := d.words(s)
	if err != nil {
		return err
	}
	wrong := func(why string) error {
		return d.render(w, http.StatusUnprocessableEntity, "address", d.addressPage(v, s, true, v.texts.T("desk.address."+why)))
	}
	code, err := d.Store.TryCode(r.Context(), s.worker.ID, d.Now())
	switch {
	case errors.Is(err, casework.ErrTooMany):
		return d.stopCodes(w, s)
	case errors.Is(err, casework.ErrNotFound):
		return wrong("over")
	case err != nil:
		return err
	}
	is, err := code.Is(r.Context(), d.Work.Matcher, s.card.Email, r.PostForm.Get(codeField))
	if err != nil {
		return err
	}
	if !is {
		return wrong("wrong")
	}
	err = d.Store.ConfirmAddress(r.Context(), s.worker.ID, s.card.Email)
	if errors.Is(err, casework.ErrConflict) { // the address was changed just now: the code is of the one before
		return wrong("over")
	}
	if err != nil {
		return err
	}
	redirect(w, r, addressPath+"?gedaan="+actAddress)
	return nil
}

// stopCodes says that there were too many codes or tries.
func (d *desk) stopCodes(w http.ResponseWriter, s seat) error {
	v, err := d.words(s)
	if err != nil {
		return err
	}
	p := d.addressPage(v, s, true, "")
	p.Stop = &Alert{Lines: lines(v.texts.T("desk.address.often")), Tone: Heed}
	p.Code, p.Send = nil, nil
	return d.render(w, http.StatusTooManyRequests, "address", p)
}

// unconfirmed asks who opens today's work to confirm their address first; nil when it is.
func (v deskWords) unconfirmed(s seat) []Alert {
	if !s.worker.Unconfirmed {
		return nil
	}
	return []Alert{{
		Heading: v.texts.T("desk.address.first"), Lines: lines(v.texts.T("desk.address.why")),
		Link: NavLink{Label: v.texts.T("desk.address.title"), URL: addressPath}, Tone: Heed,
	}}
}
