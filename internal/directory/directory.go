// Package directory is the sociale kaart: who works where and with what number, and which organisations there are.
package directory

// Card is a colleague's phone card.
type Card struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`    // direct number
	Function string `json:"function"` // Dutch, "generalist Noord"
}

// Organisation is a partner that can stand by for a case.
type Organisation struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Can   string `json:"can"` // Dutch: what it can do
	Phone string `json:"phone"`
}
