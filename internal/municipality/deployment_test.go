package municipality_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadTellsTheFaultsOfADeployment(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(file object)
		want   map[string]string
	}{
		"a region outside the European Union": {
			func(f object) { in(f, "deployment")["region"] = "us-east-1" },
			map[string]string{"deployment.region": "kies uit: eu-central-1, eu-west-1, eu-west-3, eu-north-1, eu-south-1"},
		},
		"an account that is none": {
			func(f object) { in(f, "deployment")["account"] = "1111-2222-3333" },
			map[string]string{"deployment.account": "vul de twaalf cijfers van het AWS-account in"},
		},
		"an account as a number": {
			func(f object) { in(f, "deployment")["account"] = 111122223333 },
			map[string]string{"deployment.account": "hier hoort tekst tussen aanhalingstekens"},
		},
		"addresses instead of hosts": {
			func(f object) {
				in(f, "deployment")["hosts"] = object{"public": "https://hulp.waterstad.example", "desk": "bureau"}
			},
			map[string]string{
				"deployment.hosts.public": "schrijf een hostnaam als hulp.gemeente.example, zonder https://",
				"deployment.hosts.desk":   "schrijf een hostnaam als hulp.gemeente.example, zonder https://",
			},
		},
		"one host for residents and workers": {
			func(f object) { in(f, "deployment", "hosts")["desk"] = "hulp.waterstad.example" },
			map[string]string{"deployment.hosts.desk": "kies een andere naam dan die van de voordeur"},
		},
		"a zone by its name": {
			func(f object) { in(f, "deployment")["zone"] = "waterstad.example" },
			map[string]string{"deployment.zone": "schrijf het id van de zone, zoals Z0123456789ABCDEFGHIJ"},
		},
		"no zone, and no provider of its own": {
			func(f object) { delete(in(f, "deployment"), "zone") },
			map[string]string{},
		},
		"a provider of its own": {
			func(f object) {
				in(f, "deployment")["sign_in"] = object{"issuer": "https://inloggen.waterstad.example", "client_id": "bureau"}
			},
			map[string]string{},
		},
		"half a provider, without TLS": {
			func(f object) { in(f, "deployment")["sign_in"] = object{"issuer": "http://inloggen.waterstad.example"} },
			map[string]string{
				"deployment.sign_in.issuer":    "vul een webadres in dat met https:// begint",
				"deployment.sign_in.client_id": "gebruik letters, cijfers, punten en streepjes, hoogstens 64 tekens",
			},
		},
		"a provider with a slash at the end": {
			func(f object) {
				in(f, "deployment")["sign_in"] = object{"issuer": "https://inloggen.waterstad.example/", "client_id": "bureau"}
			},
			map[string]string{"deployment.sign_in.issuer": "laat de / aan het eind weg"},
		},
		"a provider that is nothing": {
			func(f object) { in(f, "deployment")["sign_in"] = nil },
			map[string]string{"deployment.sign_in": "hier hoort een object { }"},
		},
		"nobody to warn, no money and no test lead": {
			func(f object) {
				d := in(f, "deployment")
				delete(d, "alarms_to")
				d["budget_eur"], d["smoke_test_to"] = 0, "proef"
			},
			map[string]string{
				"deployment.alarms_to":     "vul een e-mailadres in, bijvoorbeeld team@gemeente.example",
				"deployment.budget_eur":    "kies een getal van 1 of hoger",
				"deployment.smoke_test_to": "vul een e-mailadres in, bijvoorbeeld team@gemeente.example",
			},
		},
		"systems twice, and one with a space": {
			func(f object) { in(f, "deployment")["api_clients"] = []any{"zaak", "zaak", "een systeem"} },
			map[string]string{
				"deployment.api_clients[1]": "zaak komt al eerder voor",
				"deployment.api_clients[2]": "gebruik letters, cijfers, punten en streepjes, hoogstens 64 tekens",
			},
		},
		"a secret": {
			func(f object) { in(f, "deployment")["client_secret"] = "geheim" },
			map[string]string{"deployment.client_secret": "dit veld is niet bekend, haal het weg"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, faultsOf(t, tt.change)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddressesAndTheSendersDomainFollowFromTheFile(t *testing.T) {
	m := waterstad(t)
	m.Sender.Address = "Post@Mail.Waterstad.example"
	for want, got := range map[string]string{
		"https://hulp.waterstad.example":   m.Deployment.PublicURL(),
		"https://bureau.waterstad.example": m.Deployment.DeskURL(),
		"mail.waterstad.example":           m.Sender.Domain(),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
