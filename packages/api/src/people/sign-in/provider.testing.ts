import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Who is at the provider's keyboard. */
export interface Identity {
  sub: string
  email: string
  email_verified?: boolean
  name?: string
}

interface Grant {
  identity: Identity
  nonce: string | null
  challenge: string | null
}

export interface TestProvider {
  discoveryUrl: string
  clientId: string
  clientSecret: string
  /** Whoever comes next is this identity. */
  nextAs(identity: Identity): void
  /** Answers the authorization request as this identity and gives the address the browser is sent back to. */
  consent(authorizationUrl: string, identity: Identity): Promise<string>
  /** Makes the next ID tokens wrong in one way; `issuer` also what the provider says of itself. */
  forge: 'nothing' | 'signature' | 'nonce' | 'audience' | 'issuer'
  /** Where the address of the person stands: in the ID token, in an answer of its own, or behind a redirect. */
  address: 'in token' | 'apart' | 'elsewhere'
  /** How often a code was to be exchanged. */
  exchanges: number
  close(): Promise<void>
}

/**
 * Test support: a small OpenID Connect provider over real HTTP on 127.0.0.1 — discovery, keys, authorization code with
 * PKCE (S256), RS256 ID tokens.
 */
export async function startProvider(): Promise<TestProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const grants = new Map<string, Grant>()
  const waiting: Identity[] = []
  const told = new Map<string, Identity>()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const named = (): string => (provider.forge === 'issuer' ? `${issuer}/another` : issuer)
  const provider: TestProvider = {
    discoveryUrl: `${issuer}/.well-known/openid-configuration`,
    clientId: 'steward-test',
    clientSecret: randomUUID(),
    forge: 'nothing',
    address: 'in token',
    exchanges: 0,
    nextAs: (identity) => void waiting.push(identity),
    async consent(authorizationUrl, identity) {
      waiting.push(identity)
      const response = await fetch(authorizationUrl, { redirect: 'manual' })
      return response.headers.get('location') ?? ''
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    if (url.pathname === '/.well-known/openid-configuration') return json(response, 200, discovery(issuer, named()))
    if (url.pathname === '/jwks') {
      const key = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }
      return json(response, 200, { keys: [key] })
    }
    if (url.pathname === '/userinfo' && provider.address === 'elsewhere')
      return void response.writeHead(302, { location: `${issuer}/told` }).end()
    if (url.pathname === '/userinfo' || url.pathname === '/told')
      return json(response, 200, told.get(String(request.headers.authorization)) ?? {})
    if (url.pathname === '/authorize') return authorize(url, response)
    if (url.pathname === '/token') return token(await bodyOf(request), response)
    return json(response, 404, {})
  }

  function authorize(url: URL, response: ServerResponse): void {
    const identity = waiting.shift()
    const code = randomUUID()
    const ask = (name: string): string | null => url.searchParams.get(name)
    if (!identity || ask('client_id') !== provider.clientId || ask('code_challenge_method') !== 'S256')
      return json(response, 400, { error: 'invalid_request' })
    grants.set(code, { identity, nonce: ask('nonce'), challenge: ask('code_challenge') })
    const back = new URL(ask('redirect_uri') ?? '')
    back.searchParams.set('code', code)
    back.searchParams.set('state', ask('state') ?? '')
    response.writeHead(302, { location: back.href }).end()
  }

  function token(form: URLSearchParams, response: ServerResponse): void {
    provider.exchanges += 1
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || grant.challenge !== challenge || form.get('client_secret') !== provider.clientSecret)
      return json(response, 400, { error: 'invalid_grant' })
    const accessToken = randomUUID()
    told.set(`Bearer ${accessToken}`, grant.identity)
    return json(response, 200, {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: idToken(grant),
    })
  }

  function idToken({ identity, nonce }: Grant): string {
    const now = Math.floor(Date.now() / 1000)
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = {
      ...(provider.address === 'in token' ? identity : { sub: identity.sub }),
      iss: named(),
      aud: provider.forge === 'audience' ? 'somebody-else' : provider.clientId,
      nonce: provider.forge === 'nonce' ? 'another' : nonce,
      iat: now,
      exp: now + 300,
    }
    const text = `${part({ alg: 'RS256', kid: 'k1', typ: 'JWT' })}.${part(claims)}`
    const key = provider.forge === 'signature' ? stranger.privateKey : privateKey
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
  }

  return provider
}

function discovery(issuer: string, name: string) {
  return {
    issuer: name,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'))
}
