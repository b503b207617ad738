package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"voordeur/internal/message"
)

// SES sends through Amazon SES.
type SES struct {
	Client           *sesv2.Client
	ConfigurationSet string // whose events tell what became of the mail
}

// The tags that come back in SES's events and say which message they are about.
const (
	TagCase    = "case"    // the case's reference
	TagMessage = "message" // message.Key

	// NoCase is the case of a mail that is about none, such as a code for a worker's address: SES takes no empty value.
	NoCase = "none"
)

// Send hands the mail to SES and returns SES's id of it. It tries once: SES has no idempotency key, so that a repeat
// after a lost answer would be a second mail; the outbox decides when to try again.
func (s SES) Send(ctx context.Context, m message.Mail) (string, error) {
	data, err := raw(m)
	if err != nil {
		return "", fmt.Errorf("compose mail: %w", err)
	}
	key, _, _ := strings.Cut(m.MessageID, "@")
	out, err := s.Client.SendEmail(ctx, &sesv2.SendEmailInput{
		ConfigurationSetName: &s.ConfigurationSet,
		FromEmailAddress:     &m.From.Address,
		Destination:          &types.Destination{ToAddresses: []string{m.To}},
		Content:              &types.EmailContent{Raw: &types.RawMessage{Data: data}},
		EmailTags: []types.MessageTag{
			{Name: aws.String(TagCase), Value: aws.String(cmp.Or(string(m.Case), NoCase))},
			{Name: aws.String(TagMessage), Value: aws.String(key)},
		},
	}, func(o *sesv2.Options) { o.RetryMaxAttempts = 1 })
	if err != nil {
		return "", fmt.Errorf("send by SES: %w", withoutWords(err))
	}
	return aws.ToString(out.MessageId), nil
}

// withoutWords keeps of an error of SES its code: its words may repeat an address. Only a request that can never be
// right is refused for good; MessageRejected is not, since SES says that too of a sender that is not set up.
func withoutWords(err error) error {
	failed, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return errors.New("no answer")
	}
	what := errors.New(failed.ErrorCode())
	if _, bad := errors.AsType[*types.BadRequestException](err); bad {
		return fmt.Errorf("%w: %w", what, message.ErrRefused)
	}
	return what
}
