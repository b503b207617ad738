package web

import (
	"errors"
	"net/http"
	"time"

	"voordeur/internal/casework"
)

// apiHandOff is a case that the municipality's own system takes over.
type apiHandOff struct {
	Reference     casework.Reference `json:"reference"`
	HandedOff     time.Time          `json:"handed_off"`
	ConfirmBefore time.Time          `json:"confirm_before"`
	Confirmed     *time.Time         `json:"confirmed"` // null: it is owed
}

// apiHandOffFile is one with its content, which this service cannot open.
type apiHandOffFile struct {
	apiHandOff
	Sealed casework.Envelope `json:"sealed"` // base64
}

type apiHandOffs struct {
	HandOffs []apiHandOff `json:"handoffs"`
}

func newAPIHandOff(h casework.HandOff) apiHandOff {
	shown := apiHandOff{Reference: h.Case, HandedOff: h.At.UTC(), ConfirmBefore: h.Before.UTC()}
	if !h.Confirmed.IsZero() {
		at := h.Confirmed.UTC()
		shown.Confirmed = &at
	}
	return shown
}

// listHandOffs answers what is to be taken over, the oldest first. What is confirmed leaves the list, so that there are no
// pages of it.
func (a *api) listHandOffs(w http.ResponseWriter, r *http.Request, _ string) error {
	owed, err := a.Store.HandOffs(r.Context())
	if err != nil {
		return err
	}
	list := apiHandOffs{HandOffs: []apiHandOff{}}
	for _, h := range owed {
		list.HandOffs = append(list.HandOffs, newAPIHandOff(h))
	}
	return reply(w, http.StatusOK, list)
}

// showHandOff passes on what was sealed when the case was handed off; also once it is confirmed, as long as it is here.
func (a *api) showHandOff(w http.ResponseWriter, r *http.Request, _ string) error {
	ref, err := casework.ParseReference(r.PathValue("reference"))
	if err != nil {
		return &problem{kind: problemUnknown}
	}
	h, err := a.Store.HandOffFile(r.Context(), ref)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, apiHandOffFile{newAPIHandOff(h), h.File})
}

// confirmHandOff records that the client's system has the case. However often it is sent, it has the first one's answer.
func (a *api) confirmHandOff(w http.ResponseWriter, r *http.Request, client string) error {
	ref, err := casework.ParseReference(r.PathValue("reference"))
	if err != nil {
		return &problem{kind: problemUnknown}
	}
	h, err := a.Store.Confirm(r.Context(), ref, client, a.Now())
	if errors.Is(err, casework.ErrTakenBack) {
		return &problem{kind: problemReopened}
	}
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, newAPIHandOff(h))
}
