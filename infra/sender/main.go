// Command sender says which DNS records a municipality's sender needs, which of them are there, and what SES says of it.
// Dispatch sends no mail before SES finds nothing wrong with the sender. What is wrong with the account SES tells at
// each mail, and this command beforehand. It changes nothing: whoever runs it needs to read the identity, the
// configuration set and the account at SES, and no more.
//
//	go run ./infra/sender
//
// The environment is that of dispatch: MUNICIPALITY, SES_CONFIGURATION_SET, AWS_REGION and credentials. From a profile:
//
//	eval "$(aws configure export-credentials --format env)"
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"voordeur/functions/wiring"
	"voordeur/internal/mail"
)

func main() {
	// The resolver of Go asks for what was asked, on every system.
	resolver := &net.Resolver{PreferGo: true}
	if err := run(context.Background(), wiring.NewEnvironment(os.Getenv), resolver, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sender:", err)
		os.Exit(1)
	}
}

// run prints what is needed and what is found; its error says that something is missing.
func run(ctx context.Context, e *wiring.Environment, resolver *net.Resolver, out io.Writer) error {
	m, config, set := e.Municipality("MUNICIPALITY"), e.AWS(), e.Text("SES_CONFIGURATION_SET")
	if err := e.Err(); err != nil {
		return err
	}
	sender := mail.Sender{Client: sesv2.NewFromConfig(config), Domain: m.Sender.Domain(), ConfigurationSet: set}
	standing, err := sender.Ask(ctx)
	if err != nil {
		return err
	}
	account, err := sender.Client.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		return fmt.Errorf("ask SES for the account: %w", err)
	}
	if !account.ProductionAccessEnabled {
		standing.Faults = append(standing.Faults, "the account mails to confirmed addresses only (SES's sandbox)")
	}
	if !account.SendingEnabled {
		standing.Faults = append(standing.Faults, "the account may not send: "+aws.ToString(account.EnforcementStatus))
	}
	return report(ctx, standing, resolver, out)
}
