package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

const help = `zo werkt het:
  go run ./infra/people [-apply] <bestand.csv>...

Zonder -apply is het een proef: je leest wat er fout is en wat er zou veranderen.
Met -apply verandert het echt, als er niets fout is.

Er zijn drie soorten bestanden. De eerste kop zegt welke: medewerker, dag of partner.
Geef er één, of meer tegelijk. Wat je niet geeft, blijft zoals het is.
De koppen staan uitgelegd in .github/guides/municipality/people.md.

Zet deze variabelen: MUNICIPALITY, CASES_TABLE, AWS_REGION en je AWS-sleutels. Uit een profiel:
  eval "$(aws configure export-credentials --format env)"`

// What the command says of the whole.
const (
	tried     = "\nDit was een proef. Er is niets veranderd. Met -apply verandert het echt."
	done      = "\nKlaar. Dit geldt nu."
	overtaken = "iemand anders veranderde net ook iets, doe de proef opnieuw en lees wat er nog moet"
)

// The notes.
const (
	newAddress = "%s krijgt een ander e-mailadres. Wie nu als %[1]s binnenkomt, houdt zijn toegang. " +
		"Is het een ander mens? Geef die een eigen id. " + code
	newPeople = "Nieuw: %s. " + code
	code      = "Na het inloggen komt er een code per mail. Wie die nog niet invulde, krijgt geen casus."
	lostRule  = "Regel %s wijst straks niemand aan. De casussen gaan dan de gewone weg. Pas de regel aan."
	offDuty   = "%s is weg en staat nog op het rooster van %s. Wie daarna komt, heeft dienst."
)

// tell prints what would change, by id and line, and the notes.
func (p *plan) tell(out io.Writer) error {
	fmt.Fprintf(out, "%s: %s\n", p.municipality.Name, counted(len(p.changes), "verandering", "veranderingen"))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, c := range p.changes {
		line := ""
		if c.line > 0 {
			line = fmt.Sprintf("regel %d", c.line)
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", c.kind, c.id, c.what, line, c.more())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, note := range p.notes {
		fmt.Fprintf(out, "\nLet op. %s\n", note)
	}
	return nil
}

// more says what else there is to know of a change.
func (c change) more() string {
	if c.what != leaves {
		return join(c.columns)
	}
	access := "toegang stopt op die dag"
	if c.today {
		access = "toegang stopt nu"
	}
	if c.cases == 0 {
		return access + ", geen open casussen"
	}
	return fmt.Sprintf("%s, %s: zie de uitleg", access, counted(c.cases, "open casus", "open casussen"))
}

func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
