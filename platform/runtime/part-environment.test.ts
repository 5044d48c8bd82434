import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readEnvironment } from './environment.ts'
import { brokerUrl, hasOwnBroker, partEnvironment, reachable } from './part-environment.ts'

const database = { host: '127.0.0.1', port: 40_001, user: 'running', password: 'p', database: 'linhaviva' }
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

  it('leaves what it was given as it is', () => {
    const base = { PORT: '1999' }
    partEnvironment(base, readEnvironment(base), database)
    assert.deepEqual(base, { PORT: '1999' })
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

  it('connects to an address that can be connected to', () => {
    assert.deepEqual(['0.0.0.0', '::', '192.0.2.1'].map(reachable), ['127.0.0.1', '::1', '192.0.2.1'])
  })
})
