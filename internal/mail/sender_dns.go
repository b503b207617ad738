package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
)

// Record is a DNS record that a sender needs.
type Record struct {
	Type  RecordType
	Name  string // without the dot at the end
	Value string // as it is typed in: "10 feedback-smtp.eu-central-1.amazonses.com"
}

// RecordType is the type of a DNS record.
type RecordType string

// The types.
const (
	CNAME RecordType = "CNAME"
	MX    RecordType = "MX"
	TXT   RecordType = "TXT"
)

const (
	spf     = "v=spf1"
	dmarc   = "v=DMARC1"
	include = "include:amazonses.com"
)

// Records lists what the municipality's DNS must hold: the names that SES's DKIM keys are found by, the MAIL FROM domain
// for what comes back and for SPF, and DMARC. A receiver then refuses whatever somebody else sends in that name (T06).
func (s Standing) Records() []Record {
	var all []Record
	for _, token := range s.tokens {
		all = append(all, Record{CNAME, token + "._domainkey." + s.domain, token + "." + s.zone})
	}
	if s.from != "" {
		all = append(all,
			Record{MX, s.from, "10 feedback-smtp." + s.region + ".amazonses.com"},
			Record{TXT, s.from, spf + " " + include + " -all"})
	}
	return append(all, Record{TXT, "_dmarc." + s.domain, dmarc + "; p=reject"})
}

// Check says what is wrong with the record as the resolver finds it, or nil. Of SPF and DMARC the municipality may have
// more in its record, as long as it is as strict.
func (r Record) Check(ctx context.Context, resolver *net.Resolver) error {
	var found []string
	var err error
	fits := func(value string) bool { return strings.EqualFold(value, r.Value) }
	switch r.Type {
	case CNAME:
		var target string
		if target, err = resolver.LookupCNAME(ctx, r.Name+"."); target != r.Name+"." {
			found = append(found, strings.TrimSuffix(target, "."))
		}
	case MX:
		var hosts []*net.MX
		hosts, err = resolver.LookupMX(ctx, r.Name+".")
		for _, mx := range hosts {
			found = append(found, strings.TrimSuffix(mx.Host, "."))
		}
		fits = func(host string) bool { return strings.HasSuffix(strings.ToLower(r.Value), " "+strings.ToLower(host)) }
	case TXT:
		kind, strict := spf, strictSPF
		if strings.HasPrefix(r.Value, dmarc) {
			kind, strict = dmarc, strictDMARC
		}
		fits = strict
		found, err = resolver.LookupTXT(ctx, r.Name+".")
		found = slices.DeleteFunc(found, func(text string) bool { return !strings.HasPrefix(text, kind) })
	}
	if missing, ok := errors.AsType[*net.DNSError](err); ok && missing.IsNotFound {
		found, err = nil, nil
	}
	switch {
	case err != nil:
		return fmt.Errorf("look up %s %s: %w", r.Type, r.Name, err)
	case len(found) == 0:
		return errors.New("not there")
	case len(found) > 1:
		return fmt.Errorf("there are %d, want one", len(found))
	case !fits(found[0]):
		return fmt.Errorf("it is %q", found[0])
	}
	return nil
}

// strictSPF says whether SES may send, and a receiver learns that others may not.
func strictSPF(record string) bool {
	terms := strings.Fields(record)
	last := terms[len(terms)-1]
	return slices.Contains(terms, include) && (last == "-all" || last == "~all")
}

// strictDMARC says whether receivers are asked to refuse all forged mail, of subdomains too.
func strictDMARC(record string) bool {
	tags := map[string]string{"p": "none", "pct": "100"}
	for tag := range strings.SplitSeq(record, ";") {
		name, value, _ := strings.Cut(tag, "=")
		tags[strings.ToLower(strings.TrimSpace(name))] = strings.ToLower(strings.TrimSpace(value))
	}
	sub, set := tags["sp"]
	return tags["p"] == "reject" && tags["pct"] == "100" && (!set || sub == "reject")
}
