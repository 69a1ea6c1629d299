// npm's oidc-provider with Entra's URLs: an OpenID provider that is not ours, and stricter than Entra ID.
// node server.mjs MODULES KEY CERTIFICATE TENANT, prints its port once it listens.
import fs from 'node:fs';
import https from 'node:https';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [modules, key, certificate, tenant] = process.argv.slice(2);
const found = createRequire(pathToFileURL(`${modules}/`)).resolve('oidc-provider');
const { default: Provider } = await import(pathToFileURL(found));

const client = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const scope = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default';
const device = 'urn:ietf:params:oauth:grant-type:device_code';
const oauth = `/${tenant}/oauth2/v2.0`;

const say = (event) => (context, error) => {
  const why = error instanceof Error ? ` ${error.error}: ${error.error_description}` : '';
  console.error(`${event} ${context.oidc?.route ?? ''} ${JSON.stringify(context.oidc?.params ?? {})}${why}`);
};

let app = (_, answer) => answer.destroy();
const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(certificate) }, (request, answer) => {
  request.url = request.url.replace(`/${tenant}/v2.0/.well-known`, '/.well-known');
  app(request, answer);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const provider = new Provider(`https://localhost:${port}/${tenant}/v2.0`, {
    routes: {
      authorization: `${oauth}/authorize`,
      token: `${oauth}/token`,
      device_authorization: `${oauth}/devicecode`,
      code_verification: `/${tenant}/device`,
      jwks: `/${tenant}/discovery/v2.0/keys`,
      userinfo: `/${tenant}/me`,
      end_session: `${oauth}/logout`,
    },
    clients: [{
      client_id: client,
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      // Of a native client's loopback redirect any port will do.
      redirect_uris: ['http://localhost'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', device],
    }],
    scopes: ['openid', 'profile', 'offline_access', scope],
    features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
    pkce: { required: () => true },
    ttl: { AccessToken: 3600, RefreshToken: 86400, IdToken: 3600, DeviceCode: 900, Grant: 86400, Interaction: 600, Session: 600 },
    // Used twice, a refresh token takes all that came from it along.
    rotateRefreshToken: true,
    issueRefreshToken: async (_, of) => of.grantTypeAllowed('refresh_token'),
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, oid: id, tid: tenant, preferred_username: id }),
    }),
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'oid', 'tid'], profile: ['preferred_username'] },
  });
  for (const event of ['authorization.success', 'authorization.error', 'grant.success', 'grant.error',
    'device_authorization.success', 'device_authorization.error', 'grant.revoked', 'server_error']) {
    provider.on(event, say(event));
  }
  app = provider.callback();
  console.log(JSON.stringify({ port }));
});
