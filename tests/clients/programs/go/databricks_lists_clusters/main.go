// Lists a workspace's clusters as any program with databricks-sdk-go would do it, told as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/databricks/databricks-sdk-go"
	"github.com/databricks/databricks-sdk-go/service/compute"
	"github.com/databricks/databricks-sdk-go/version"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run takes the way to sign in, or nothing, so that the SDK finds one.
func run(way []string) error {
	// Limits, so that a workspace that does not answer fails the case and does not outlast it.
	config := &databricks.Config{RetryTimeoutSeconds: 5, HTTPTimeoutSeconds: 10}
	if len(way) > 0 {
		config.AuthType = way[0]
	}
	workspace, err := databricks.NewWorkspaceClient(config)
	if err != nil {
		return err
	}
	clusters, err := workspace.Clusters.ListAll(context.Background(), compute.ListClustersRequest{})
	if err != nil {
		return err
	}
	names := []string{}
	for _, cluster := range clusters {
		names = append(names, cluster.ClusterName)
	}
	told := map[string]any{"version": version.Version, "auth_type": config.AuthType, "clusters": names}
	// A token that was given as it is has no expiry.
	if token, err := workspace.Config.GetTokenSource().Token(context.Background()); err == nil {
		told["expires_on"] = token.Expiry.Unix()
	}
	return json.NewEncoder(os.Stdout).Encode(told)
}
