import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Access } from '../access/access.ts'
import { readEnvironment } from './environment.ts'
import { openGuard } from './open-guard.ts'

const guardOf = (env: NodeJS.ProcessEnv) => {
  const guard = openGuard({ access: {} as Access, environment: readEnvironment(env) })
  guard.connections.end()
  return guard
}
const production = { NODE_ENV: 'production', CREDENTIAL_SECRET: 'Example-of-one-1', TRUSTED_PROXIES: '10.0.0.5' }

describe('openGuard', () => {
  it('takes direct connections where nothing can be read on the way', () => {
    assert.equal(guardOf({}).proxiesOnly, false)
    assert.equal(guardOf(production).proxiesOnly, false)
    assert.equal(guardOf({ ...production, BIND_ADDRESS: '0.0.0.0', NETWORK_BOUNDARY: 'container' }).proxiesOnly, false)
  })

  it('takes only what comes by a proxy where production listens on a network', () => {
    const guard = guardOf({ ...production, BIND_ADDRESS: '0.0.0.0', MQTT_URL: 'mqtts://broker' })
    assert.equal(guard.proxiesOnly, true)
    assert.ok(guard.isTrusted('10.0.0.5') && !guard.isTrusted('10.0.0.6'))
  })

  it('believes no proxy unless it is named, and allows no origin', () => {
    const guard = guardOf({})
    assert.ok(!guard.isTrusted('127.0.0.1'))
    assert.equal(guard.allowedOrigins.size, 0)
    assert.ok(guardOf({ CORS_ORIGINS: 'https://console.example' }).allowedOrigins.has('https://console.example'))
  })

  it('lets flows be edited unless told otherwise', () => {
    assert.equal(guardOf({}).editor, true)
    assert.equal(guardOf({ FLOW_EDITOR: 'off' }).editor, false)
  })
})
