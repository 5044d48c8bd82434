import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brokerOf } from './broker.ts'

const url = 'mqtt://127.0.0.1:1883'

describe('the broker that the simulator finds', () => {
  it('lets everybody in, unless the environment has a login', () => {
    assert.deepEqual(brokerOf(url, {}), { url })
    const login = { MQTT_USER: 'field', MQTT_PASSWORD: 'secret' }
    assert.deepEqual(brokerOf(url, login), { url, username: 'field', password: 'secret' })
  })

  it('takes a password from the file that is named, without its line end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'linha-viva-broker-'))
    try {
      const file = join(folder, 'password')
      writeFileSync(file, 'secret\n')
      assert.equal(brokerOf(url, { MQTT_PASSWORD_FILE: file }).password, 'secret')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('says which file cannot be read', () => {
    assert.throws(() => brokerOf(url, { MQTT_PASSWORD_FILE: '/nowhere/at/all' }), {
      name: 'UsageError',
      message: 'MQTT_PASSWORD_FILE cannot be read: "/nowhere/at/all"',
    })
  })
})
