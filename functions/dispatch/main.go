// Command dispatch is the Lambda without pages: it routes new cases, sends messages, takes feedback on mails, keeps time
// and keeps watch over all of this.
package main

import (
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"voordeur/functions/wiring"
)

func main() {
	log := lambdacontext.NewLogger()
	handler, err := build(wiring.NewEnvironment(os.Getenv), log, time.Now)
	if err != nil {
		log.Error("function does not start", slog.Any("error", err))
		os.Exit(1)
	}
	lambda.Start(handler.handle)
}
