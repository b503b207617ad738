package municipality

import "strings"

// Deployment says where a municipality's stack stands and whom it warns. It holds no secret: the file is public.
type Deployment struct {
	Account     string   `json:"account" validate:"account"`                                                     // of AWS, twelve digits
	Region      string   `json:"region" validate:"oneof=eu-central-1 eu-west-1 eu-west-3 eu-north-1 eu-south-1"` // in the EU, with every service that the stack uses
	Hosts       Hosts    `json:"hosts"`
	Zone        string   `json:"zone,omitempty" validate:"omitempty,zone"` // Route 53 zone that holds both hosts and the sender's domain; "": DNS is kept elsewhere
	AlarmsTo    string   `json:"alarms_to" validate:"email,printascii"`
	BudgetEUR   int      `json:"budget_eur" validate:"min=1,max=100000"` // a month
	SignIn      *SignIn  `json:"sign_in,omitempty"`                      // nil: a user pool of our own
	APIClients  []string `json:"api_clients" validate:"max=10,dive,client"`
	SmokeTestTo string   `json:"smoke_test_to" validate:"email,printascii"` // address of the test lead
}

// Hosts are the names that people type, without scheme: the workers' cookies never reach the public one.
type Hosts struct {
	Public string `json:"public" validate:"host"` // "hulp.gemeente.example"
	Desk   string `json:"desk" validate:"host"`   // "bureau.gemeente.example", of workers and systems
}

// SignIn is a municipality's own OpenID provider, with a public client for the desk.
type SignIn struct {
	Issuer   string `json:"issuer" validate:"https_url,endsnotwith=/"`
	ClientID string `json:"client_id" validate:"client"`
}

const (
	accountPattern = `^[0-9]{12}$`
	hostPattern    = `^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`
	zonePattern    = `^Z[A-Z0-9]{6,31}$`
	clientPattern  = `^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`
)

// PublicURL is the address of the resident's front door, without a path.
func (d Deployment) PublicURL() string { return "https://" + d.Hosts.Public }

// DeskURL is the address of the host of workers and systems, without a path.
func (d Deployment) DeskURL() string { return "https://" + d.Hosts.Desk }

// Domain is the domain that mails come from: what stands after the @.
func (s Sender) Domain() string {
	_, domain, _ := strings.Cut(s.Address, "@")
	return strings.ToLower(domain)
}

// deploymentFaults keeps the public front door and the desk apart, and every client the only one of its name.
func deploymentFaults(d Deployment) Faults {
	faults := repeated("deployment.api_clients[%d]", d.APIClients)
	if d.Hosts.Desk != "" && d.Hosts.Desk == d.Hosts.Public {
		faults = append(faults, Fault{"deployment.hosts.desk", "kies een andere naam dan die van de voordeur"})
	}
	return faults
}
