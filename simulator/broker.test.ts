import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessOptions, brokerOf, reasonOf, shownUrl } from './broker.ts'

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'

describe('the broker', () => {
  it('takes user, password and certificate authority from the environment', () => {
    const environment = { MQTT_USER: 'me', MQTT_PASSWORD: 'secret', MQTT_CA: certificate }
    const broker = brokerOf('mqtts://b', environment)
    assert.deepEqual(accessOptions(broker), { username: 'me', password: 'secret', ca: certificate })
    assert.deepEqual(accessOptions(brokerOf('mqtt://b', {})), {})
  })

  it('or from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'broker-'))
    try {
      writeFileSync(join(folder, 'ca.pem'), `${certificate}\n`)
      assert.equal(brokerOf('wss://b', { MQTT_CA_FILE: join(folder, 'ca.pem') }).ca, certificate)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is the user of the field at the embedded broker of this machine, unless the environment names another', () => {
    const folder = mkdtempSync(join(tmpdir(), 'broker-'))
    try {
      const path = join(folder, 'mqtt-users.json')
      const login = (url: string, more = {}): unknown[] => {
        const { username, password } = brokerOf(url, { DATA_DIR: folder, ...more })
        return [username, password]
      }
      assert.deepEqual(login('mqtt://127.0.0.1:1883'), [undefined, undefined])
      writeFileSync(path, '{"field": "of the field", "flows": "of flows"}')
      for (const host of ['127.0.0.1', 'localhost', '[::1]'])
        assert.deepEqual(login(`mqtt://${host}:1883`), ['field', 'of the field'], host)
      for (const host of ['broker', '192.0.2.1', '127.0.0.1.evil.example'])
        assert.deepEqual(login(`mqtt://${host}:1883`), [undefined, undefined], host)
      assert.deepEqual(login('mqtt://localhost', { MQTT_USER: 'me', MQTT_PASSWORD: 'p' }), ['me', 'p'])
      // In production there is no such user.
      writeFileSync(path, '{"flows": "of flows"}')
      assert.deepEqual(login('mqtt://localhost'), [undefined, undefined])
      writeFileSync(path, '{')
      assert.throws(() => login('mqtt://localhost'), /mqtt-users\.json cannot be read: set MQTT_USER and MQTT_PASSWORD/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('names the variable that is wrong', () => {
    assert.throws(() => brokerOf('mqtts://b', { MQTT_CA: '/etc/ca.pem' }), /MQTT_CA .*"\/etc\/ca\.pem".*MQTT_CA_FILE/)
    assert.throws(
      () => brokerOf('mqtts://b', { MQTT_CA_FILE: '/no/such' }),
      /MQTT_CA_FILE cannot be read: "\/no\/such"/,
    )
  })

  it('is shown without its password', () => assert.equal(shownUrl({ url: 'ws://me:secret@b:80/mqtt' }), 'ws://b/mqtt'))

  it('reasons of failure are never empty', () => {
    assert.equal(reasonOf(new AggregateError([new Error('one'), new Error('two')])), 'one; two')
    assert.equal(reasonOf(Object.assign(new Error(''), { code: 'ECONNRESET' })), 'ECONNRESET')
    assert.equal(reasonOf('plain'), 'plain')
  })
})
