// Signs in as Terraform's azurerm and azuread do, and lists the subscriptions, told as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"github.com/hashicorp/go-azure-sdk/sdk/auth"
	"github.com/hashicorp/go-azure-sdk/sdk/claims"
	"github.com/hashicorp/go-azure-sdk/sdk/client"
	"github.com/hashicorp/go-azure-sdk/sdk/client/resourcemanager"
	"github.com/hashicorp/go-azure-sdk/sdk/environments"
)

const module = "github.com/hashicorp/go-azure-sdk/sdk"

func main() {
	// The SDK wants a limit.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	environment := environments.AzurePublic()
	// What azurerm's provider makes of `use_cli`, `tenant_id` and `subscription_id`.
	credentials := auth.Credentials{
		Environment:                       *environment,
		TenantID:                          os.Getenv("ARM_TENANT_ID"),
		AzureCliSubscriptionIDHint:        os.Getenv("ARM_SUBSCRIPTION_ID"),
		EnableAuthenticatingUsingAzureCLI: true,
	}
	authorizer, err := auth.NewAuthorizerFromCredentials(ctx, credentials, environment.ResourceManager)
	if err != nil {
		return fmt.Errorf("configuring: %w", err)
	}
	subscriptions, err := list(ctx, authorizer, environment)
	if err != nil {
		return fmt.Errorf("listing: %w", err)
	}
	told := map[string]any{"version": module + " " + version(), "subscriptions": subscriptions}
	if told["resource_manager"], err = token(ctx, authorizer); err != nil {
		return err
	}
	graph, err := auth.NewAuthorizerFromCredentials(ctx, credentials, environment.MicrosoftGraph)
	if err != nil {
		return fmt.Errorf("configuring Graph: %w", err)
	}
	if told["graph"], err = token(ctx, graph); err != nil {
		return err
	}
	found := authorizer.(*auth.CachedAuthorizer).Source.(*auth.AzureCliAuthorizer)
	told["tenant"], told["default_subscription"] = found.TenantID, found.DefaultSubscriptionID
	return json.NewEncoder(os.Stdout).Encode(told)
}

// list asks Resource Manager, page by page.
func list(ctx context.Context, authorizer auth.Authorizer, environment *environments.Environment) ([]string, error) {
	manager, err := resourcemanager.NewClient(environment.ResourceManager, "subscriptions", "2022-12-01")
	if err != nil {
		return nil, err
	}
	manager.SetAuthorizer(authorizer)
	request, err := manager.NewRequest(ctx, client.RequestOptions{
		ContentType:         "application/json; charset=utf-8",
		ExpectedStatusCodes: []int{http.StatusOK},
		HttpMethod:          http.MethodGet,
		Path:                "/subscriptions",
	})
	if err != nil {
		return nil, err
	}
	answer, err := manager.ExecutePaged(ctx, request)
	if err != nil {
		return nil, err
	}
	var page struct {
		Value []struct {
			ID string `json:"subscriptionId"`
		} `json:"value"`
	}
	if err := answer.Unmarshal(&page); err != nil {
		return nil, err
	}
	ids := []string{}
	for _, one := range page.Value {
		ids = append(ids, one.ID)
	}
	return ids, nil
}

// token tells what azurerm reads of a token: its claims, and when it thinks that it runs out.
func token(ctx context.Context, authorizer auth.Authorizer) (map[string]any, error) {
	got, err := authorizer.Token(ctx, &http.Request{})
	if err != nil {
		return nil, fmt.Errorf("token: %w", err)
	}
	said, err := claims.ParseClaims(got)
	if err != nil {
		return nil, fmt.Errorf("claims: %w", err)
	}
	return map[string]any{
		"audience": said.Audience, "tenant": said.TenantId, "object": said.ObjectId, "scopes": said.Scopes,
		"expires_on": got.Expiry.Unix(), "type": got.TokenType,
	}, nil
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
