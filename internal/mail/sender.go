package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"voordeur/internal/message"
)

// Sender is the domain that a municipality's mails come from, as SES knows it.
type Sender struct {
	Client           *sesv2.Client
	Domain           string // what stands after the @
	ConfigurationSet string
}

// Standing is how SES says that a sender is set up.
type Standing struct {
	Faults []string // what keeps mails from going out; empty: nothing
	domain string
	region string
	tokens []string // of DKIM
	zone   string   // that the DKIM names lead to
	from   string   // the MAIL FROM domain, "" when there is none
}

// Ask asks SES whether the domain is verified, signed with DKIM, has a MAIL FROM domain of its own and goes by TLS alone.
// Without these a mail could be forged (T06) or read on its way. What is told of a failure holds no words of SES.
func (s Sender) Ask(ctx context.Context) (Standing, error) {
	st := Standing{domain: s.Domain, region: s.Client.Options().Region}
	identity, err := s.Client.GetEmailIdentity(ctx, &sesv2.GetEmailIdentityInput{EmailIdentity: &s.Domain})
	if err != nil {
		return Standing{}, fmt.Errorf("ask SES for the sender: %w", withoutWords(err))
	}
	set, err := s.Client.GetConfigurationSet(ctx, &sesv2.GetConfigurationSetInput{ConfigurationSetName: &s.ConfigurationSet})
	if err != nil {
		return Standing{}, fmt.Errorf("ask SES for the configuration set: %w", withoutWords(err))
	}
	fault := func(ok bool, format string, a ...any) {
		if !ok {
			st.Faults = append(st.Faults, fmt.Sprintf(format, a...))
		}
	}
	fault(identity.VerifiedForSendingStatus, "the domain is not verified: %s", identity.VerificationStatus)
	dkim, from := identity.DkimAttributes, identity.MailFromAttributes
	if dkim == nil {
		dkim = &types.DkimAttributes{Status: types.DkimStatusNotStarted}
	}
	if from == nil {
		from = &types.MailFromAttributes{MailFromDomainStatus: "NOT_STARTED"}
	}
	fault(dkim.SigningEnabled && dkim.Status == types.DkimStatusSuccess, "DKIM: %s, signing %t", dkim.Status, dkim.SigningEnabled)
	fault(from.MailFromDomainStatus == types.MailFromDomainStatusSuccess, "MAIL FROM: %s", from.MailFromDomainStatus)
	tls := types.TlsPolicyOptional // what SES does when it is not told
	if set.DeliveryOptions != nil && set.DeliveryOptions.TlsPolicy != "" {
		tls = set.DeliveryOptions.TlsPolicy
	}
	fault(tls == types.TlsPolicyRequire, "TLS: %s", tls)
	st.tokens, st.from = dkim.Tokens, aws.ToString(from.MailFromDomain)
	if st.zone = aws.ToString(dkim.SigningHostedZone); st.zone == "" {
		st.zone = "dkim.amazonses.com"
	}
	return st, nil
}

// Err is every fault, or nil.
func (s Standing) Err() error {
	if len(s.Faults) == 0 {
		return nil
	}
	return errors.New("sender is not ready: " + strings.Join(s.Faults, "; "))
}

// lookAtMost is what DNS may take before a mail; the machine's own server answers in milliseconds.
const lookAtMost = 5 * time.Second

// Look adds SPF and DMARC to the faults where they are not as they must be, or where nobody can say. SES sends without
// them; a receiver then takes a forged mail for ours. DKIM and what receives bounces SES looks up itself.
func (s *Standing) Look(ctx context.Context, resolver *net.Resolver) {
	ctx, cancel := context.WithTimeout(ctx, lookAtMost)
	defer cancel()
	for _, r := range s.Records() {
		if r.Type == TXT && r.Check(ctx, resolver) != nil { // what was found may hold an address, infra/sender tells it
			s.Faults = append(s.Faults, "DNS: no strict TXT at "+r.Name)
		}
	}
}

// Checked is a transport that sends nothing before SES has said that the sender is set up, and DNS has SPF and DMARC
// (H12). Mails wait until then: they stay owed, and are tried again. It asks once in the life of a process, before the
// first mail; whatever breaks later SES refuses or tells itself.
type Checked struct {
	Sender    Sender
	Resolver  *net.Resolver
	Transport message.Transport

	mu      sync.Mutex
	ready   bool
	refusal error     // the latest one
	until   time.Time // the refusal holds
}

// askAgainAfter keeps mails that wait together from asking SES one by one: it takes one such question a second.
const askAgainAfter = time.Minute

// Send sends the mail when the sender is set up.
func (c *Checked) Send(ctx context.Context, m message.Mail) (provider string, err error) {
	if err := c.check(ctx, m.Date); err != nil {
		return "", err
	}
	return c.Transport.Send(ctx, m)
}

func (c *Checked) check(ctx context.Context, now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ready {
		return nil
	}
	if now.Before(c.until) {
		return c.refusal
	}
	standing, err := c.Sender.Ask(ctx)
	if err == nil {
		standing.Look(ctx, c.Resolver)
		err = standing.Err()
	}
	c.ready, c.refusal, c.until = err == nil, err, now.Add(askAgainAfter)
	return err
}
