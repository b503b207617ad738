package stack

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/jsii-runtime-go"

	"voordeur/internal/municipality"
	"voordeur/internal/web"
)

// provider takes the municipality's own OpenID provider.
func (d *Data) provider(own municipality.SignIn) {
	d.signIn = signIn{
		issuer: jsii.String(own.Issuer), client: jsii.String(own.ClientID),
		apiClients: jsii.String(strings.Join(d.m.Deployment.APIClients, " ")),
	}
	if len(d.m.Deployment.APIClients) == 0 {
		d.signIn.apiClients = jsii.String(noClients)
	}
}

// noClients lets no system use the API: a list without a word in it, since the function wants the variable set.
const noClients = " "

// userPool makes workers' accounts of our own: only an administrator adds one, a second factor is required, and a
// passkey with a fingerprint or a code counts as both. A password may be anything long (ASVS 6.2.5).
func (d *Data) userPool() {
	pool := awscognito.NewCfnUserPool(d.stack, jsii.String("UserPool"), &awscognito.CfnUserPoolProps{
		UserPoolName: jsii.String(name(d.m, "workers")), UserPoolTier: jsii.String("ESSENTIALS"), // the lowest with passkeys
		UsernameAttributes: jsii.Strings("email"), AutoVerifiedAttributes: jsii.Strings("email"),
		UsernameConfiguration: &awscognito.CfnUserPool_UsernameConfigurationProperty{CaseSensitive: jsii.Bool(false)},
		AdminCreateUserConfig: &awscognito.CfnUserPool_AdminCreateUserConfigProperty{AllowAdminCreateUserOnly: jsii.Bool(true)},
		MfaConfiguration:      jsii.String("ON"), EnabledMfas: jsii.Strings("SOFTWARE_TOKEN_MFA"),
		WebAuthnFactorConfiguration: jsii.String("MULTI_FACTOR_WITH_USER_VERIFICATION"), WebAuthnUserVerification: jsii.String("required"),
		Policies: &awscognito.CfnUserPool_PoliciesProperty{
			PasswordPolicy: &awscognito.CfnUserPool_PasswordPolicyProperty{
				MinimumLength: jsii.Number(15), RequireLowercase: jsii.Bool(false), RequireNumbers: jsii.Bool(false),
				RequireSymbols: jsii.Bool(false), RequireUppercase: jsii.Bool(false), TemporaryPasswordValidityDays: jsii.Number(3),
			},
			SignInPolicy: &awscognito.CfnUserPool_SignInPolicyProperty{AllowedFirstAuthFactors: jsii.Strings("PASSWORD", "WEB_AUTHN")},
		},
		AccountRecoverySetting: &awscognito.CfnUserPool_AccountRecoverySettingProperty{
			RecoveryMechanisms: []any{&awscognito.CfnUserPool_RecoveryOptionProperty{Name: jsii.String("verified_email"), Priority: jsii.Number(1)}},
		},
		DeletionProtection: jsii.String("ACTIVE"),
	})
	keep(pool)
	domain := awscognito.NewCfnUserPoolDomain(d.stack, jsii.String("SignInDomain"), &awscognito.CfnUserPoolDomainProps{
		UserPoolId: pool.Ref(), ManagedLoginVersion: jsii.Number(2), // the version that offers passkeys
		Domain: jsii.String(name(d.m, d.m.Deployment.Account)), // unique in the region; a domain of our own would stand in us-east-1
	})
	keep(domain)
	desk := d.deskClient(pool)
	d.signIn = signIn{issuer: pool.AttrProviderUrl(), client: desk.Ref(), apiClients: d.apiClients(pool)}
	output(d.stack, "UserPoolId", "Workers' accounts", pool.Ref())
}

