package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"fmt"
	"os"
	"strings"
)

// list is a bill of materials in CycloneDX 1.6, as far as ours goes.
type list struct {
	Format   string `json:"bomFormat"`
	Spec     string `json:"specVersion"`
	Version  int    `json:"version"`
	Metadata struct {
		Component component `json:"component"`
	} `json:"metadata"`
	Components []component `json:"components"`
}

type component struct {
	Type       string     `json:"type"`
	Name       string     `json:"name"`
	Version    string     `json:"version,omitempty"`
	PURL       string     `json:"purl,omitempty"`
	Hashes     []hash     `json:"hashes,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func listOf(binary string) (list, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return list{}, fmt.Errorf("read what is in %s: %w", binary, err)
	}
	data, err := os.ReadFile(binary) //nolint:gosec // built by us
	if err != nil {
		return list{}, err
	}
	l := list{Format: "CycloneDX", Spec: "1.6", Version: 1}
	l.Metadata.Component = component{
		Type: "application", Name: info.Path, Hashes: []hash{{"SHA-256", fmt.Sprintf("%x", sha256.Sum256(data))}},
	}
	l.Components = []component{library("std", strings.TrimPrefix(info.GoVersion, "go"), "")}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		l.Components = append(l.Components, library(m.Path, m.Version, m.Sum))
	}
	return l, nil
}

// library is a module; its sum is that of go.sum, over its files.
func library(path, version, sum string) component {
	c := component{Type: "library", Name: path, Version: version, PURL: "pkg:golang/" + path + "@" + version}
	if sum != "" {
		c.Properties = []property{{"go.sum", sum}}
	}
	return c
}
