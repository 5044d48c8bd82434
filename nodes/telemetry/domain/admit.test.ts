import assert from 'node:assert/strict'
import type { Registration } from '../../../platform/network/registration.ts'
import { exampleMessage, registered } from './field.fixture.ts'
import { admit, type Admitted } from './admit.ts'
import { interpret, type Understood } from './interpret.ts'
import { defaultRules } from './rules.ts'

const understood = (...example: Parameters<typeof exampleMessage>): Understood =>
  interpret(exampleMessage(...example), defaultRules).understood[0]!
const pv = understood('der', 'pv-generating')
const powerLost = understood('event', 'power-lost')
const online = understood('status', 'online')
const place = { feederId: 'feeder-9', siteId: 'site-9', location: 'Rua 9', nominalVoltageV: 220 }

describe('admit', () => {
  it('adds what the registry knows; what the device claims of its place is not believed', () => {
    assert.equal(pv.claim.feederId, 'feeder-1')
    const admitted = admit(pv, registered('pv-001', { kind: 'der', ...place })) as Admitted
    assert.deepEqual(admitted, { kind: 'reading', value: { ...pv.value, ...place } })
  })

  it('a device whose place nobody knows has none', () => {
    assert.deepEqual(admit(pv, registered('pv-001', { kind: 'der' })), { kind: 'reading', value: pv.value })
  })

  it('an event has a feeder and a site; presence has neither', () => {
    const { feederId, siteId } = place
    assert.deepEqual(admit(powerLost, registered('meter-003', place)), {
      kind: 'event',
      value: { ...powerLost.value, feederId, siteId },
    })
    assert.deepEqual((admit(online, registered('switch-001', place)) as Admitted).value, online.value)
  })

  const refusals: [string, Understood, Registration | undefined, string, RegExp][] = [
    ['a device that nobody knows', pv, undefined, 'unknown_device', /device pv-001/],
    [
      'a device that waits for approval',
      pv,
      registered('pv-001', { status: 'pending' }),
      'awaiting_approval',
      /device pv-001/,
    ],
    [
      'a device that was rejected',
      pv,
      registered('pv-001', { status: 'rejected' }),
      'device_rejected',
      /device pv-001/,
    ],
    [
      'a meter that reports as a DER',
      pv,
      registered('pv-001', { kind: 'meter' }),
      'kind_mismatch',
      /registered as meter, reports as der/,
    ],
    [
      'an event of a device that waits',
      powerLost,
      registered('meter-003', { status: 'pending' }),
      'awaiting_approval',
      /meter-003/,
    ],
    ['presence of a device that nobody knows', online, undefined, 'unknown_device', /switch-001/],
  ]
  for (const [what, item, registration, reason, detail] of refusals) {
    it(`refuses ${what}: ${reason}`, () => {
      const refused = admit(item, registration)
      assert.ok('reason' in refused)
      assert.equal(refused.reason, reason)
      assert.match(refused.detail, detail)
    })
  }

  it('status comes before kind: a rejected device of another kind is rejected', () => {
    const refused = admit(pv, registered('pv-001', { status: 'rejected', kind: 'meter' }))
    assert.equal('reason' in refused && refused.reason, 'device_rejected')
  })

  it('says why an unknown device was not registered, where there is a reason', () => {
    const refused = admit(pv, undefined, 'registration_limit')
    assert.equal('reason' in refused && refused.reason, 'registration_limit')
  })

  it('a device known only by its events may report as any kind', () => {
    assert.ok('value' in admit(pv, registered('pv-001')))
  })

  it('a device of any kind may report events', () => {
    assert.ok('value' in admit(powerLost, registered('meter-003', { kind: 'switch' })))
  })

  it('what is refused can be replayed: interpreted again it says the same', () => {
    const refused = admit(pv, registered('pv-001', { status: 'pending' }))
    assert.ok('reason' in refused)
    const { topic, payload, receivedAt, deviceId } = refused
    assert.equal(deviceId, 'pv-001')
    assert.deepEqual(interpret({ topic, payload, receivedAt }, defaultRules).understood, [pv])
  })
})
