import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasCertifier, makeCertificates, withoutCertifier } from './certificates.fixture.ts'
import { readEnvironment } from './environment.ts'

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
const key = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----'
const production = { NODE_ENV: 'production', CREDENTIAL_SECRET: 'twelve or more' }

describe('variables that go together', () => {
  it('refuses a token for metrics that could be guessed, without showing it', () => {
    assert.throws(
      () => readEnvironment({ METRICS_TOKEN: 'guessable' }),
      (error: Error) => error.message === 'METRICS_TOKEN is too short: it takes 16 characters or more',
    )
    assert.equal(readEnvironment({ METRICS_TOKEN: 'x'.repeat(16) }).METRICS_TOKEN, 'x'.repeat(16))
  })

  it('takes for version 1 of InfluxDB a user and a password', () => {
    assert.equal(readEnvironment({ INFLUX_VERSION: '1', INFLUX_TOKEN: 'a:b' }).INFLUX_TOKEN, 'a:b')
    assert.throws(
      () => readEnvironment({ INFLUX_VERSION: '1', INFLUX_TOKEN: 'verysecret' }),
      (error: Error) => error.message.startsWith('INFLUX_TOKEN has no colon') && !error.message.includes('verysecret'),
    )
  })

  it('pays for energy no more than it costs, and nothing where it costs nothing', () => {
    assert.equal(readEnvironment({ CONTROL_IMPORT_PRICE_BRL_KWH: '0.8' }).CONTROL_EXPORT_PRICE_BRL_KWH, undefined)
    readEnvironment({ CONTROL_IMPORT_PRICE_BRL_KWH: '0.8', CONTROL_EXPORT_PRICE_BRL_KWH: '0.8' })
    assert.throws(() => readEnvironment({ CONTROL_IMPORT_PRICE_BRL_KWH: '0.8', CONTROL_EXPORT_PRICE_BRL_KWH: '0.9' }), {
      message: 'CONTROL_EXPORT_PRICE_BRL_KWH is 0.9, more than CONTROL_IMPORT_PRICE_BRL_KWH=0.8: it takes at most that',
    })
    assert.throws(
      () => readEnvironment({ CONTROL_IMPORT_PRICE_BRL_KWH: '-0.1' }),
      /^EnvironmentError: CONTROL_EXPORT_PRICE_BRL_KWH is 0, more than/,
    )
    assert.throws(() => readEnvironment({ CONTROL_EXPORT_PRICE_BRL_KWH: '0.2' }), {
      message: 'CONTROL_EXPORT_PRICE_BRL_KWH is set without CONTROL_IMPORT_PRICE_BRL_KWH: set both, or only that one',
    })
  })

  it('charges batteries to no less than what they keep in reserve', () => {
    assert.equal(readEnvironment({ CONTROL_MIN_SOC_RESERVE: '0.8' }).CONTROL_TARGET_SOC, 0.8)
    assert.throws(() => readEnvironment({ CONTROL_MIN_SOC_RESERVE: '0.9' }), {
      message: 'CONTROL_TARGET_SOC is 0.8, below CONTROL_MIN_SOC_RESERVE (0.9): it takes that or more',
    })
  })

  describe('of a VTN', () => {
    const whole = { OPENADR_URL: 'https://vtn.example/3.1.0', OPENADR_CLIENT_ID: 'lv', OPENADR_CLIENT_SECRET: 'x' }

    it('is checked against a document only where there is one', () =>
      assert.throws(() => readEnvironment({ OPENADR_SPECIFICATION: 'openapi: 3.0.0' }), {
        name: 'EnvironmentError',
        message: /^OPENADR_SPECIFICATION is set without OPENADR_URL/,
      }))

    it('needs client and secret', () => assert.equal(readEnvironment(whole).OPENADR_URL, whole.OPENADR_URL))

    for (const [change, message] of [
      [{ OPENADR_URL: 'http://vtn.example' }, /^OPENADR_URL is "http:\/\/vtn\.example".*it takes https/],
      [{ OPENADR_URL: undefined }, /^OPENADR_CLIENT_ID is set without OPENADR_URL/],
      [{ OPENADR_URL: undefined, OPENADR_CLIENT_ID: undefined }, /^OPENADR_CLIENT_SECRET is set without OPENADR_URL/],
      [{ OPENADR_CLIENT_SECRET: undefined }, /^OPENADR_CLIENT_SECRET is missing/],
    ] as const)
      it(`is refused with ${JSON.stringify(change)}`, () =>
        assert.throws(() => readEnvironment({ ...whole, ...change }), { name: 'EnvironmentError', message }))
  })

  describe('of an OpenID Connect provider', () => {
    const whole = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'lv', PUBLIC_URL: 'https://ops.example' }

    it('needs client and public address, and no secret', () => {
      const { OIDC_ISSUER, OIDC_SCOPE, OIDC_ROLE_CLAIM } = readEnvironment(whole)
      assert.deepEqual([OIDC_ISSUER, OIDC_SCOPE, OIDC_ROLE_CLAIM], ['https://id.example', 'openid profile', 'role'])
    })

    for (const [change, message] of [
      [
        { OIDC_ISSUER: 'http://id.example' },
        /^OIDC_ISSUER is "http:\/\/id\.example", which cannot be used: it takes https/,
      ],
      [{ OIDC_ISSUER: undefined }, /^OIDC_CLIENT_ID is set without OIDC_ISSUER/],
      [
        { OIDC_ISSUER: undefined, OIDC_CLIENT_ID: undefined, OIDC_CLIENT_SECRET: 'x' },
        /^OIDC_CLIENT_SECRET is set without/,
      ],
      [{ OIDC_CLIENT_ID: '' }, /^OIDC_CLIENT_ID is missing/],
      [{ PUBLIC_URL: undefined }, /^PUBLIC_URL is missing/],
      [{ PUBLIC_URL: 'https://ops.example/below' }, /^PUBLIC_URL is .* and no path$/],
      [{ OIDC_SCOPE: 'profile' }, /^OIDC_SCOPE is "profile": openid must be among it/],
      [{ OIDC_ROLE_MAP: '{"grid":"root"}' }, /^OIDC_ROLE_MAP is .* a JSON object .*viewer, operator, engineer, admin/],
    ] as const)
      it(`is refused with ${JSON.stringify(change)}`, () =>
        assert.throws(() => readEnvironment({ ...whole, ...change }), { name: 'EnvironmentError', message }))
  })

  describe('in production', () => {
    it('lets first contacts wait for approval, unless told otherwise', () => {
      assert.equal(readEnvironment(production).FIRST_CONTACT, 'approve')
      assert.equal(readEnvironment({ ...production, FIRST_CONTACT: 'register' }).FIRST_CONTACT, 'register')
    })

    it('refuses any address but loopback', () => {
      for (const address of ['0.0.0.0', '::', '192.168.0.10', 'example.org', '127.example.org']) {
        assert.throws(
          () => readEnvironment({ ...production, BIND_ADDRESS: address }),
          /^EnvironmentError: BIND_ADDRESS/,
        )
      }
      for (const address of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
        readEnvironment({ ...production, BIND_ADDRESS: address })
    })

    it('takes any address behind proxies that are named, with another broker', () => {
      const behind = { ...production, BIND_ADDRESS: '0.0.0.0', TRUSTED_PROXIES: '10.0.0.5, 10.1.0.0/16' }
      assert.equal(readEnvironment({ ...behind, MQTT_HOST: 'broker' }).BIND_ADDRESS, '0.0.0.0')
      const direct = { ...behind, TRUSTED_PROXIES: '', MQTT_HOST: 'broker' }
      assert.throws(() => readEnvironment(direct), /^EnvironmentError: BIND_ADDRESS .*TRUSTED_PROXIES/)
    })

    it("knows no time but the wall's", () => {
      assert.throws(() => readEnvironment({ ...production, CLOCK: 'simulated' }), {
        name: 'EnvironmentError',
        message: 'CLOCK is "simulated": in production it takes wall',
      })
      assert.equal(readEnvironment({ ...production, CLOCK: 'wall' }).CLOCK, 'wall')
      assert.equal(readEnvironment({ CLOCK: 'simulated' }).CLOCK, 'simulated')
    })

    it('takes any address where a container is the boundary, and only there', () => {
      const inside = { ...production, BIND_ADDRESS: '0.0.0.0', NETWORK_BOUNDARY: 'container' }
      assert.equal(readEnvironment(inside).BIND_ADDRESS, '0.0.0.0')
      assert.throws(() => readEnvironment({ ...inside, NETWORK_BOUNDARY: 'host' }), /BIND_ADDRESS .*NETWORK_BOUNDARY/)
      assert.throws(() => readEnvironment({ ...inside, NETWORK_BOUNDARY: 'none' }), /NETWORK_BOUNDARY is "none"/)
    })

    it('refuses weak passwords and a weak secret of tokens, in one line that shows neither', () => {
      const users = (password: string): string => JSON.stringify([{ username: 'ana', password, role: 'admin' }])
      for (const [name, value, problem] of [
        ['AUTH_USERS', users('Summer-26'), 'entry 1 (ana): password is too weak: it lacks 12 characters'],
        ['AUTH_USERS', users('Summer-of-2026').slice(1), 'is no JSON'],
        ['JWT_SECRET', 'Summer-of-2026', 'has 14 characters: it takes 32 or more'],
        ['JWT_SECRET', 'Summer-of-2026'.repeat(3), 'repeats itself'],
      ] as const)
        assert.throws(
          () => readEnvironment({ ...production, [name]: value }),
          (error: Error) =>
            error.message.startsWith(`${name} ${problem}`) &&
            !error.message.includes('\n') &&
            !error.message.includes('Summer'),
        )
    })

    it('lets the embedded broker take no password in clear from the network, whoever passes HTTP on', () => {
      const open = { ...production, BIND_ADDRESS: '0.0.0.0', TRUSTED_PROXIES: '10.0.0.5' }
      assert.throws(
        () => readEnvironment(open),
        /BIND_ADDRESS is "0\.0\.0\.0", where the embedded broker .*MQTT_TLS_CERT/,
      )
      assert.ok(readEnvironment({ ...open, MQTT_URL: 'mqtts://b' }))
    })

    it('requires CREDENTIAL_SECRET', () => {
      assert.throws(() => readEnvironment({ NODE_ENV: 'production' }), /CREDENTIAL_SECRET/)
    })
  })

  it('takes weak passwords outside production, but no users that cannot be understood', () => {
    const users = (role: string): string => JSON.stringify([{ username: 'ana', password: 'x', role }])
    assert.equal(readEnvironment({ AUTH_USERS: users('admin') }).AUTH_USERS, users('admin'))
    assert.throws(() => readEnvironment({ AUTH_USERS: users('root') }), {
      message: 'AUTH_USERS entry 1 (ana): role is "root": it is none of viewer, operator, engineer, admin',
    })
  })

  describe('of the broker', () => {
    for (const [env, message] of [
      [{ MQTT_URL: 'mqtt://b', MQTT_PASSWORD: 'x' }, 'MQTT_PASSWORD is set without MQTT_USER: set both or neither'],
      [
        { MQTT_HOST: 'b', MQTT_DISPATCHER_PASSWORD: 'x' },
        'MQTT_DISPATCHER_PASSWORD is set without MQTT_DISPATCHER_USER: set both or neither',
      ],
      [{ MQTT_TLS_CERT: certificate }, 'MQTT_TLS_CERT and MQTT_TLS_KEY go together: set both or neither'],
      [{ MQTT_TLS_KEY: key }, 'MQTT_TLS_CERT and MQTT_TLS_KEY go together: set both or neither'],
      [
        { MQTT_TLS_CERT: certificate, MQTT_TLS_KEY: key },
        'MQTT_TLS_KEY is not the key of the certificate in MQTT_TLS_CERT',
      ],
    ] as const)
      it(`is refused: ${message}`, () =>
        assert.throws(() => readEnvironment(env), { name: 'EnvironmentError', message }))

    it('may set passwords of the embedded one, whose users have names of their own', () => {
      const { MQTT_PASSWORD } = readEnvironment({
        MQTT_USER: 'linhaviva',
        MQTT_PASSWORD: 'x',
        MQTT_FLOWS_PASSWORD: 'y',
      })
      assert.equal(MQTT_PASSWORD, 'x')
    })

    it('takes a certificate with its key, then from any address in production too, and no other key', function () {
      if (!hasCertifier) {
        console.log(withoutCertifier)
        this.skip()
      }
      const folder = mkdtempSync(join(tmpdir(), 'environment-'))
      try {
        const { cert, key: own, otherKey } = makeCertificates(folder)
        const pair = { MQTT_TLS_CERT_FILE: cert, MQTT_TLS_KEY_FILE: own }
        assert.ok(readEnvironment(pair).MQTT_TLS_CERT)
        const open = { ...production, BIND_ADDRESS: '0.0.0.0', TRUSTED_PROXIES: '10.0.0.5' }
        assert.equal(readEnvironment({ ...open, ...pair }).BIND_ADDRESS, '0.0.0.0')
        assert.throws(
          () => readEnvironment({ MQTT_TLS_CERT_FILE: cert, MQTT_TLS_KEY_FILE: otherKey }),
          /^EnvironmentError: MQTT_TLS_KEY is not the key of the certificate in MQTT_TLS_CERT$/,
        )
      } finally {
        rmSync(folder, { recursive: true })
      }
    })

    it('never shows a key', () => {
      assert.throws(
        () => readEnvironment({ MQTT_TLS_KEY: 'base64 without its frame' }),
        (error: Error) =>
          /MQTT_TLS_KEY has a value.*MQTT_TLS_KEY_FILE/.test(error.message) && !/base64/.test(error.message),
      )
    })
  })
})
