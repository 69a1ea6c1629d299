// The Databricks SDK for JavaScript lists a workspace's clusters as any program would do it, and tells when the token
// ends. node databricks_lists_clusters.mjs MODULES WAY, prints JSON.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, way] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const sdk = '@databricks/sdk-experimental';
const { WorkspaceClient } = require(sdk);

// Its own reader of each program's answer; what it makes of the time is seen nowhere else.
const readers = {
  'azure-cli': ['AzureCliCredentials', () => '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d'],
  'databricks-cli': ['DatabricksCliCredentials', () => undefined],
  'metadata-service': ['MetadataServiceCredentials', (config) => new URL(config.metadataServiceUrl)],
};

async function told() {
  const client = new WorkspaceClient({ authType: way });
  const clusters = [];
  for await (const cluster of client.clusters.list({})) {
    clusters.push(cluster.cluster_name);
  }
  const [name, argument] = readers[way];
  const reader = new (require(`${sdk}/dist/config/${name}.js`)[name])();
  const token = await reader.getTokenSource(client.config, argument(client.config))();
  return { clusters, expires_on: token.expiry / 1000 };
}

const { version } = require(`${sdk}/package.json`);
const answer = await told().catch((why) => ({ error: why.name, message: why.message }));
console.log(JSON.stringify({ version: `${sdk} ${version}`, ...answer }));
