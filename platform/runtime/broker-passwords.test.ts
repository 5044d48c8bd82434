import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brokerPasswords, brokerUsersFile, tellBrokerUsers, withOwnLogin } from './broker-passwords.ts'
import { readEnvironment } from './environment.ts'
import { newSecrets, openSecrets } from './secrets.ts'

describe('passwords at the embedded broker', () => {
  const secrets = newSecrets()

  it('are made up, another for each user', () => {
    const passwords = brokerPasswords(readEnvironment({}), secrets)
    assert.deepEqual(Object.keys(passwords), ['linhaviva', 'dispatcher', 'flows', 'field'])
    assert.equal(new Set(Object.values(passwords)).size, 4)
  })

  it('are what the environment says, where it does', () => {
    const given = {
      MQTT_PASSWORD: 'a',
      MQTT_DISPATCHER_PASSWORD: 'b',
      MQTT_FLOWS_PASSWORD: 'c',
      MQTT_FIELD_PASSWORD: 'd',
    }
    assert.deepEqual(Object.values(brokerPasswords(readEnvironment(given), secrets)), ['a', 'b', 'c', 'd'])
  })

  it('are not given to a user of another name, who would have no rights', () => {
    for (const [variable, user] of [
      ['MQTT_USER', 'linhaviva'],
      ['MQTT_DISPATCHER_USER', 'dispatcher'],
    ] as const) {
      assert.throws(() => brokerPasswords(readEnvironment({ [variable]: 'me' }), secrets), {
        name: 'StartError',
        message: `${variable} is "me", but the embedded broker calls it ${user}: leave it unset`,
      })
      assert.ok(brokerPasswords(readEnvironment({ [variable]: user }), secrets))
    }
  })

  it('are none for the shared user of the field in production, even if one is given', () => {
    const production = { ...readEnvironment({ MQTT_FIELD_PASSWORD: 'd' }), NODE_ENV: 'production' as const }
    assert.equal(brokerPasswords(production, secrets).field, undefined)
  })

  it('are told to whoever runs the system, of those users that are for people', () => {
    const folder = mkdtempSync(join(tmpdir(), 'broker-passwords-'))
    try {
      const passwords = brokerPasswords(readEnvironment({}), secrets)
      tellBrokerUsers(folder, passwords)
      const { field, flows } = passwords
      assert.deepEqual(JSON.parse(readFileSync(brokerUsersFile(folder), 'utf8')), { field, flows })
      if (process.platform !== 'win32') assert.equal(statSync(brokerUsersFile(folder)).mode & 0o777, 0o600)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('are found by a command line beside the system, and made up by none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'broker-passwords-'))
    try {
      const login = (env: Record<string, string>): unknown[] => {
        const own = withOwnLogin(readEnvironment({ DATA_DIR: folder, ...env }))
        return [own.MQTT_USER, own.MQTT_PASSWORD, own.MQTT_DISPATCHER_USER, own.MQTT_DISPATCHER_PASSWORD]
      }
      assert.deepEqual(login({}), [undefined, undefined, undefined, undefined])
      assert.deepEqual(readdirSync(folder), [])
      const { mqttPlatform, mqttDispatcher } = openSecrets(folder)
      assert.deepEqual(login({}), ['linhaviva', mqttPlatform, 'dispatcher', mqttDispatcher])
      assert.deepEqual(login({ MQTT_PASSWORD: 'given' }), ['linhaviva', 'given', 'dispatcher', mqttDispatcher])
      assert.deepEqual(login({ MQTT_URL: 'mqtt://b' }), [undefined, undefined, undefined, undefined])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
