package mailtest

import (
	"context"
	"net"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Zone is what a DNS server answers: by name, without the dot at the end, and by type, "CNAME", "MX" or "TXT". The text
// of a TXT record may be longer than 255 bytes. A nil zone answers nothing but failures.
type Zone map[string]map[string][]string

// ReadyZone is a zone in which SPF and DMARC of a domain are as they must be.
func ReadyZone(domain, mailFrom string) Zone {
	return Zone{mailFrom: {"TXT": {"v=spf1 include:amazonses.com -all"}}, "_dmarc." + domain: {"TXT": {"v=DMARC1; p=reject"}}}
}

// Resolver starts a DNS server with a zone, and returns a resolver that asks it and no other.
func Resolver(tb testing.TB, zone Zone) *net.Resolver {
	tb.Helper()
	server := StartDNS(tb, zone)
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "udp", server)
		},
	}
}

// StartDNS starts a DNS server with a zone, and returns where it listens.
func StartDNS(tb testing.TB, zone Zone) string {
	tb.Helper()
	server, err := new(net.ListenConfig).ListenPacket(tb.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 4096)
		for {
			n, from, err := server.ReadFrom(buffer)
			if err != nil {
				return // closed
			}
			answer, err := zone.answer(buffer[:n])
			if err != nil {
				tb.Errorf("DNS: %v", err)
				return
			}
			if _, err := server.WriteTo(answer, from); err != nil {
				tb.Errorf("DNS: %v", err)
				return
			}
		}
	}()
	tb.Cleanup(func() {
		if err := server.Close(); err != nil {
			tb.Error(err)
		}
		<-done
	})
	return server.LocalAddr().String()
}

func (z Zone) answer(query []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil {
		return nil, err
	}
	m.Response, m.Authoritative, m.RecursionAvailable, m.Additionals = true, true, true, nil
	if z == nil {
		m.RCode = dnsmessage.RCodeServerFailure
		return m.Pack()
	}
	asked := m.Questions[0]
	held, there := z[strings.ToLower(strings.TrimSuffix(asked.Name.String(), "."))]
	if !there {
		m.RCode = dnsmessage.RCodeNameError
		return m.Pack()
	}
	add := func(t dnsmessage.Type, body dnsmessage.ResourceBody) {
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: asked.Name, Type: t, Class: dnsmessage.ClassINET, TTL: 60}, Body: body,
		})
	}
	for _, target := range held["CNAME"] { // whatever was asked
		name, err := dnsmessage.NewName(target + ".")
		if err != nil {
			return nil, err
		}
		add(dnsmessage.TypeCNAME, &dnsmessage.CNAMEResource{CNAME: name})
	}
	if asked.Type == dnsmessage.TypeMX {
		for _, host := range held["MX"] {
			name, err := dnsmessage.NewName(host + ".")
			if err != nil {
				return nil, err
			}
			add(dnsmessage.TypeMX, &dnsmessage.MXResource{Pref: 10, MX: name})
		}
	}
	if asked.Type == dnsmessage.TypeTXT {
		for _, text := range held["TXT"] {
			var parts []string
			for ; len(text) > 255; text = text[255:] {
				parts = append(parts, text[:255])
			}
			add(dnsmessage.TypeTXT, &dnsmessage.TXTResource{TXT: append(parts, text)})
		}
	}
	return m.Pack()
}
