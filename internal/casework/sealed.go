package casework

import "time"

// Key is one key pair of a purpose as it is stored: the public half plain, the private half encrypted by KMS.
type Key struct {
	Purpose Purpose
	N       uint16 // 1, 2, …: the highest one seals, all of them open
	Public  []byte
	Private []byte // KMS ciphertext
}

// DraftRow is a draft as it is stored: nobody reads it without the resident's secret.
type DraftRow struct {
	Version int
	Sealed  []byte
	Expires time.Time
}
