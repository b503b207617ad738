package seal

import (
	"crypto/hpke"
	"fmt"
	"sync"

	"voordeur/internal/casework"
)

// sender is an encapsulated key and what seals one text under it. A second text under it would never open.
type sender struct {
	encapsulated []byte
	context      *hpke.Sender
}

// senders makes the senders of one purpose. Making one is nearly all that an envelope costs (some 0.2 ms, 0.4 ms for the
// hybrid) and needs nothing of the text, so one may be begun ahead.
//
// None is begun before somebody asks: a function may start from a snapshot of a started one, and two with one sender
// would seal two texts under one key and nonce.
type senders struct {
	key    casework.Key
	public hpke.PublicKey
	info   []byte

	mu sync.Mutex
	// begun returns the sender that was begun ahead; who comes first makes it, others wait. nil: none was begun.
	begun func() (sender, error)
}

// take returns a sender that nobody else gets.
func (s *senders) take() (sender, error) {
	s.mu.Lock()
	begun := s.begun
	s.begun = nil
	s.mu.Unlock()
	if begun == nil {
		return s.encapsulate()
	}
	return begun()
}

// begin begins a sender and returns what makes it; ok is false when there is one.
func (s *senders) begin() (begun func() (sender, error), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun != nil {
		return nil, false
	}
	s.begun = sync.OnceValues(s.encapsulate)
	return s.begun, true
}

func (s *senders) encapsulate() (sender, error) {
	encapsulated, context, err := hpke.NewSender(s.public, kdf(), aead(), s.info)
	if err != nil {
		return sender{}, fmt.Errorf("encapsulate a key: %w", err)
	}
	return sender{encapsulated, context}, nil
}
