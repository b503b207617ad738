package seal

import (
	"bytes"
	"testing"

	"voordeur/internal/casework"
)

func newSenders(t *testing.T) *senders {
	t.Helper()
	pair, err := KEM(casework.ForContent).GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	return &senders{public: pair.PublicKey(), info: associated("waterstad", "content")}
}

func TestASenderThatWasBegunIsTakenOnce(t *testing.T) {
	s := newSenders(t)
	begun, ok := s.begin()
	if !ok {
		t.Fatal("none can be begun")
	}
	if _, again := s.begin(); again {
		t.Error("a second one is begun beside the first")
	}
	made, err := begun()
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.take()
	if err != nil || !bytes.Equal(first.encapsulated, made.encapsulated) {
		t.Errorf("what was begun is not taken, %v", err)
	}
	second, err := s.take()
	if err != nil || bytes.Equal(second.encapsulated, made.encapsulated) {
		t.Errorf("it is taken twice, %v", err)
	}
	if _, ok := s.begin(); !ok {
		t.Error("when it is taken no other can be begun")
	}
}

func TestNothingIsBegunBeforeItIsAskedFor(t *testing.T) {
	key := func(p casework.Purpose) casework.Key {
		pair, err := KEM(p).GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		return casework.Key{Purpose: p, N: 1, Public: pair.PublicKey().Bytes()}
	}
	var keys []casework.Key
	for _, p := range Purposes() {
		keys = append(keys, key(p))
	}
	s, err := NewSealer("waterstad", keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Seal(casework.ForContact, "K7M-4RT-9XC", []byte("bel na zes uur")); err != nil {
		t.Fatal(err)
	}
	begun := func(p casework.Purpose) bool { return s.senders[p].begun != nil }
	for _, p := range Purposes() {
		if begun(p) {
			t.Errorf("%s: a key is made ahead that nobody asked for", p)
		}
	}
	s.Prepare()
	for _, p := range Purposes() {
		if want := p != casework.ForMatching; begun(p) != want {
			t.Errorf("%s: after Prepare begun is %v, want %v", p, begun(p), want)
		}
	}
}
