package directory

import (
	"crypto/sha256"
	"fmt"
)

// Feed is the directory as others read it: one page of services of the Human Services Data Specification (HSDS) 3.0 of
// Open Referral. It holds nobody's own data: numbers are those of organisations.
type Feed struct {
	TotalItems int       `json:"total_items"`
	TotalPages int       `json:"total_pages"`
	PageNumber int       `json:"page_number"`
	Size       int       `json:"size"`
	FirstPage  bool      `json:"first_page"`
	LastPage   bool      `json:"last_page"`
	Empty      bool      `json:"empty"`
	Contents   []Service `json:"contents"`
}

// Service is what an organisation does for people, as HSDS has it.
type Service struct {
	ID           string              `json:"id"` // a UUID, the same each time
	Name         string              `json:"name"`
	Description  string              `json:"description"` // Dutch
	Status       string              `json:"status"`
	Phones       []ServicePhone      `json:"phones"`
	Organization ServiceOrganization `json:"organization"`
}

// ServicePhone is a telephone number, as HSDS has it.
type ServicePhone struct {
	ID     string `json:"id"`
	Number string `json:"number"`
}

// ServiceOrganization is who offers a service, as HSDS has it.
type ServiceOrganization struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// NewFeed returns the feed of a municipality's organisations, in their order, on one page.
func NewFeed(municipality string, organisations []Organisation) Feed {
	f := Feed{
		TotalItems: len(organisations), TotalPages: 1, PageNumber: 1, Size: len(organisations),
		FirstPage: true, LastPage: true, Empty: len(organisations) == 0, Contents: []Service{},
	}
	for _, o := range organisations {
		id := func(kind string) string { return uuid(kind + " of " + municipality + "/" + o.ID) }
		f.Contents = append(f.Contents, Service{
			ID: id("service"), Name: o.Name, Description: o.Can, Status: "active",
			Phones:       []ServicePhone{{ID: id("phone"), Number: o.Phone}},
			Organization: ServiceOrganization{ID: id("organization"), Name: o.Name, Description: o.Can},
		})
	}
	return f
}

// uuid returns the UUID of a name, of version 8 (RFC 9562 §5.8): its bits are of SHA-256.
func uuid(name string) string {
	b := sha256.Sum256([]byte(name))
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
