// Command sender says which DNS records a municipality's sender needs, which of them are there, and what SES says of it.
// Dispatch sends no mail before SES finds nothing wrong. It changes nothing: whoever runs it needs to read the identity
// and the configuration set at SES, and no more.
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
	return report(ctx, standing, resolver, out)
}
