import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { FixtureDevice, type Differs } from './device.fixture.ts'
import { bodiesOf, presence, telemetry } from './reporting.ts'

async function reported(differs: Differs) {
  const device = new FixtureDevice(differs)
  const [present, status] = await presence(device.talk())
  const found = await telemetry(device.talk())
  device.stop()
  return { status, found: [present, ...found].map(({ check, verdict }) => `${check} ${verdict}`) }
}

describe('what a device reports by itself', () => {
  it('is sound where its presence is retained, its readings fit, and its clock is right', async () => {
    const { status, found } = await reported({ claims: ['ledger'] })
    assert.deepEqual(status?.capabilities, ['ledger'])
    assert.deepEqual(found, ['presence ok', 'telemetry ok', 'clock ok'])
  })

  it('tells nothing of the clock where nothing comes, and that it is wrong where no time is told', async () => {
    assert.deepEqual((await reported({ silent: true })).found, ['presence ok', 'telemetry wrong', 'clock untried'])
    const timeless = await reported({ reading: (body) => ({ ...body, timestamp: undefined }) })
    assert.deepEqual(timeless.found, ['presence ok', 'telemetry ok', 'clock wrong'])
  })

  it('is one object, several, or nothing that can be read', () => {
    const of = (payload: string) => bodiesOf({ kind: 'der', payload, qos: 1, retained: false, at: 0 })
    assert.deepEqual([of('{"a":1}'), of('[1,2]'), of('{')], [[{ a: 1 }], [1, 2], [undefined]])
  })
})
