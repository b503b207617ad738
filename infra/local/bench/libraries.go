package main

import (
	"fmt"
	"strings"
)

// libraries are programs that each add one thing to a function with a client for DynamoDB and nothing else, which is
// the first. A library is kept in the program and not called, as long as our functions too call it only when a request
// needs it; what our functions do at their start is called.
func libraries() []*program {
	const (
		nothing = "function with DynamoDB"
		read    = `data, _ := schemas.Municipality("waterstad"); m, _ := municipality.Decode(data)`
	)
	var all []*program
	for _, l := range []struct {
		name    string
		imports []string
		start   string
	}{
		{nothing, nil, ""},
		{"config", []string{"context", "github.com/aws/aws-sdk-go-v2/config"}, "_, _ = config.LoadDefaultConfig(context.Background())"},
		{"kms", []string{"github.com/aws/aws-sdk-go-v2/service/kms"}, "keep(kms.NewFromConfig(c))"},
		{"sesv2", []string{"github.com/aws/aws-sdk-go-v2/service/sesv2"}, "keep(sesv2.NewFromConfig(c))"},
		{"s3", []string{"github.com/aws/aws-sdk-go-v2/service/s3"}, "keep(s3.NewFromConfig(c))"},
		{"validator", []string{"github.com/go-playground/validator/v10"}, "keep(validator.New, (*validator.Validate).Struct)"},
		{"go-i18n", []string{"github.com/nicksnyder/go-i18n/v2/i18n"}, "keep(i18n.NewBundle, (*i18n.Localizer).Localize)"},
		{"html/template", []string{"html/template"}, "keep(template.New, (*template.Template).Execute)"},
		{
			"s3 beside html/template",
			[]string{"github.com/aws/aws-sdk-go-v2/service/s3", "html/template"},
			"keep(s3.NewFromConfig(c), template.New, (*template.Template).Execute)",
		},
		{
			"validator beside html/template",
			[]string{"github.com/go-playground/validator/v10", "html/template"},
			"keep(validator.New, (*validator.Validate).Struct, template.New, (*template.Template).Execute)",
		},
		{"go-oidc and oauth2", []string{"github.com/coreos/go-oidc/v3/oidc", "golang.org/x/oauth2"}, "keep(oidc.NewProvider, (*oidc.IDTokenVerifier).Verify, (*oauth2.Config).Exchange)"},
		{"rickar/cal", []string{"github.com/rickar/cal/v2", "github.com/rickar/cal/v2/nl"}, "keep(cal.NewBusinessCalendar, nl.Holidays)"},
		{"go-mail", []string{"github.com/wneessen/go-mail"}, "keep(mail.NewMsg, (*mail.Msg).WriteTo)"},
		{"crypto/hpke", []string{"crypto/hpke"}, "keep(hpke.Seal, hpke.Open, hpke.MLKEM768X25519)"},
		{"reading the municipality", []string{"voordeur/internal/municipality", "voordeur/schemas"}, read + "; keep(m)"},
		{
			"reading it and the assets",
			[]string{"voordeur/internal/municipality", "voordeur/internal/web", "voordeur/schemas"},
			read + "; a, _ := web.NewAssets(m.Theme); keep(a)",
		},
	} {
		folder := strings.NewReplacer(" ", "-", "/", "-").Replace(l.name)
		all = append(all, &program{name: folder, source: "./infra/local/bench/reference/library-" + folder, main: mainWith(l.imports, l.start)})
	}
	return all
}

func mainWith(imports []string, start string) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	for _, path := range append(imports,
		"os", "github.com/aws/aws-lambda-go/lambda", "github.com/aws/aws-sdk-go-v2/aws",
		"github.com/aws/aws-sdk-go-v2/credentials", "github.com/aws/aws-sdk-go-v2/service/dynamodb") {
		fmt.Fprintf(&b, "\t%q\n", path)
	}
	fmt.Fprintf(&b, `)

var kept []any

func keep(values ...any) { kept = append(kept, values...) }

func main() {
	c := aws.Config{Region: os.Getenv("AWS_REGION"), Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	keep(dynamodb.NewFromConfig(c))
	%s
	lambda.Start(func() (int, error) { return len(kept), nil })
}
`, start)
	return b.String()
}

// libraryFigures is what each library adds to the first.
func libraryFigures(all []*program) figures {
	base := all[0]
	shown := figures{
		{base.name + ": start", micros(base.started[1:].median()), "µs", 0},
		{base.name + ": size", float64(base.size) / 1024, "KB", 0},
	}
	for _, l := range all[1:] {
		shown = append(shown,
			figure{"+ " + l.name + ": start", micros(l.started[1:].median() - base.started[1:].median()), "µs more", 0},
			figure{"+ " + l.name + ": size", float64(l.size-base.size) / 1024, "KB more", 0})
	}
	return shown
}
