// Asks a credential of azidentity for a token, told as JSON. `Chain:NAME` is one with another behind it.
// azidentity_gets_a_token CREDENTIAL SCOPE [-tenant TENANT] [-claims CLAIMS]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

const module = "github.com/Azure/azure-sdk-for-go/sdk/azidentity"

var made = map[string]func() (azcore.TokenCredential, error){
	"AzureCLICredential":          func() (azcore.TokenCredential, error) { return azidentity.NewAzureCLICredential(nil) },
	"AzureDeveloperCLICredential": func() (azcore.TokenCredential, error) { return azidentity.NewAzureDeveloperCLICredential(nil) },
	"DefaultAzureCredential":      func() (azcore.TokenCredential, error) { return azidentity.NewDefaultAzureCredential(nil) },
}

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(named, scope string, words []string) error {
	options := policy.TokenRequestOptions{Scopes: []string{scope}}
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.StringVar(&options.TenantID, "tenant", "", "")
	flags.StringVar(&options.Claims, "claims", "", "")
	if err := flags.Parse(words); err != nil {
		return err
	}
	name, chained := strings.CutPrefix(named, "Chain:")
	credential, err := made[name]()
	if err != nil {
		return err
	}
	if chained {
		credential, err = azidentity.NewChainedTokenCredential([]azcore.TokenCredential{credential, next{}}, nil)
		if err != nil {
			return err
		}
	}
	told := map[string]any{"version": module + " " + version()}
	token, err := credential.GetToken(context.Background(), options)
	var failed *azidentity.AuthenticationFailedError
	switch {
	case err == nil:
		told["token"], told["expires_on"] = token.Token, token.ExpiresOn.Unix()
	case errors.As(err, &failed):
		told["error"], told["message"] = "AuthenticationFailedError", err.Error()
	default:
		told["error"], told["message"] = "unavailable", err.Error()
	}
	return json.NewEncoder(os.Stdout).Encode(told)
}

// next always has a token.
type next struct{}

func (next) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "from-the-next-credential"}, nil
}

func version() string {
	built, _ := debug.ReadBuildInfo()
	for _, used := range built.Deps {
		if used.Path == module {
			return used.Version
		}
	}
	return "unknown"
}
