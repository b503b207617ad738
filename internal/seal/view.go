package seal

import (
	"fmt"

	"voordeur/internal/casework"
)

// viewVersion stands in front of a sealed view.
const viewVersion = 2

// Views seals and opens residents' pages. Only who has the link's token can do either: the visitor brings it, and the
// contact envelope holds it for dispatch and desk.
type Views struct{ Municipality string }

// SealView seals the view of a link: version, nonce, and the text under a key that follows from the token, bound to
// municipality and link.
func (v Views) SealView(t casework.LinkToken, plain []byte) (casework.Link, error) {
	id := t.ID()
	sealed, err := encrypt(t.ViewKey(), plain, associated(v.Municipality, "view", id))
	if err != nil {
		return casework.Link{}, fmt.Errorf("seal view: %w", err)
	}
	return casework.Link{ID: id, View: append([]byte{viewVersion}, sealed...)}, nil
}

// OpenView opens the view of a link. ErrSealed: it is of another link or municipality, or damaged.
func (v Views) OpenView(t casework.LinkToken, l casework.Link) ([]byte, error) {
	open := openView
	if l.PublicKey != nil {
		open = openView1
	}
	plain, err := open(v.Municipality, t, l.View)
	if err != nil {
		return nil, fmt.Errorf("view: %w", ErrSealed)
	}
	return plain, nil
}

func openView(municipality string, t casework.LinkToken, view []byte) ([]byte, error) {
	if len(view) == 0 || view[0] != viewVersion {
		return nil, ErrSealed
	}
	return decrypt(t.ViewKey(), view[1:], associated(municipality, "view", t.ID()))
}
