package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fault is one thing that keeps the files from being loaded.
type fault struct {
	file   string // "" is the staff as a whole, after the load
	line   int    // 0 is the file as a whole
	column string // its heading; "" is the whole line
	text   string // Dutch: what to do. What a cell holds is never in it.
}

// faults is every fault.
type faults []fault

// sort puts them by file, line and column, what is wrong with the staff as a whole at the end.
func (f faults) sort() {
	column := func(f fault) int {
		for _, k := range []kind{workers, roster, partners} {
			all, _ := k.columns()
			if at := slices.Index(all, f.column); at >= 0 {
				return at
			}
		}
		return -1
	}
	slices.SortStableFunc(f, func(a, b fault) int {
		if (a.file == "") != (b.file == "") {
			return -strings.Compare(a.file, b.file)
		}
		return cmp.Or(strings.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(column(a), column(b)))
	})
}

// Error gives one line for each fault.
func (f faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		place := "Na deze verandering"
		if one.file != "" {
			place = one.file
		}
		if one.line > 0 {
			place += fmt.Sprintf(", regel %d", one.line)
		}
		if one.column != "" {
			place += ", kolom " + one.column
		}
		lines[i] = place + ": " + one.text
	}
	return strings.Join(lines, "\n")
}

// kind is what a file lists. It is the heading of its first column, which holds an id or a day.
type kind string

// The kinds of file.
const (
	workers  kind = "medewerker"
	roster   kind = "dag"
	partners kind = "partner"
)

// The headings besides the first.
const (
	colName        = "naam"
	colEmail       = "e-mail"
	colPhone       = "telefoon"
	colFunction    = "functie"
	colTeam        = "team"
	colRoles       = "rollen"
	colDisciplines = "disciplines"
	colLanguages   = "talen"
	colHours       = "uren"
	colReserved    = "buurturen"
	colLeftOn      = "uit dienst op"
	colCan         = "kan"
)

// columns lists a kind's headings, the first one first; ok is false when there is no such kind.
func (k kind) columns() (all []string, ok bool) {
	switch k {
	case workers:
		return []string{
			string(workers), colName, colEmail, colPhone, colFunction, colTeam, colRoles, colDisciplines, colLanguages,
			colHours, colReserved, colLeftOn,
		}, true
	case roster:
		return append([]string{string(roster)}, turns()...), true
	case partners:
		return []string{string(partners), colName, colCan, colPhone}, true
	}
	return nil, false
}

// turns lists the headings of the roster's line, first in line first. Only the first one must be there.
func turns() []string { return []string{"eerste", "tweede", "derde", "vierde", "vijfde"} }

// sheet is one file as it was read.
type sheet struct {
	file string // without its folder
	kind kind
	rows []row
	cut  bool // not read to its end
}

// row is one line of a file that has something in it.
type row struct {
	file  string
	line  int // from 1
	cells map[string]string
}

// at is a fault of one cell.
func (r row) at(column, text string) fault { return fault{r.file, r.line, column, text} }

// readSheet reads a file as spreadsheets save it: with semicolons or commas, UTF-8 with or without byte order mark,
// lines that end either way, cells in quotation marks. Without headings or with other text than UTF-8 there is no
// sheet.
func readSheet(path string) (sheet, faults, error) {
	data, err := os.ReadFile(path) //nolint:gosec // whoever runs the command says which file
	s := sheet{file: filepath.Base(path), cut: true}
	if errors.Is(err, fs.ErrNotExist) {
		return s, faults{{s.file, 0, "", "dit bestand is er niet, kijk naar de naam en de map"}}, nil
	}
	if err != nil {
		return sheet{}, nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		return s, faults{{s.file, 0, "", "sla het bestand op als CSV UTF-8"}}, nil
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.Count(first, []byte(";")) >= bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	headings, found := s.headings(r)
	if len(found) > 0 {
		return s, found, nil
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			s.cut = false
			return s, found, nil
		}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			return s, append(found, fault{s.file, broken.Line, "", "de aanhalingstekens kloppen niet, typ de regel opnieuw"}), nil
		}
		if err != nil {
			return s, nil, err
		}
		line, _ := r.FieldPos(0)
		found = append(found, s.add(line, headings, record)...)
	}
}

// headings reads the first line, which says what kind of file it is and where each column stands.
func (s *sheet) headings(r *csv.Reader) ([]string, faults) {
	headings, err := r.Read()
	if err != nil {
		return nil, faults{{s.file, 1, "", "begin met een regel met koppen"}}
	}
	for i, heading := range headings {
		headings[i] = strings.ToLower(norm.NFC.String(strings.TrimSpace(heading)))
	}
	s.kind = kind(headings[0])
	known, ok := s.kind.columns()
	if !ok {
		return nil, faults{{s.file, 1, "", "begin met de kop medewerker, dag of partner"}}
	}
	needed := known
	if s.kind == roster {
		needed = known[:2]
	}
	var found faults
	for _, heading := range needed {
		if !slices.Contains(headings, heading) {
			found = append(found, fault{s.file, 1, heading, "deze kolom is er niet, zet hem erbij"})
		}
	}
	for i, heading := range headings {
		switch {
		case heading == "":
		case !slices.Contains(known, heading):
			found = append(found, fault{s.file, 1, "", fmt.Sprintf("kop %d is niet bekend, kies uit: %s", i+1, strings.Join(known, ", "))})
		case slices.Contains(headings[:i], heading):
			found = append(found, fault{s.file, 1, heading, "deze kop staat er twee keer, haal er één weg"})
		}
	}
	return headings, found
}

// add takes in a line. A cell with a fault is empty from there on.
func (s *sheet) add(line int, headings, record []string) faults {
	r := row{s.file, line, map[string]string{}}
	var found faults
	said := false
	for i, text := range record {
		text = norm.NFC.String(strings.TrimSpace(text))
		if text == "" {
			continue
		}
		said = true
		if i >= len(headings) || headings[i] == "" {
			found = append(found, fault{s.file, line, "", fmt.Sprintf("cel %d heeft geen kop, maak de cel leeg", i+1)})
			continue
		}
		if why := refused(headings[i], text); why != "" {
			found = append(found, r.at(headings[i], why))
			continue
		}
		r.cells[headings[i]] = text
	}
	if said {
		s.rows = append(s.rows, r)
	}
	return found
}

// refused says what to do about a text that no cell may hold, "" when it may: one that a spreadsheet would take for a
// formula (T09), or with characters that nobody sees.
func refused(column, text string) string {
	dialled := column == colPhone && strings.HasPrefix(text, "+")
	switch {
	case strings.ContainsRune("=@+-", rune(text[0])) && !dialled:
		return "een formule kan niet, typ de waarde zelf"
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "er staan tekens in die je niet ziet, typ de cel opnieuw"
	}
	return ""
}
