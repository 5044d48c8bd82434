import assert from 'node:assert/strict'
import { rootOf, type HoldingCause } from './explaining.ts'

const hourMs = 3_600_000
const explainedBy = ['continuity/outage', 'platform/broker-lost']
const outage: HoldingCause = { kind: 'continuity/outage', since: 10 * hourMs, rootAlarmId: 7 }
const brokerLost: HoldingCause = { kind: 'platform/broker-lost', since: 10 * hourMs, rootAlarmId: 8 }

describe('what explains an alarm', () => {
  const root = (since: number, ...causes: HoldingCause[]) => rootOf({ explainedBy, since }, causes)

  it('is the first kind of the table that holds', () => {
    assert.equal(root(10 * hourMs, brokerLost, outage), 7)
    assert.equal(root(10 * hourMs, brokerLost), 8)
    assert.equal(root(10 * hourMs), null)
  })

  it('is of a kind that the table names', () =>
    assert.equal(root(10 * hourMs, { ...outage, kind: 'continuity/priority-out' }), null))

  it('is no cause that came more than an hour later', () => {
    assert.equal(root(9 * hourMs, outage), 7)
    assert.equal(root(9 * hourMs - 1, outage), null)
    assert.equal(root(9 * hourMs - 1, outage, { ...brokerLost, since: 0 }), 8)
  })
})
