package stack_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voordeur/infra/stack/rights"
	"voordeur/infra/stack/template"
)

// grant is one action of a policy on one resource.
type grant struct {
	action, on string // "dynamodb:GetItem", "<CaseTable.Arn>"
	bound      string // the values of its condition, with spaces between
}

func (g grant) String() string {
	if g.bound == "" {
		return g.action + " on " + g.on
	}
	return g.action + " on " + g.on + " for " + g.bound
}

// grants lists what the inline policies of a role allow, sorted.
func grants(t *testing.T, s template.Stage, role template.Resource) []grant {
	t.Helper()
	var all []grant
	for _, p := range list(role.Properties["Policies"]) {
		for _, statement := range list(in(p, "PolicyDocument", "Statement")) {
			if effect := in(statement, "Effect"); effect != "Allow" {
				t.Errorf("a statement does not allow but %v", effect)
			}
			for _, action := range list(in(statement, "Action")) {
				for _, on := range list(in(statement, "Resource")) {
					all = append(all, grant{fmt.Sprint(action), resolve(t, s, on), bounds(in(statement, "Condition"))})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b grant) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// bounds writes out a condition: "dynamodb:LeadingKeys DRAFT#*".
func bounds(condition any) string {
	var all []string
	operators, _ := condition.(map[string]any)
	for _, operator := range slices.Sorted(maps.Keys(operators)) {
		keys, _ := operators[operator].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			all = append(all, operator, key)
			for _, v := range list(keys[key]) {
				all = append(all, fmt.Sprint(v))
			}
		}
	}
	return strings.Join(all, " ")
}

// role returns the role of a function.
func role(t *testing.T, s template.Stage, function string) template.Resource {
	t.Helper()
	f, err := s.Function(function)
	if err != nil {
		t.Fatal(err)
	}
	return s.App.Resources[fmt.Sprint(list(in(f.Properties["Role"], "Fn::GetAtt"))[0])]
}

func functions() []string { return []string{"frontdoor", "desk", "api", "dispatch"} }

// What each function may do, to read and to review.
func TestTheListOfRightsIsThatOfTheTemplate(t *testing.T) { // threat:T34
	s := stage(t, "waterstad")
	var text strings.Builder
	for _, f := range functions() {
		fmt.Fprintf(&text, "%s\n", f)
		for _, g := range grants(t, s, role(t, s, f)) {
			fmt.Fprintf(&text, "  %s\n", g)
		}
	}
	golden(t, "rights.txt", []byte(text.String()))
}

// The policies say what package rights says, which a recording of the shipped functions proves.
func TestAFunctionMayWhatItsRightsSayAndNothingElse(t *testing.T) { // threat:T34
	names := map[rights.Resource]string{
		rights.CaseTable: "<CaseTable.Arn>", rights.LeadIndex: "<CaseTable.Arn>/index/lead", rights.TodoIndex: "<CaseTable.Arn>/index/todo",
		rights.DutyIndex:  "<CaseTable.Arn>/index/duty",
		rights.CaseStream: "<CaseTable.StreamArn>", rights.ShortTable: "<ShortTable.Arn>", rights.EnvelopeKey: "<EnvelopeKey.Arn>",
		rights.SenderIdentity:   "arn:aws:ses:eu-central-1:111122223333:identity/waterstad.example",
		rights.ConfigurationSet: "arn:aws:ses:eu-central-1:111122223333:configuration-set/waterstad",
		rights.DeadLetters:      "<DeadLettersBBF8BAAB.Arn>", rights.Digests: "<DigestBucket.Arn>/digests/*",
	}
	s := stage(t, "waterstad")
	for _, f := range functions() {
		var want []grant
		for _, r := range rights.Of(f) {
			g := grant{r.Action, names[r.On], ""}
			if r.On == rights.LogGroup {
				g.on = "arn:aws:logs:eu-central-1:111122223333:log-group:/voordeur/waterstad/" + f + ":log-stream:*"
			}
			conditions := map[string]any{}
			for _, c := range r.Conditions() {
				conditions[c.Operator] = map[string]any{c.Key: anys(c.Values)}
			}
			g.bound = bounds(conditions)
			want = append(want, g)
		}
		slices.SortFunc(want, func(a, b grant) int { return strings.Compare(a.String(), b.String()) })
		if diff := cmp.Diff(want, grants(t, s, role(t, s, f)), cmp.AllowUnexported(grant{})); diff != "" {
			t.Errorf("%s may (-rights +template):\n%s", f, diff)
		}
	}
}

func anys(values []string) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

// tooBroad tells what is wrong with a role: a star where none was accepted, a policy of AWS's own, a policy outside it.
func tooBroad(t *testing.T, s template.Stage) []string {
	t.Helper()
	var all []string
	for _, part := range []template.Template{s.Data, s.App} {
		for id, r := range part.Resources {
			switch r.Type {
			case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy":
				all = append(all, id+" grants outside a role")
			case "AWS::IAM::Role":
				for _, p := range list(r.Properties["ManagedPolicyArns"]) {
					all = append(all, fmt.Sprintf("%s has %s", id, resolve(t, s, p)))
				}
				for _, g := range grants(t, s, r) {
					named := strings.NewReplacer(":log-stream:*", "", "/backup/*", "", ":recovery-point:*", "", "/digests/*", "").Replace(g.on)
					if strings.Contains(g.action+named, "*") {
						all = append(all, fmt.Sprintf("%s may %s", id, g))
					}
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

func TestNoRoleMayMoreThanItsNamedThings(t *testing.T) { // threat:T34
	want := []string{"roleaccesslogs6B6F6705 has arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"}
	for _, municipality := range []string{"waterstad", "duinrand"} {
		if diff := cmp.Diff(want, tooBroad(t, stage(t, municipality))); diff != "" {
			t.Errorf("%s: too broad (-accepted +found):\n%s", municipality, diff)
		}
	}
	for name, tt := range map[string]struct {
		plant func(s template.Stage)
		found string
	}{
		"every action of a service": {
			func(s template.Stage) { firstStatement(role(t, s, "desk"))["Action"] = "dynamodb:*" }, "roledesk6AD49482 may dynamodb:* on",
		},
		"every resource": {
			func(s template.Stage) { firstStatement(role(t, s, "api"))["Resource"] = "*" }, "roleapi10532638 may dynamodb:GetItem on *",
		},
		"every index of a table": {
			func(s template.Stage) {
				firstStatement(role(t, s, "api"))["Resource"] = "arn:aws:dynamodb:::table/a/index/*"
			},
			"roleapi10532638 may dynamodb:GetItem on arn",
		},
		"a policy of AWS's own": {
			func(s template.Stage) {
				role(t, s, "frontdoor").Properties["ManagedPolicyArns"] = []any{"arn:aws:iam::aws:policy/ReadOnlyAccess"}
			}, "rolefrontdoor2134BD4E has arn:aws:iam::aws:policy/ReadOnlyAccess",
		},
		"a policy beside the role": {
			func(s template.Stage) { s.App.Resources["Extra"] = template.Resource{Type: "AWS::IAM::Policy"} }, "Extra grants outside a role",
		},
	} {
		t.Run("planted: "+name, func(t *testing.T) {
			s := stage(t, "waterstad")
			tt.plant(s)
			found := tooBroad(t, s)
			if !slices.ContainsFunc(found, func(f string) bool { return strings.HasPrefix(f, tt.found) }) {
				t.Errorf("found %q, want %q", found, tt.found)
			}
		})
	}
}

func firstStatement(role template.Resource) map[string]any {
	return list(in(list(role.Properties["Policies"])[0], "PolicyDocument", "Statement"))[0].(map[string]any)
}

func TestNobodyButDeskAndDispatchOpensEnvelopes(t *testing.T) { // threat:T16 threat:T34
	s := stage(t, "waterstad")
	for _, f := range []string{"frontdoor", "api"} {
		for _, g := range grants(t, s, role(t, s, f)) {
			if strings.HasPrefix(g.action, "kms:") || strings.Contains(g.on, "Key") {
				t.Errorf("%s may %s", f, g)
			}
		}
	}
	for _, g := range grants(t, s, role(t, s, "frontdoor")) {
		if strings.Contains(g.bound, "CASE#") || strings.Contains(g.bound, "WORKERS") {
			t.Errorf("the front door may %s", g)
		}
	}
	for _, g := range grants(t, s, role(t, s, "dispatch")) {
		if strings.HasPrefix(g.action, "kms:") && (strings.Contains(g.bound, "content") || g.bound == "") {
			t.Errorf("dispatch may open content: %s", g)
		}
	}
}

// A key's policy is the root: what it does not give, nobody has, however broad a policy elsewhere in the account.
func TestTheKeysAreTwoAndGiveNothingAway(t *testing.T) { // threat:T16 threat:T18
	s := stage(t, "waterstad")
	const roles = "arn:aws:iam::111122223333:role/waterstad-desk arn:aws:iam::111122223333:role/waterstad-dispatch"
	uses := []string{"kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant"}
	for key, want := range map[string]string{
		"TableKey":    "StringEquals kms:CallerAccount 111122223333 StringEquals kms:ViaService dynamodb.eu-central-1.amazonaws.com backup.eu-central-1.amazonaws.com s3.eu-central-1.amazonaws.com",
		"EnvelopeKey": "ArnEquals aws:PrincipalArn " + roles,
	} {
		found := false
		for _, statement := range list(in(s.Data.Resources[key].Properties["KeyPolicy"], "Statement")) {
			for _, action := range list(in(statement, "Action")) {
				if strings.Contains(fmt.Sprint(action), "*") {
					t.Errorf("%s gives %v", key, action)
				}
				if slices.Contains(uses, fmt.Sprint(action)) {
					found = true
					if got := bounds(in(statement, "Condition")); got != want {
						t.Errorf("%s gives %v for %q, want %q", key, action, got, want)
					}
				}
			}
		}
		if !found {
			t.Errorf("nobody may use %s", key)
		}
	}
	for _, f := range []string{"desk", "dispatch"} {
		if got, want := fmt.Sprint(role(t, s, f).Properties["RoleName"]), "waterstad-"+f; got != want {
			t.Errorf("the key's policy counts on a role %s, and it is called %s", want, got)
		}
	}
}