// deskClient is public and shows with PKCE that it began the sign-in. Its tokens live as short as AWS lets them: a worker's
// session is the desk's own.
func (d *Data) deskClient(pool awscognito.CfnUserPool) awscognito.CfnUserPoolClient {
	desk := awscognito.NewCfnUserPoolClient(d.stack, jsii.String("DeskClient"), &awscognito.CfnUserPoolClientProps{
		UserPoolId: pool.Ref(), ClientName: jsii.String("desk"), GenerateSecret: jsii.Bool(false),
		AllowedOAuthFlows: jsii.Strings("code"), AllowedOAuthFlowsUserPoolClient: jsii.Bool(true),
		AllowedOAuthScopes: jsii.Strings("openid", "email"), SupportedIdentityProviders: jsii.Strings("COGNITO"),
		CallbackUrLs:               jsii.Strings(d.m.Deployment.DeskURL() + web.ArrivedPath),
		ExplicitAuthFlows:          jsii.Strings("ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
		PreventUserExistenceErrors: jsii.String("ENABLED"), EnableTokenRevocation: jsii.Bool(true),
		AccessTokenValidity: jsii.Number(5), IdTokenValidity: jsii.Number(5), RefreshTokenValidity: jsii.Number(60),
		TokenValidityUnits: &awscognito.CfnUserPoolClient_TokenValidityUnitsProperty{
			AccessToken: jsii.String("minutes"), IdToken: jsii.String("minutes"), RefreshToken: jsii.String("minutes"),
		},
	})
	keep(desk)
	awscognito.NewCfnManagedLoginBranding(d.stack, jsii.String("SignInPages"), &awscognito.CfnManagedLoginBrandingProps{
		UserPoolId: pool.Ref(), ClientId: desk.Ref(), UseCognitoProvidedValues: jsii.Bool(true),
	})
	return desk
}

// apiClients makes a client for each of the municipality's systems and returns their ids. The secrets stay in Cognito,
// where an operator fetches them.
func (d *Data) apiClients(pool awscognito.CfnUserPool) *string {
	server := awscognito.NewCfnUserPoolResourceServer(d.stack, jsii.String("ApiScopes"), &awscognito.CfnUserPoolResourceServerProps{
		UserPoolId: pool.Ref(), Identifier: jsii.String("voordeur"), Name: jsii.String("voordeur"),
		Scopes: []any{
			&awscognito.CfnUserPoolResourceServer_ResourceServerScopeTypeProperty{
				ScopeName: jsii.String("reports:write"), ScopeDescription: jsii.String("Bring in reports"),
			},
			&awscognito.CfnUserPoolResourceServer_ResourceServerScopeTypeProperty{
				ScopeName: jsii.String("cases:read"), ScopeDescription: jsii.String("See where a case stands, and fetch what is handed off"),
			},
			&awscognito.CfnUserPoolResourceServer_ResourceServerScopeTypeProperty{
				ScopeName: jsii.String("handoffs:write"), ScopeDescription: jsii.String("Confirm that a case was taken over"),
			},
		},
	})
	keep(server)
	var ids []*string
	for _, client := range d.m.Deployment.APIClients {
		c := awscognito.NewCfnUserPoolClient(d.stack, jsii.String("ApiClient-"+client), &awscognito.CfnUserPoolClientProps{
			UserPoolId: pool.Ref(), ClientName: jsii.String(client), GenerateSecret: jsii.Bool(true),
			AllowedOAuthFlows: jsii.Strings("client_credentials"), AllowedOAuthFlowsUserPoolClient: jsii.Bool(true),
			AllowedOAuthScopes:  jsii.Strings("voordeur/reports:write", "voordeur/cases:read", "voordeur/handoffs:write"),
			AccessTokenValidity: jsii.Number(60),
			TokenValidityUnits:  &awscognito.CfnUserPoolClient_TokenValidityUnitsProperty{AccessToken: jsii.String("minutes")},
		})
		c.AddResourceDependency(server, nil)
		keep(c)
		ids = append(ids, c.Ref())
	}
	if len(ids) == 0 {
		return jsii.String(noClients)
	}
	return awscdk.Fn_Join(jsii.String(" "), &ids)
}
