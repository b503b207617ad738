package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"voordeur/internal/form"
)

// questions returns the keys that the form asks for, each once, in the order of the form.
func questions(d form.Definition) []string {
	var keys []string
	for _, p := range d.Pages {
		for _, q := range p.Questions {
			if !slices.Contains(keys, q.Key) {
				keys = append(keys, q.Key)
			}
		}
	}
	return keys
}

// storedRow is a kind of row as the store's code declares it.
type storedRow struct {
	typ        string   // its Go type, "caseRow"
	attributes []string // without the primary key, in the order of the type
}

// storedRows reads the Go code in dir: a struct whose tags name the attribute PK is a row. The tags are what the rows are
// encoded by, so nothing is stored that does not stand in them.
func storedRows(dir string) ([]storedRow, error) {
	structs, err := structsIn(dir)
	if err != nil {
		return nil, err
	}
	var rows []storedRow
	for name := range structs {
		if attributes := attributesOf(name, structs); slices.Contains(attributes, "PK") {
			attributes = slices.DeleteFunc(attributes, func(a string) bool { return a == "PK" || a == "SK" })
			rows = append(rows, storedRow{typ: name, attributes: attributes})
		}
	}
	slices.SortFunc(rows, func(a, b storedRow) int { return strings.Compare(a.typ, b.typ) })
	return rows, nil
}

func structsIn(dir string) (map[string]*ast.StructType, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read the store's code in %s: %w", dir, fs.ErrNotExist)
	}
	structs := map[string]*ast.StructType{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("read the store's code: %w", err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if s, ok := spec.Type.(*ast.StructType); ok {
					structs[spec.Name.Name] = s
				}
			}
			return true
		})
	}
	return structs, nil
}

// attributesOf returns the attributes that a struct's tags name, those of embedded structs included.
func attributesOf(name string, structs map[string]*ast.StructType) []string {
	s, ok := structs[name]
	if !ok {
		return nil
	}
	var attributes []string
	for _, f := range s.Fields.List {
		switch attribute := tagged(f); {
		case attribute != "" && attribute != "-":
			attributes = append(attributes, attribute)
		case len(f.Names) == 0 && attribute == "":
			if embedded, ok := f.Type.(*ast.Ident); ok {
				attributes = append(attributes, attributesOf(embedded.Name, structs)...)
			}
		}
	}
	return attributes
}

// tagged returns the attribute that a field's tag names, "" when it has none.
func tagged(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	tag, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return ""
	}
	name, _, _ := strings.Cut(reflect.StructTag(tag).Get("dynamodbav"), ",")
	return name
}
