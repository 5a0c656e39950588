// An OpenID provider of a regency: `node op.mjs PACKAGE ISSUER CONFIG`. People sign in with any password; what is known of
// them is read from CONFIG each time it is asked for.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [, , entry, issuer, config] = process.argv
const { Provider } = await import(pathToFileURL(entry).href)
const read = () => JSON.parse(readFileSync(config, 'utf8'))
const { clients, jwks } = read()

const provider = new Provider(issuer, {
  clients,
  jwks,
  claims: { openid: ['sub'], profile: ['preferred_username', 'roles', 'realm_access'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...read().people[id] }) }),
  cookies: { keys: ['of a test'] },
  features: { devInteractions: { enabled: true } },
  ttl: { AccessToken: 600, AuthorizationCode: 600, IdToken: 600, Grant: 600, Interaction: 600, Session: 600 },
})
provider.listen(Number(new URL(issuer).port), '127.0.0.1', () => console.log('ready'))
