package check

import (
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// text says in Dutch what a value must be, for the keywords that our schemas use.
func text(broken jsonschema.ErrorKind) string {
	switch k := broken.(type) {
	case *kind.Type:
		return "hier hoort " + typeText(k.Want[0])
	case *kind.Enum:
		return "kies uit: " + list(k.Want)
	case *kind.Const:
		return fmt.Sprintf("hier hoort %v", k.Want)
	case *kind.MinLength:
		return "vul dit in"
	case *kind.MaxLength:
		return fmt.Sprintf("gebruik hoogstens %d tekens", k.Want)
	case *kind.Pattern:
		return "schrijf dit volgens het patroon " + k.Want
	case *kind.Format:
		return formatText(k.Want)
	case *kind.Minimum:
		return "kies een getal van " + k.Want.RatString() + " of hoger"
	case *kind.ExclusiveMinimum:
		return "kies een getal boven " + k.Want.RatString()
	case *kind.Maximum:
		return "kies een getal van " + k.Want.RatString() + " of lager"
	case *kind.MinItems:
		return fmt.Sprintf("zet er minstens %d in", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("zet er hoogstens %d in", k.Want)
	case *kind.MinProperties:
		return fmt.Sprintf("vul minstens %d van de velden in", k.Want)
	case *kind.MaxProperties:
		return fmt.Sprintf("vul hoogstens %d van de velden in", k.Want)
	case *kind.UniqueItems:
		return fmt.Sprintf("nummer %d en %d zijn gelijk", k.Duplicates[0]+1, k.Duplicates[1]+1)
	case *kind.OneOf:
		return "vul precies één van de mogelijkheden in"
	default:
		return "dit past niet bij " + strings.Join(broken.KeywordPath(), "/") + " van het schema"
	}
}

func typeText(want string) string {
	switch want {
	case "string":
		return "tekst tussen aanhalingstekens"
	case "integer":
		return "een heel getal"
	case "number":
		return "een getal"
	case "boolean":
		return "true of false"
	case "array":
		return "een lijst [ ]"
	default:
		return "een object { }"
	}
}

func formatText(format string) string {
	switch format {
	case "date":
		return "schrijf een datum als 2026-12-24"
	case "date-time":
		return "schrijf een tijdstip als 2026-11-24T09:00:00Z"
	case "email":
		return "vul een e-mailadres in, bijvoorbeeld team@gemeente.example"
	default:
		return "vul een webadres in dat met https:// begint"
	}
}

func list(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, ", ")
}
