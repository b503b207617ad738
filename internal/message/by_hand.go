package message

import "voordeur/internal/casework"

// Sheet is a letter to print, or to copy into a text.
type Sheet struct {
	Text     string
	Language string // BCP 47
	Dir      string // "ltr" or "rtl"
}

// ByHand writes the receipt of a resident without a safe e-mail address, in their language: what a mail would say, but
// for the link, which nobody types over. short is what fits a text: that the report came in and when somebody answers.
// Under a safety flag both are neutral.
func (w *Writer) ByHand(report casework.Report, contact casework.Contact) (letter, short Sheet, err error) {
	l := w.receiptOf(report, contact)
	if letter, err = w.sheet(contact.Language, l); err != nil {
		return Sheet{}, Sheet{}, err
	}
	l.Neutral = true
	short, err = w.sheet(contact.Language, l)
	return letter, short, err
}

func (w *Writer) sheet(language string, l Receipt) (Sheet, error) {
	texts, err := w.catalog.in(language, w.municipality.Formal)
	if err != nil {
		return Sheet{}, err
	}
	templates, err := w.templates()
	if err != nil {
		return Sheet{}, err
	}
	p, err := compose(l, texts)
	if err != nil {
		return Sheet{}, err
	}
	text, _, err := templates.render(p)
	return Sheet{Text: text, Language: p.Language, Dir: p.Dir()}, err
}

// receiptOf is the receipt of a report, without a link.
func (w *Writer) receiptOf(report casework.Report, contact casework.Contact) Receipt {
	return Receipt{
		Number: report.Reference, Received: report.Received, ContactBefore: report.ContactBefore,
		Neutral: contact.Neutral, ForOther: contact.ForOther || contact.Updates != nil, Asked: contact.Updates != nil,
		Municipality: w.municipality,
	}
}
