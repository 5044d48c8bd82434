import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readEnvironment, readVariables } from './environment.ts'
import {
  brokerEnvironment,
  brokerUrl,
  brokerVariables,
  hasOwnBroker,
  partEnvironment,
  reachable,
  simulatorEnvironment,
} from './part-environment.ts'

const database = { host: '127.0.0.1', port: 40_001, user: 'running', password: 'p', database: 'linhaviva' }
const passwords = { linhaviva: 'of linhaviva', dispatcher: 'of dispatcher', flows: 'of flows', field: 'of field' }
const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'

describe('partEnvironment', () => {
  it('can be read by a part as it was read by us, wherever a value stood', () => {
    const folder = mkdtempSync(join(tmpdir(), 'part-environment-'))
    try {
      const file = join(folder, 'password')
      writeFileSync(file, 's3cret\n')
      const base = { PATH: '/bin', DB_HOST: 'db', DB_PASSWORD_FILE: file, PORT: '1999', NODE_ENV: 'test' }
      const environment = readEnvironment(base)
      const env = partEnvironment(base, environment, undefined)
      assert.equal(env.PATH, '/bin')
      assert.equal(env.DB_PASSWORD_FILE, undefined)
      assert.deepEqual(readEnvironment(env), {
        ...environment,
        DATA_DIR: resolve('.data'),
        MQTT_URL: 'mqtt://127.0.0.1:1883',
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('keeps to itself who may change the schema, and who may log in', () => {
    const base = {
      ...{ DB_HOST: 'db', DB_MIGRATION_USER: 'owner', DB_MIGRATION_PASSWORD: 'secret of the owner' },
      ...{ DB_READER_PASSWORD: 'secret of the reader', DB_ADMIN_PASSWORD: 'secret of the superuser' },
      AUTH_USERS: '[{"username": "ana", "password": "secret of ana", "role": "admin"}]',
      JWT_SECRET: 'secret of tokens',
    }
    const env = partEnvironment(base, readEnvironment(base), undefined)
    assert.equal(env.DB_MIGRATION_USER, undefined)
    assert.ok(!JSON.stringify(env).includes('secret of'))
    assert.equal(env.DB_HOST, 'db')
  })

  it('names the embedded database as the running role, in plain', () => {
    const base = { DB_USER: 'other', DB_PASSWORD: 'other', DB_SSL: 'verify' }
    const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSL } = readEnvironment(
      partEnvironment(base, readEnvironment(base), database),
    )
    assert.deepEqual(
      [DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_SSL],
      ['127.0.0.1', 40_001, 'running', 'p', 'linhaviva', 'off'],
    )
  })

  it('tells Node-RED who the platform and the dispatcher are at the embedded broker, and nobody else', () => {
    const base = { MQTT_FLOWS_PASSWORD: 'own flows' }
    const env = partEnvironment(base, readEnvironment(base), undefined, passwords)
    const { MQTT_USER, MQTT_PASSWORD, MQTT_DISPATCHER_USER, MQTT_DISPATCHER_PASSWORD } = readEnvironment(env)
    assert.deepEqual(
      [MQTT_USER, MQTT_PASSWORD, MQTT_DISPATCHER_USER, MQTT_DISPATCHER_PASSWORD],
      ['linhaviva', 'of linhaviva', 'dispatcher', 'of dispatcher'],
    )
    assert.doesNotMatch(JSON.stringify(env), /of field|of flows|own flows/)
  })

  it('leaves what it was given as it is', () => {
    const base = { PORT: '1999' }
    partEnvironment(base, readEnvironment(base), database)
    assert.deepEqual(base, { PORT: '1999' })
  })
})

describe('brokerEnvironment', () => {
  it('is of the broker alone: its ports, and the passwords of those who are there', () => {
    const base = {
      ...{
        PATH: '/bin',
        NODE_ENV: 'production',
        CREDENTIAL_SECRET: 'secret of the flows',
        DB_PASSWORD: 'secret of rows',
      },
      ...{ MQTT_PORT: '1999', MQTT_FIELD_PASSWORD: 'given all the same' },
    }
    const env = brokerEnvironment(base, readEnvironment(base), { ...passwords, field: undefined })
    assert.doesNotMatch(JSON.stringify(env), /secret of|given all the same/)
    assert.equal(env.PATH, '/bin')
    const read = readVariables(env, brokerVariables)
    assert.deepEqual(
      [read.MQTT_PORT, read.MQTT_PASSWORD, read.MQTT_DISPATCHER_PASSWORD, read.MQTT_FLOWS_PASSWORD],
      [1999, 'of linhaviva', 'of dispatcher', 'of flows'],
    )
    assert.equal(read.MQTT_FIELD_PASSWORD, undefined)
  })
})

describe('simulatorEnvironment', () => {
  const login = (base: Record<string, string>, own?: typeof passwords): unknown[] => {
    const env = simulatorEnvironment(base, readEnvironment(base), own)
    assert.doesNotMatch(JSON.stringify(env), /secret of|dispatcher/)
    return [env.MQTT_USER, env.MQTT_PASSWORD]
  }

  it('is the user of the field, at the embedded broker and where its password is known', () => {
    assert.deepEqual(login({ DB_PASSWORD: 'secret of rows' }, passwords), ['field', 'of field'])
    const external = { MQTT_URL: 'mqtt://b', MQTT_USER: 'linhaviva', MQTT_PASSWORD: 'p' }
    assert.deepEqual(login({ ...external, MQTT_FIELD_PASSWORD: 'f' }), ['field', 'f'])
    assert.deepEqual(login(external), ['linhaviva', 'p'])
    assert.deepEqual(login({ MQTT_URL: 'mqtt://b' }), [undefined, undefined])
  })
})

describe('brokerUrl', () => {
  for (const [env, url, own] of [
    [{}, 'mqtt://127.0.0.1:1883', true],
    [{ BIND_ADDRESS: '0.0.0.0', MQTT_PORT: '1999' }, 'mqtt://127.0.0.1:1999', true],
    [{ BIND_ADDRESS: '::' }, 'mqtt://[::1]:1883', true],
    [{ MQTT_CA: certificate }, 'mqtt://127.0.0.1:1883', true],
    [{ MQTT_HOST: 'broker', MQTT_PORT: '1999' }, 'mqtt://broker:1999', false],
    [{ MQTT_HOST: 'fe80::1' }, 'mqtt://[fe80::1]:1883', false],
    [{ MQTT_HOST: 'broker', MQTT_PORT: '8883', MQTT_CA: certificate }, 'mqtts://broker:8883', false],
    [{ MQTT_URL: 'wss://broker/mqtt', MQTT_HOST: 'other' }, 'wss://broker/mqtt', false],
  ] as const) {
    it(`is ${url} for ${JSON.stringify(env).slice(0, 60)}`, () => {
      const environment = readEnvironment(env)
      assert.equal(brokerUrl(environment), url)
      assert.equal(hasOwnBroker(environment), own)
    })
  }

  it('is of this machine where the embedded broker speaks TLS to the field', () => {
    const environment = { ...readEnvironment({ BIND_ADDRESS: '192.0.2.1' }), MQTT_TLS_CERT: certificate }
    assert.equal(brokerUrl(environment), 'mqtt://127.0.0.1:1883')
    assert.equal(brokerUrl({ ...environment, MQTT_HOST: 'broker' }), 'mqtt://broker:1883')
  })

  it('connects to an address that can be connected to', () => {
    assert.deepEqual(['0.0.0.0', '::', '192.0.2.1'].map(reachable), ['127.0.0.1', '::1', '192.0.2.1'])
  })
})
