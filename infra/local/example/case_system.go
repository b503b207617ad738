package example

import "crypto/hpke"

// CaseSystemKey is the private key of Duinrand's own case system, whose public half stands in its file. It is nobody's:
// whoever reads this has it.
func CaseSystemKey() (hpke.PrivateKey, error) {
	return hpke.MLKEM768X25519().DeriveKeyPair([]byte("the case system of Duinrand, which is nobody's, 2026"))
}
