// Command local runs the whole service on this machine, with no AWS account: the functions' own code over Dynoxide, and
// stand-ins for key management, mail and sign-in. Nothing in this folder can be reached from a function.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, settings{
		addr:         or(os.Getenv("ADDR"), "127.0.0.1:8080"),
		data:         or(os.Getenv("DATA"), ".local"),
		municipality: or(os.Getenv("MUNICIPALITY"), "schemas/municipalities/waterstad.json"),
		dynoxide:     os.Getenv("DYNOXIDE_BIN"),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "voordeur:", err)
		stop()
		os.Exit(1)
	}
}

// settings is what the environment says.
type settings struct {
	addr         string // to listen on
	data         string // folder that survives a restart
	municipality string // file
	dynoxide     string // binary; "" for the packaged one
}

// run starts everything, says where it is, and ends it when ctx ends or the store does.
func run(ctx context.Context, s settings) (err error) {
	service, err := start(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.close()) }()
	fmt.Println(service.greeting())
	return service.serve(ctx)
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
