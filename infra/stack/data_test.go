package stack_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"voordeur/internal/dynamo"
)

// AWS knows a resource by its logical id: another id is another, empty resource beside the one that is kept.
func TestWhatMustNotBeLostKeepsItsLogicalID(t *testing.T) {
	want := map[string]string{
		"TableKey": "AWS::KMS::Key", "EnvelopeKey": "AWS::KMS::Key", "EnvelopeKeyAlias": "AWS::KMS::Alias",
		"CaseTable": "AWS::DynamoDB::Table", "ShortTable": "AWS::DynamoDB::Table", "BackupVault": "AWS::Backup::BackupVault",
		"TrailBucket": "AWS::S3::Bucket", "DigestBucket": "AWS::S3::Bucket", "Sender": "AWS::SES::EmailIdentity",
		"UserPool": "AWS::Cognito::UserPool", "SignInDomain": "AWS::Cognito::UserPoolDomain", "DeskClient": "AWS::Cognito::UserPoolClient",
		"ApiScopes": "AWS::Cognito::UserPoolResourceServer", "ApiClientzaaksysteem": "AWS::Cognito::UserPoolClient",
	}
	got := map[string]string{}
	for id, r := range stage(t, "waterstad").Data.Resources {
		if r.DeletionPolicy == "Retain" {
			got[id] = r.Type
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	for id, r := range stage(t, "waterstad").App.Resources {
		if strings.HasPrefix(r.Type, "AWS::DynamoDB") || strings.HasPrefix(r.Type, "AWS::Cognito") || r.Type == "AWS::S3::Bucket" {
			t.Errorf("%s of type %s stands in the stack of what can be made again", id, r.Type)
		}
	}
}

func TestTheTablesHaveTheShapeThatTheCodeCountsOn(t *testing.T) {
	for id, shape := range map[string]*dynamodb.CreateTableInput{
		"CaseTable": dynamo.CaseTable("waterstad-cases"), "ShortTable": dynamo.ShortTable("waterstad-short"),
	} {
		made := maps.Clone(stage(t, "waterstad").Data.Resources[id].Properties)
		for _, more := range []string{"SSESpecification", "TimeToLiveSpecification", "PointInTimeRecoverySpecification", "DeletionProtectionEnabled", "Tags"} {
			delete(made, more)
		}
		want := jsonOf(t, shape)
		if stream, ok := want["StreamSpecification"].(map[string]any); ok {
			delete(stream, "StreamEnabled") // in CloudFormation it is there or not
		}
		if diff := cmp.Diff(want, made); diff != "" {
			t.Errorf("%s (-code +template):\n%s", id, diff)
		}
	}
}

// jsonOf is a value as JSON reads it, without what is empty.
func jsonOf(t *testing.T, value any) map[string]any {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	return full(object).(map[string]any)
}

func full(value any) any {
	switch v := value.(type) {
	case map[string]any:
		maps.DeleteFunc(v, func(_ string, inside any) bool { return inside == nil || inside == "" })
		for key := range v {
			v[key] = full(v[key])
		}
	case []any:
		for i := range v {
			v[i] = full(v[i])
		}
	}
	return value
}

func TestTheTablesAreSealedSweptProtectedAndTheCaseTableRecovers(t *testing.T) {
	s := stage(t, "waterstad")
	for id, recovers := range map[string]bool{"CaseTable": true, "ShortTable": false} {
		p := s.Data.Resources[id].Properties
		if got := resolve(t, s, in(p["SSESpecification"], "KMSMasterKeyId")); got != "<TableKey.Arn>" || in(p["SSESpecification"], "SSEEnabled") != true {
			t.Errorf("%s is sealed with %s", id, got)
		}
		if in(p["TimeToLiveSpecification"], "AttributeName") != dynamo.TTL || in(p["TimeToLiveSpecification"], "Enabled") != true {
			t.Errorf("%s is swept by %v", id, p["TimeToLiveSpecification"])
		}
		if p["DeletionProtectionEnabled"] != true {
			t.Errorf("%s can be deleted", id)
		}
		recovery := p["PointInTimeRecoverySpecification"]
		if got := in(recovery, "PointInTimeRecoveryEnabled") == true && in(recovery, "RecoveryPeriodInDays") == 35.0; got != recovers || (recovery == nil) == recovers {
			t.Errorf("%s recovers: %v", id, recovery)
		}
	}
}

func TestBackupsGoToALockedVaultInTheRegionForThirtyFiveDays(t *testing.T) {
	s := stage(t, "waterstad")
	lock := s.Data.Resources["BackupVault"].Properties["LockConfiguration"]
	want := map[string]any{"MinRetentionDays": 35.0, "MaxRetentionDays": 35.0, "ChangeableForDays": 3.0}
	if diff := cmp.Diff(want, lock); diff != "" {
		t.Errorf("lock (-want +got):\n%s", diff)
	}
	for _, rule := range list(in(s.Data.Resources["BackupPlan"].Properties["BackupPlan"], "BackupPlanRule")) {
		if in(rule, "Lifecycle", "DeleteAfterDays") != 35.0 || in(rule, "CopyActions") != nil || resolve(t, s, in(rule, "TargetBackupVault")) != "<BackupVault>" {
			t.Errorf("rule %v", rule)
		}
	}
	var copied []string
	for _, r := range list(in(s.Data.Resources["BackupSelection"].Properties["BackupSelection"], "Resources")) {
		copied = append(copied, resolve(t, s, r))
	}
	if !slices.Equal(copied, []string{"<CaseTable.Arn>"}) {
		t.Errorf("copied %v: only what is kept for years is kept in a backup", copied)
	}
	var may []string
	for _, r := range ofType(s.Data, "AWS::IAM::Role") {
		if r.Properties["RoleName"] == "waterstad-backup" {
			for _, g := range grants(t, s, r) {
				may = append(may, g.String())
			}
		}
	}
	if tag := "backup:TagResource on arn:aws:backup:eu-central-1:111122223333:recovery-point:*"; !slices.Contains(may, tag) {
		t.Errorf("a copy inherits the table's tags, and the role may not set them: %v", may)
	}
}

func TestDigestsAreLockedForFiveYearsAndSealed(t *testing.T) { // threat:T15
	s := stage(t, "waterstad")
	p := s.Data.Resources["DigestBucket"].Properties
	want := map[string]any{
		"ObjectLockEnabled":              true,
		"ObjectLockConfiguration":        map[string]any{"ObjectLockEnabled": "Enabled", "Rule": map[string]any{"DefaultRetention": map[string]any{"Mode": "COMPLIANCE", "Days": 1827.0}}},
		"VersioningConfiguration":        map[string]any{"Status": "Enabled"},
		"PublicAccessBlockConfiguration": map[string]any{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true},
		"OwnershipControls":              map[string]any{"Rules": []any{map[string]any{"ObjectOwnership": "BucketOwnerEnforced"}}},
		"LifecycleConfiguration":         nil, "ReplicationConfiguration": nil,
	}
	for name, w := range want {
		if diff := cmp.Diff(w, p[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for _, rule := range list(in(p["BucketEncryption"], "ServerSideEncryptionConfiguration")) {
		by := in(rule, "ServerSideEncryptionByDefault")
		if got := resolve(t, s, in(by, "KMSMasterKeyID")); in(by, "SSEAlgorithm") != "aws:kms" || got != "<TableKey.Arn>" {
			t.Errorf("sealed by %v with %s", in(by, "SSEAlgorithm"), got)
		}
	}
	denied := map[string]bool{}
	for _, r := range ofType(s.Data, "AWS::S3::BucketPolicy") {
		for _, statement := range list(in(r.Properties["PolicyDocument"], "Statement")) {
			if resolve(t, s, r.Properties["Bucket"]) == "<DigestBucket>" && in(statement, "Effect") == "Deny" && in(statement, "Action") == "s3:*" {
				denied[bounds(in(statement, "Condition"))] = true
			}
		}
	}
	if diff := cmp.Diff(map[string]bool{"Bool aws:SecureTransport false": true, "NumericLessThan s3:TlsVersion 1.2": true}, denied); diff != "" {
		t.Errorf("denied (-want +got):\n%s", diff)
	}
}

func TestWorkersSignInWithASecondFactorOrAPasskey(t *testing.T) { // threat:T35
	pool := stage(t, "waterstad").Data.Resources["UserPool"].Properties
	for name, want := range map[string]any{
		"MfaConfiguration": "ON", "WebAuthnFactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION", "WebAuthnUserVerification": "required",
		"DeletionProtection": "ACTIVE", "UserPoolTier": "ESSENTIALS",
	} {
		if pool[name] != want {
			t.Errorf("%s is %v, want %v", name, pool[name], want)
		}
	}
	if in(pool["AdminCreateUserConfig"], "AllowAdminCreateUserOnly") != true {
		t.Error("strangers can sign themselves up")
	}
	if first := list(in(pool["Policies"], "SignInPolicy", "AllowedFirstAuthFactors")); !slices.Contains(first, any("WEB_AUTHN")) {
		t.Errorf("no passkeys: %v", first)
	}
	desk := stage(t, "waterstad").Data.Resources["DeskClient"].Properties
	if desk["GenerateSecret"] != false || !slices.Equal(list(desk["AllowedOAuthFlows"]), []any{"code"}) ||
		!slices.Equal(list(desk["CallbackURLs"]), []any{"https://bureau.waterstad.example/desk/aangemeld"}) || desk["AccessTokenValidity"] != 5.0 {
		t.Errorf("the desk's client is %v", desk)
	}
}

func TestSystemsGetTheScopesThatTheAPIChecks(t *testing.T) {
	s := stage(t, "waterstad")
	server := s.Data.Resources["ApiScopes"].Properties
	var scopes []string
	for _, scope := range list(server["Scopes"]) {
		scopes = append(scopes, server["Identifier"].(string)+"/"+in(scope, "ScopeName").(string))
	}
	if want := []string{"voordeur/reports:write", "voordeur/cases:read", "voordeur/handoffs:write"}; !slices.Equal(scopes, want) {
		t.Errorf("scopes %v, want %v", scopes, want)
	}
	client := s.Data.Resources["ApiClientzaaksysteem"].Properties
	if client["ClientName"] != "zaaksysteem" || client["GenerateSecret"] != true || !slices.Equal(list(client["AllowedOAuthFlows"]), []any{"client_credentials"}) {
		t.Errorf("client %v", client)
	}
}

func TestAMunicipalitysOwnProviderTakesThePlaceOfTheUserPool(t *testing.T) {
	s := stage(t, "duinrand")
	for id, r := range s.Data.Resources {
		if strings.HasPrefix(r.Type, "AWS::Cognito") {
			t.Errorf("there is %s of type %s", id, r.Type)
		}
	}
	got, err := s.Environment("desk", map[string]string{"CaseTable": "c", "ShortTable": "s", "EnvelopeKey.Arn": "k"})
	if err != nil {
		t.Fatal(err)
	}
	if got["OIDC_ISSUER"] != "https://inloggen.duinrand.example/realms/medewerkers" || got["OIDC_CLIENT_ID"] != "voordeur-bureau" {
		t.Errorf("the desk asks %s as %s", got["OIDC_ISSUER"], got["OIDC_CLIENT_ID"])
	}
}

// SPF, DKIM and DMARC hold for the sender's own domain: in the zone, or shown to whoever keeps the DNS.
func TestTheSendersRecordsAreMadeOrShown(t *testing.T) { // threat:T06
	want := map[string]string{
		"DnsDkim1": "<Sender.DkimDNSTokenName1> CNAME <Sender.DkimDNSTokenValue1>", "DnsDkim2": "<Sender.DkimDNSTokenName2> CNAME <Sender.DkimDNSTokenValue2>",
		"DnsDkim3":    "<Sender.DkimDNSTokenName3> CNAME <Sender.DkimDNSTokenValue3>",
		"DnsMailFrom": "mail.STAD.example MX 10 feedback-smtp.REGION.amazonses.com",
		"DnsSpf":      `mail.STAD.example TXT "v=spf1 include:amazonses.com -all"`, "DnsDmarc": `_dmarc.STAD.example TXT "v=DMARC1; p=reject"`,
	}
	made, s := map[string]string{}, stage(t, "waterstad")
	for id, r := range ofType(s.Data, "AWS::Route53::RecordSet") {
		made[id] = resolve(t, s, r.Properties["Name"]) + " " + r.Properties["Type"].(string) + " " + resolve(t, s, list(r.Properties["ResourceRecords"])[0])
		if r.Properties["HostedZoneId"] != "Z0123456789WATERSTAD" {
			t.Errorf("%s stands in zone %v", id, r.Properties["HostedZoneId"])
		}
	}
	shown, d := map[string]string{}, stage(t, "duinrand")
	for id, o := range d.Data.Outputs {
		if strings.HasPrefix(id, "Dns") {
			shown[id] = resolve(t, d, o.Value)
		}
	}
	for _, tt := range []struct {
		got          map[string]string
		stad, region string
	}{{made, "waterstad", "eu-central-1"}, {shown, "duinrand", "eu-west-1"}} {
		named := map[string]string{}
		for id, text := range want {
			named[id] = strings.NewReplacer("STAD", tt.stad, "REGION", tt.region).Replace(text)
		}
		if diff := cmp.Diff(named, tt.got); diff != "" {
			t.Errorf("records of %s (-want +got):\n%s", tt.stad, diff)
		}
	}
	identity := s.Data.Resources["Sender"].Properties
	if in(identity["MailFromAttributes"], "BehaviorOnMxFailure") != "REJECT_MESSAGE" || in(identity["DkimAttributes"], "SigningEnabled") != true {
		t.Errorf("sender %v", identity)
	}
}
