package form

// Problem is one thing to mend, in page order. Wording lives in the language files, by Code.
type Problem struct {
	Page  string
	Field string // the first input to focus: its field name, of a choice the group's
	Key   string // the question
	Code  Code
	Max   int // for too_long in code points, for too_many in values, for number the highest
}

// Code says what is wrong with an answer. Each has a text with an example in the language files, whose keys it is a
// part of: hence a plain string.
type Code = string

// The codes.
const (
	CodeRequired       Code = "required"        // nothing was filled in, and it is needed
	CodeConfirm        Code = "confirm"         // a box that must be ticked is not
	CodeTooLong        Code = "too_long"        // more than Max code points
	CodeTooMany        Code = "too_many"        // more than Max values
	CodeCharacters     Code = "characters"      // control characters, or a line break where only one line fits
	CodeEmail          Code = "email"           // no e-mail address
	CodeEmailLetters   Code = "email_letters"   // an e-mail address with letters that Amazon SES does not send to
	CodePhone          Code = "phone"           // no telephone number
	CodePostcode       Code = "postcode"        // no Dutch postcode
	CodeOutside        Code = "outside"         // a postcode that none of the municipality's areas serves
	CodeDate           Code = "date"            // no real date; Field is the box that is wrong
	CodeDateIncomplete Code = "date_incomplete" // some of the three boxes are empty; Field is the first of them
	CodeNumber         Code = "number"          // no whole number from 0 to Max
	CodeYear           Code = "year"            // no year in which somebody alive can be born
	CodeChoice         Code = "choice"          // an answer that is not on offer (any more)
	CodeAlone          Code = "alone"           // "nothing of these" together with one of these
)

// Codes returns every code, for tests that want a text for each.
func Codes() []Code {
	return []Code{
		CodeRequired, CodeConfirm, CodeTooLong, CodeTooMany, CodeCharacters, CodeEmail, CodeEmailLetters, CodePhone,
		CodePostcode, CodeOutside, CodeDate, CodeDateIncomplete, CodeNumber, CodeYear, CodeChoice, CodeAlone,
	}
}
