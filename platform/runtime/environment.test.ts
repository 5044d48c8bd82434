import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasCertifier, makeCertificates, withoutCertifier } from './certificates.fixture.ts'
import { EnvironmentError, readEnvironment, readVariables, variables } from './environment.ts'
import { renderEnvironmentTable } from './environment-table.ts'

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
const key = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----'

describe('readEnvironment', () => {
  it('knows a default for an empty environment', () => {
    const environment = readEnvironment({})
    assert.equal(environment.PORT, 1880)
    assert.equal(environment.BIND_ADDRESS, '127.0.0.1')
    assert.equal(environment.TIME_ZONE, 'America/Sao_Paulo')
    assert.equal(environment.DB_HOST, undefined)
    assert.equal(environment.FIRST_CONTACT, 'register')
  })

  it('takes an empty variable for one that is not set', () => {
    assert.equal(readEnvironment({ PORT: '', DB_HOST: '', DB_HOST_FILE: '' }).PORT, 1880)
  })

  for (const [name, value, accepts] of [
    ['PORT', '0', 'a port from 1 to 65535'],
    ['PORT', '18 80', 'a port'],
    ['MQTT_PORT', '1e3', 'a port'],
    ['BIND_ADDRESS', 'http://localhost', 'a host name or an IP address'],
    ['MQTT_URL', 'tcp://broker:1883', 'mqtt://'],
    ['MQTT_URL', 'mqtt://user:secret@broker', 'MQTT_USER'],
    ['TIME_ZONE', 'Sao_Paulo', 'an IANA time zone'],
    ['NODE_ENV', 'prodution', 'production'],
    ['ALLOWED_HOSTS', 'scada.example, https://grid.example', 'host names or IP addresses without ports'],
    ['FLOW_EDITOR', 'maybe', 'one of on, off'],
    ['LOG_LEVEL', 'loud', 'one of'],
    ['DB_SSL', 'maybe', 'off, require, verify'],
    ['DB_NAME', 'linha viva', 'letters'],
    ['FIRST_CONTACT', 'trust', 'register, approve, quarantine'],
    ['INGEST_MAX_IN_FLIGHT', '-1', 'a whole number'],
    ['MQTT_CA', '/etc/ca.pem', 'MQTT_CA_FILE'],
    ['INFLUX_URL', 'influx:8086', 'http://'],
    ['INFLUX_URL', 'http://user:secret@influx:8086', 'INFLUX_TOKEN'],
    ['INFLUX_VERSION', '3', 'one of 1, 2'],
    ['INFLUX_MAX_SERIES', 'all', 'a whole number'],
    ['TRUSTED_PROXIES', 'proxy.example', 'IP addresses and networks'],
    ['CORS_ORIGINS', '*', 'no *'],
    ['REQUESTS_PER_MINUTE', '0', 'a whole number'],
  ] as const) {
    it(`refuses ${name}=${value} in one line that names variable, value and what is accepted`, () => {
      assert.throws(
        () => readEnvironment({ [name]: value }),
        (error: unknown) =>
          error instanceof EnvironmentError &&
          error.variable === name &&
          error.message.startsWith(`${name} is `) &&
          error.message.includes(value) &&
          error.message.includes(accepts) &&
          !error.message.includes('\n'),
      )
    })
  }

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

  it('never shows a secret', () => {
    assert.throws(
      () => readEnvironment({ NODE_ENV: 'production', CREDENTIAL_SECRET: 'tooshort' }),
      (error: Error) => error.message.includes('CREDENTIAL_SECRET') && !error.message.includes('tooshort'),
    )
  })

  describe('from files', () => {
    let folder: string
    before(() => (folder = mkdtempSync(join(tmpdir(), 'environment-'))))
    after(() => rmSync(folder, { recursive: true }))

    it('reads NAME_FILE, trimmed', () => {
      const file = join(folder, 'password')
      writeFileSync(file, ' s3cret\n')
      assert.equal(readEnvironment({ DB_PASSWORD_FILE: file }).DB_PASSWORD, 's3cret')
    })

    it('names a file that cannot be read', () => {
      assert.throws(
        () => readEnvironment({ DB_PASSWORD_FILE: join(folder, 'none') }),
        /DB_PASSWORD_FILE names ".*none".*ENOENT/,
      )
    })

    it('refuses a variable that is given both ways', () => {
      const file = join(folder, 'port')
      writeFileSync(file, '1')
      assert.throws(() => readEnvironment({ PORT: '1', PORT_FILE: file }), /PORT_FILE is set, and so is PORT/)
    })
  })

  describe('in production', () => {
    const production = { NODE_ENV: 'production', CREDENTIAL_SECRET: 'twelve or more' }

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

    it('takes any address behind proxies that are named', () => {
      const behind = { ...production, BIND_ADDRESS: '0.0.0.0', TRUSTED_PROXIES: '10.0.0.5, 10.1.0.0/16' }
      assert.equal(readEnvironment(behind).BIND_ADDRESS, '0.0.0.0')
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

    it('lets the embedded broker take no password in clear from the network', () => {
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

    it('takes a certificate with its key, and no other key', function () {
      if (!hasCertifier) {
        console.log(withoutCertifier)
        this.skip()
      }
      const folder = mkdtempSync(join(tmpdir(), 'environment-'))
      try {
        const { cert, key: own, otherKey } = makeCertificates(folder)
        assert.ok(readEnvironment({ MQTT_TLS_CERT_FILE: cert, MQTT_TLS_KEY_FILE: own }).MQTT_TLS_CERT)
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

  it('is read in part by a part that is told no more, whatever the rest would take', () => {
    const env = { NODE_ENV: 'production', MQTT_PORT: '1999' }
    assert.throws(() => readEnvironment(env))
    assert.deepEqual(readVariables(env, ['MQTT_PORT', 'FIRST_CONTACT']), { MQTT_PORT: 1999, FIRST_CONTACT: 'approve' })
    assert.throws(() => readVariables({ MQTT_PORT: 'x' }, ['MQTT_PORT']), { variable: 'MQTT_PORT' })
  })
})

describe('renderEnvironmentTable', () => {
  it('has a row for each variable and columns of one width', () => {
    const lines = renderEnvironmentTable().trimEnd().split('\n')
    assert.equal(lines.length, Object.keys(variables).length + 2)
    assert.equal(new Set(lines.map((line) => line.length)).size, 1)
    for (const name of Object.keys(variables)) assert.ok(lines.some((line) => line.startsWith(`| \`${name}\` `)))
  })
})

describe('takeEnvironment', () => {
  /** In a process of its own: what is taken stays taken. */
  const inProcess = (env: Record<string, string>, expression: string): unknown => {
    const module = JSON.stringify(new URL('environment.js', import.meta.url).href)
    const script = `import { environment, takeEnvironment } from ${module}
      const taken = takeEnvironment()
      console.log(JSON.stringify(${expression}))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      env,
      encoding: 'utf8',
    })
    assert.equal(stderr, '')
    return JSON.parse(stdout)
  }

  it('takes every secret out of the environment, wherever it stood, and knows it from then on', () => {
    const folder = mkdtempSync(join(tmpdir(), 'linha-viva-secrets-'))
    const file = join(folder, 'token')
    writeFileSync(file, 'of-the-file')
    const env = { DB_PASSWORD: 'of-the-database', INFLUX_TOKEN_FILE: file, DB_USER: 'linhaviva' }
    try {
      assert.deepEqual(
        inProcess(env, '[environment().DB_PASSWORD, environment().INFLUX_TOKEN, environment() === taken]'),
        ['of-the-database', 'of-the-file', true],
      )
      assert.deepEqual(inProcess(env, 'Object.keys(process.env).filter((name) => /^(DB|INFLUX)_/.test(name))'), [
        'DB_USER',
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('knows as a secret whatever variable is named like one', () => {
    const unknown = Object.entries<{ secret?: true }>(variables).filter(
      ([name, { secret }]) => /SECRET|PASSWORD|TOKEN$|AUTH_USERS/.test(name) && !secret,
    )
    assert.deepEqual(unknown, [])
  })
})
