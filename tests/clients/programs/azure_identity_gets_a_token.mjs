// azure-identity for JavaScript: asks one credential for a token. `Chain:NAME` is one with another behind it.
// node azure_identity_gets_a_token.mjs MODULES CREDENTIAL SCOPE [CLAIMS], prints JSON.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, named, scope, claims] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const identity = require('@azure/identity');
const { version } = require('@azure/identity/package.json');

// A credential that always has a token.
const next = { getToken: async () => ({ token: 'from-the-next-credential', expiresOnTimestamp: 0 }) };

async function told() {
  const made = new identity[named.replace('Chain:', '')]();
  const credential = named.startsWith('Chain:') ? new identity.ChainedTokenCredential(made, next) : made;
  const { token, expiresOnTimestamp } = await credential.getToken(scope, { claims });
  return { token, expires_on: expiresOnTimestamp / 1000 };
}

const answer = await told().catch((why) => ({ error: why.name, message: why.message }));
console.log(JSON.stringify({ version: `@azure/identity ${version}`, ...answer }));
