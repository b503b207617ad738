package main

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
)

// What the inspector is for is planted in a page, one of each kind, and seen.
func TestTheInspectorSeesEveryKindOfFault(t *testing.T) {
	t.Parallel()
	p := launch(t, freeAddress(t), t.TempDir())
	good := watch(t, p, "nl", "9991 AB")[view{"/vraag/51", wrong}]
	unguarded := good
	unguarded.header = good.header.Clone()
	unguarded.header.Del("Content-Security-Policy")
	within := func(page shown, extra string) shown {
		page.body = []byte(strings.Replace(string(page.body), "</main>", extra+"</main>", 1))
		return page
	}
	tests := map[string]struct {
		page shown
		want string // part of a fault; "" for none at all
	}{
		"a page as it is":         {good, ""},
		"a picture without words": {within(unguarded, `<img src="/static/none.svg">`), "axe on image-alt"},
		"a contrast that nobody can be sure of": {
			within(unguarded, `<p style="background:linear-gradient(#fff,#777)">grijs</p>`), "axe on color-contrast",
		},
		"something wider than a telephone": {within(unguarded, `<p style="inline-size:400px">breed</p>`), "as it is"},
		"a line that large text makes too wide": {
			within(unguarded, `<p style="inline-size:15rem">smal</p>`), "with text of 200 %",
		},
		"a line that text spacing makes too wide": {
			within(unguarded, `<p style="font:16px monospace;white-space:nowrap">`+strings.Repeat("n", 30)+"</p>"), "with text spacing",
		},
		"a small control":             {within(good, `<p><button>x</button></p>`), "a control is too small"},
		"a script":                    {within(good, `<script>1</script>`), "1 scripts"},
		"an inline style":             {within(good, `<p style="color:#000">zwart</p>`), "an inline style"},
		"what the policy forbids":     {within(good, `<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`), "ContentSecurityPolicyIssue"},
		"something from elsewhere":    {within(unguarded, `<img alt="" src="https://elsewhere.example/pixel">`), "asked elsewhere"},
		"a page that weighs too much": {within(good, "<!--"+rand.Text()+strings.Repeat("x", firstPage)+"-->"), "bytes in"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newTab(t, p.base)
			b.open(replay(t, p.base, []shown{tt.page})(0))
			faults := slices.Concat(b.weightFaults(name), b.shapeFaults(phone), b.axeFaults(), b.complaints())
			seen := slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, tt.want) })
			if tt.want == "" && len(faults) > 0 || tt.want != "" && !seen {
				t.Errorf("got the faults %q, want one with %q", faults, tt.want)
			}
		})
	}
}
