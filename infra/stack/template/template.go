// Package template reads the CloudFormation templates of a municipality's Stage and resolves what they leave to AWS, so
// that tests can look at the deployed shape without AWS, and without the CDK library.
package template

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Template is one stack.
type Template struct {
	Resources map[string]Resource
	Outputs   map[string]Output
}

// Resource is a resource of a stack, by its logical id.
type Resource struct {
	Type           string
	Properties     map[string]any
	DeletionPolicy string
}

// Output is what a stack shows, and what the other may import by its export's name.
type Output struct {
	Value  any
	Export struct{ Name string }
}

// Stage is both stacks of a municipality.
type Stage struct{ Data, App Template }

// Read reads a municipality's templates from a folder: waterlaan-data.json and waterlaan-app.json for "waterlaan".
func Read(folder, municipality string) (Stage, error) {
	var s Stage
	for part, t := range map[string]*Template{"data": &s.Data, "app": &s.App} {
		data, err := os.ReadFile(filepath.Join(folder, municipality+"-"+part+".json")) //nolint:gosec // a folder of the repository
		if err != nil {
			return Stage{}, fmt.Errorf("read template: %w", err)
		}
		if err := json.Unmarshal(data, t); err != nil {
			return Stage{}, fmt.Errorf("read template of %s: %w", part, err)
		}
	}
	return s, nil
}

// Function returns a function of ours by its name: "desk".
func (s Stage) Function(name string) (Resource, error) {
	for _, r := range s.App.Resources {
		if full, _ := r.Properties["FunctionName"].(string); r.Type == "AWS::Lambda::Function" && strings.HasSuffix(full, "-"+name) {
			return r, nil
		}
	}
	return Resource{}, fmt.Errorf("function %s is not in the template", name)
}

// Environment returns the variables that the template gives a function. values says what AWS would fill in, by the
// resource's logical id, with the attribute's name behind it where the template asks for one: "CaseTable",
// "EnvelopeKey.Arn". One that is missing is an error that names it.
func (s Stage) Environment(function string, values map[string]string) (map[string]string, error) {
	f, err := s.Function(function)
	if err != nil {
		return nil, err
	}
	environment, _ := f.Properties["Environment"].(map[string]any)
	variables, _ := environment["Variables"].(map[string]any)
	resolved := make(map[string]string, len(variables))
	for name, value := range variables {
		if resolved[name], err = s.Resolve(value, func(what string) (string, bool) { v, ok := values[what]; return v, ok }); err != nil {
			return nil, fmt.Errorf("variable %s of %s: %w", name, function, err)
		}
	}
	return resolved, nil
}

// Resolve writes out a value of the App's template. fill says what AWS would fill in for a name as in Environment.
func (s Stage) Resolve(value any, fill func(name string) (filled string, ok bool)) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case map[string]any:
		for function, argument := range v { // one
			return s.call(function, argument, fill)
		}
	}
	return "", fmt.Errorf("%v is no text", value)
}

func (s Stage) call(function string, argument any, fill func(string) (string, bool)) (string, error) {
	switch list, _ := argument.([]any); {
	case function == "Ref":
		return filled(fmt.Sprint(argument), fill)
	case function == "Fn::GetAtt" && len(list) == 2:
		return filled(fmt.Sprintf("%v.%v", list[0], list[1]), fill)
	case function == "Fn::ImportValue":
		for _, o := range s.Data.Outputs {
			if o.Export.Name == argument {
				return s.Resolve(o.Value, fill)
			}
		}
		return "", fmt.Errorf("nothing exports %v", argument)
	case function == "Fn::Join" && len(list) == 2:
		parts, _ := list[1].([]any)
		texts := make([]string, len(parts))
		for i, part := range parts {
			text, err := s.Resolve(part, fill)
			if err != nil {
				return "", err
			}
			texts[i] = text
		}
		return strings.Join(texts, fmt.Sprint(list[0])), nil
	}
	return "", fmt.Errorf("%s cannot be resolved", function)
}

func filled(name string, fill func(string) (string, bool)) (string, error) {
	text, ok := fill(name)
	if !ok {
		return "", fmt.Errorf("no value for %s", name)
	}
	return text, nil
}
