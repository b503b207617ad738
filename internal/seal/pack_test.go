package seal

import (
	"bytes"
	"errors"
	"testing"
)

func TestATextOfAnyLengthIsPacked(t *testing.T) {
	for name, tt := range map[string]struct {
		length, atMost int // bytes
	}{
		"none":                       {0, 5},
		"short, so as it is":         {shortText, shortText + 5},
		"one byte more, so deflated": {shortText + 1, shortText / 2},
		"all that an envelope holds": {maxPlain, maxPlain / 2},
	} {
		t.Run(name, func(t *testing.T) {
			plain := bytes.Repeat([]byte("wat de bewoner schreef "), tt.length/23+1)[:tt.length]
			packed, err := deflate(plain)
			if err != nil || len(packed) > tt.atMost {
				t.Errorf("packed in %d bytes, want at most %d; %v", len(packed), tt.atMost, err)
			}
			if got, err := inflate(packed); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%d bytes come back, want %d; %v", len(got), len(plain), err)
			}
		})
	}
}

func TestATextThatGrowsTooLongIsRefused(t *testing.T) {
	packed, err := deflate(make([]byte, maxPlain+1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inflate(packed); !errors.Is(err, ErrSealed) {
		t.Errorf("inflate: %v, want ErrSealed", err)
	}
}
