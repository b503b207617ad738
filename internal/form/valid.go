package form

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/go-playground/validator/v10"

	"voordeur/internal/municipality"
)

// The limits of the question types, in code points after Parse, and for MaxList in values.
const (
	MaxShort  = 60
	MaxName   = 100
	MaxLine   = 200
	MaxStory  = 2000
	MaxEmail  = 254
	MaxPhone  = 40
	MaxList   = 20
	MaxNumber = 20
)

// The years a date may lie in, and how old somebody may be.
const (
	minYear = 1900
	maxYear = 2199
	maxAge  = 120
)

// tag is the type as one rule of go-playground/validator; "" for the types whose answer is more than one text.
func (t Type) tag(today time.Time) string {
	switch t {
	case Short:
		return fmt.Sprintf("max=%d,plain", MaxShort)
	case Name:
		return fmt.Sprintf("max=%d,plain", MaxName)
	case Line:
		return fmt.Sprintf("max=%d,plain", MaxLine)
	case Story:
		return fmt.Sprintf("max=%d,lines", MaxStory)
	case Email:
		return fmt.Sprintf("max=%d,plain,email,excludesall=\"<>(),printascii", MaxEmail)
	case Phone:
		return fmt.Sprintf("max=%d,plain,dial", MaxPhone)
	case Postcode:
		return "plain,dutch_postcode"
	case Number:
		return fmt.Sprintf("whole=0-%d", MaxNumber)
	case Year:
		year := municipality.Local(today).Year()
		return fmt.Sprintf("born=%d-%d", year-maxAge, year)
	case Date, Choice, Multi, People, PickHelps, Confirm:
	}
	return ""
}

// codeOf is what a broken rule of a tag is called.
func codeOf(rule string) Code {
	switch rule {
	case "max":
		return CodeTooLong
	case "plain", "lines":
		return CodeCharacters
	case "dial":
		return CodePhone
	case "dutch_postcode":
		return CodePostcode
	case "printascii":
		return CodeEmailLetters
	case "whole":
		return CodeNumber
	case "born":
		return CodeYear
	}
	return CodeEmail // email, excludesall
}

// fault returns the first rule of the tag that the text breaks; "" when it keeps them all. limit is the rule's highest
// number, 0 when it has none.
func fault(text, tag string) (code Code, limit int) {
	err := validate().Var(text, tag)
	broken, ok := errors.AsType[validator.ValidationErrors](err)
	if !ok {
		return "", 0
	}
	_, highest, between := strings.Cut(broken[0].Param(), "-")
	if !between {
		highest = broken[0].Param()
	}
	limit, _ = strconv.Atoi(highest) // a rule without a number has no limit
	return codeOf(broken[0].Tag()), limit
}

// validate is built when first asked for: a waiting resident pays for what happens at start.
//
//nolint:gochecknoglobals // built once, never changed
var validate = sync.OnceValue(func() *validator.Validate {
	v := validator.New()
	for rule, holds := range map[string]func(text, param string) bool{
		"plain":          func(text, _ string) bool { return !strings.ContainsFunc(text, unicode.IsControl) },
		"lines":          func(text, _ string) bool { return !strings.ContainsFunc(text, controlButLineBreak) },
		"dial":           func(text, _ string) bool { _, ok := DialPhone(text); return ok },
		"dutch_postcode": func(text, _ string) bool { _, ok := DutchPostcode(text); return ok },
		"whole":          between,
		"born":           between,
	} {
		err := v.RegisterValidation(rule, func(fl validator.FieldLevel) bool { return holds(fl.Field().String(), fl.Param()) })
		if err != nil { // only for an empty rule name
			panic(err)
		}
	}
	return v
})

func controlButLineBreak(r rune) bool { return unicode.IsControl(r) && r != '\n' }

// between says whether the text is a whole number in a range written "0-20".
func between(text, bounds string) bool {
	n, ok := whole(text)
	from, to, _ := strings.Cut(bounds, "-")
	low, _ := whole(from)
	high, _ := whole(to)
	return ok && low <= n && n <= high
}

// whole reads a number of at most four digits.
func whole(text string) (n int, ok bool) {
	const maxDigits = 4
	if text == "" || len(text) > maxDigits || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// realDate reads the three boxes of a date; a year of two digits is of this century. wrong names the box that is wrong,
// "day", "month" or "year"; "" when the date is real.
func realDate(day, month, year string) (date time.Time, wrong string) {
	y, okYear := whole(year)
	if len(year) == 2 {
		y += 2000
	}
	m, okMonth := whole(month)
	d, okDay := whole(day)
	date = time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	switch {
	case !okDay || d < 1 || d > 31:
		return time.Time{}, "day"
	case !okMonth || m < 1 || m > 12:
		return time.Time{}, "month"
	case !okYear || y < minYear || y > maxYear:
		return time.Time{}, "year"
	case date.Day() != d:
		return time.Time{}, "day"
	}
	return date, ""
}
