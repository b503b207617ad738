package wiring

import (
	"log/slog"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"voordeur/internal/lambdahttp"
)

// Serve is the life of a function that answers HTTP requests: it builds its handler from the environment, which get
// reads, and never returns. What is wrong with the environment is logged as a whole, and ends the process with 1.
func Serve(get func(name string) string, build func(e *Environment, log *slog.Logger) (http.Handler, error)) {
	log := lambdacontext.NewLogger()
	handler, err := build(NewEnvironment(get), log)
	if err != nil {
		log.Error("function does not start", slog.Any("error", err))
		os.Exit(1)
	}
	lambda.Start(lambdahttp.Handler(handler, log))
}
