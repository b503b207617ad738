package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"

	"voordeur/internal/form"
)

//nolint:gochecknoglobals // built once, when first asked for
var bodyValidator = sync.OnceValue(func() *validator.Validate { return validator.New() })

// The codes of what is wrong with a body besides the form's own.
const (
	codeUnknown  form.Code = "unknown"  // no field of ours
	codeType     form.Code = "type"     // another type than the field has
	codePath     form.Code = "path"     // no path through the form
	codeLanguage form.Code = "language" // none of the municipality's
)

// draftOf reads a report, whose fields are those of schemas/2026-11/report.schema.json. What is wrong with its shape is
// told all at once, before the form looks at the answers.
func (a *api) draftOf(body []byte) (form.Draft, error) {
	members, err := object(body)
	if err != nil {
		return form.Draft{}, &problem{kind: problemBody}
	}
	var wrong []fieldProblem
	said := func(name, tag string, code form.Code) string {
		value, there := members[name]
		delete(members, name)
		s, ok := text(value)
		switch {
		case !there:
			code = form.CodeRequired
		case !ok:
			code = codeType
		case bodyValidator().Var(s, tag) == nil:
			return s
		}
		wrong = append(wrong, fieldProblem{Pointer: pointer(name), Code: code})
		return ""
	}
	draft := form.Draft{
		Path:     form.Path(said("path", "oneof="+string(form.Full)+" "+string(form.CallMe), codePath)),
		Language: said("language", "oneof="+strings.Join(a.Intake.Municipality.Languages, " "), codeLanguage),
	}
	switch answers := members["answers"]; {
	case answers == nil:
		wrong = append(wrong, fieldProblem{Pointer: pointer("answers"), Code: form.CodeRequired})
	case answers[0] != '{':
		wrong = append(wrong, fieldProblem{Pointer: pointer("answers"), Code: codeType})
	default:
		sent, err := object(answers)
		if err != nil {
			return form.Draft{}, &problem{kind: problemBody}
		}
		var more []fieldProblem
		draft.Answers, more = readAnswers(a.Intake.Form, sent)
		wrong = append(wrong, more...)
	}
	delete(members, "answers")
	for _, name := range slices.Sorted(maps.Keys(members)) {
		wrong = append(wrong, fieldProblem{Pointer: pointer(name), Code: codeUnknown})
	}
	if len(wrong) > 0 {
		return form.Draft{}, &problem{kind: problemAnswers, fields: wrong}
	}
	return draft, nil
}

// readAnswers reads answers by the form's own fields, as a page's form would send them. A field that was not sent was
// not asked.
func readAnswers(d form.Definition, sent map[string]json.RawMessage) (form.Answers, []fieldProblem) {
	values, known := url.Values{}, map[string]bool{}
	var wrong []fieldProblem
	given := form.Answers{}
	for _, p := range d.Pages {
		for _, q := range p.Questions {
			for _, field := range q.Fields() {
				value, there := sent[field]
				if known[field] = true; !there {
					continue
				}
				var ok bool
				if values[field], ok = readAnswer(q, value); !ok {
					wrong = append(wrong, fieldProblem{Pointer: pointer("answers", field), Code: codeType})
				}
			}
		}
		for field, said := range p.Parse(values) {
			if _, there := sent[field]; there || len(said) > 0 {
				given[field] = said
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		if !known[name] {
			wrong = append(wrong, fieldProblem{Pointer: pointer("answers", name), Code: codeUnknown})
		}
	}
	return given, wrong
}

// readAnswer reads a field's answer: a text, or for a question of many values a list of texts.
func readAnswer(q form.Question, value json.RawMessage) (values []string, ok bool) {
	if q.Type != form.Multi && q.Type != form.PickHelps {
		said, ok := text(value)
		return []string{said}, ok
	}
	var list []any
	if err := json.Unmarshal(value, &list); err != nil || list == nil {
		return nil, false
	}
	for _, one := range list {
		said, ok := one.(string)
		if !ok {
			return nil, false
		}
		values = append(values, said)
	}
	return values, true
}

// text reads a JSON string; ok is false for anything else.
func text(value json.RawMessage) (s string, ok bool) {
	var v any
	if err := json.Unmarshal(value, &v); err != nil {
		return "", false
	}
	s, ok = v.(string)
	return s, ok
}

// errNoObject means that a text is not a JSON object as we take them.
var errNoObject = errors.New("not one JSON object in UTF-8 with each name once")

// object reads one JSON object, strictly: names as they are written, each of them once, and nothing behind it. What the
// standard library would let pass, another reader might take otherwise.
func object(data []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') || !utf8.Valid(data) {
		return nil, errNoObject
	}
	members := map[string]json.RawMessage{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, errNoObject
		}
		name, _ := token.(string) // within an object it is one
		var value json.RawMessage
		if _, twice := members[name]; twice || d.Decode(&value) != nil {
			return nil, errNoObject
		}
		members[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, errNoObject
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errNoObject
	}
	return members, nil
}

// pointer is a JSON Pointer (RFC 6901) as the fragment of a URI. A name of ours needs no escape; of one that a stranger
// made up only its beginning is told.
func pointer(names ...string) string {
	const longest = 60 // code points
	var b strings.Builder
	b.WriteString("#")
	for _, name := range names {
		if runes := []rune(name); len(runes) > longest {
			name = string(runes[:longest])
		}
		name = strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		b.WriteString("/" + url.PathEscape(name))
	}
	return b.String()
}
