package form

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Asked is the form as residents are asked it: its definition, and the Dutch words of its questions. It is kept with
// what was answered on it, and shows that years later as it was asked.
type Asked struct {
	Definition Definition        `json:"definition"`
	Texts      map[string]string `json:"texts"` // by key, as in the language files
}

// Hash names the form: what is asked in another way has another hash. It has 32 hexadecimal digits.
func (a Asked) Hash() string {
	sum := sha256.Sum256(a.Encode())
	return hex.EncodeToString(sum[:16])
}

// Encode writes the form, always in the same way.
func (a Asked) Encode() []byte {
	data, err := json.Marshal(a)
	if err != nil { // a form holds nothing that has no JSON
		panic("form: encode: " + err.Error())
	}
	return data
}

// DecodeAsked reads what Encode wrote, in this release or an earlier one.
func DecodeAsked(data []byte) (Asked, error) {
	var a Asked
	if err := json.Unmarshal(data, &a); err != nil {
		return Asked{}, fmt.Errorf("decode form: %w", err)
	}
	return a, nil
}
