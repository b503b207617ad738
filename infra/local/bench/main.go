// Command bench measures what design.md §7 asks for and says which bounds hold. What is compared runs in turn within
// one run, and medians count, so that ratios hold on any machine. It runs at the top of the repository.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// history is where figures are kept, a line for each recorded run.
const history = ".github/figures.jsonl"

func main() {
	record := flag.Bool("record", false, "add the figures to "+history)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *record)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, record bool) error {
	var all figures
	for _, part := range []func(context.Context) (figures, error){
		clicks, handler, choosing, rendering, units, costs, starts, mails,
	} {
		measured, err := part(ctx)
		if err != nil {
			return err
		}
		measured.print(os.Stdout)
		all = append(all, measured...)
	}
	if record {
		if err := all.record(ctx, history, time.Now()); err != nil {
			return err
		}
	}
	return all.broken()
}
