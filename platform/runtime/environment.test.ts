import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EnvironmentError } from './environment-error.ts'
import { variables } from './environment-variables.ts'
import { readEnvironment, readVariables } from './environment.ts'

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

  it('is read in part by a part that is told no more, whatever the rest would take', () => {
    const env = { NODE_ENV: 'production', MQTT_PORT: '1999' }
    assert.throws(() => readEnvironment(env))
    assert.deepEqual(readVariables(env, ['MQTT_PORT', 'FIRST_CONTACT']), { MQTT_PORT: 1999, FIRST_CONTACT: 'approve' })
    assert.throws(() => readVariables({ MQTT_PORT: 'x' }, ['MQTT_PORT']), { variable: 'MQTT_PORT' })
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
