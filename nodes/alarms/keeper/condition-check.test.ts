import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { said } from '../alarms.fixture.ts'
import { conditionsOf, mostConditions } from './condition-check.ts'

describe('the conditions of a payload', () => {
  it('are one, or those of an array', () => {
    const one = said('outage', 'sw-1')
    assert.deepEqual(conditionsOf(one), [one])
    assert.deepEqual(conditionsOf([one, one]), [one, one])
    assert.deepEqual(conditionsOf([]), [])
  })

  for (const [payload, fault] of [
    [undefined, 'payload is undefined: it must be object'],
    ['on', 'payload is "on": it must be object'],
    [{ ...said('outage', 'sw-1'), text: undefined }, 'payload.text is missing'],
    [{ ...said('outage', 'sw-1'), state: 'on' }, 'payload.state is "on": it takes active, normal'],
    [said('outage', 'sw-1', { subject: 'sw 1' }), 'payload.subject is "sw 1": it must match pattern'],
    [said('outage', 'sw-1', { key: 'sw-1' }), 'payload.key is "sw-1": it must be "test/outage/sw-1"'],
    [said('outage', 'sw-1', { at: -1 }), 'payload.at is -1: it takes UTC milliseconds'],
    [said('outage', 'sw-1', { evidence: { all: 'x'.repeat(20_000) } }), 'payload (test/outage/sw-1) has 20'],
    [said('outage', 'sw-1', { evidence: { all: 1n } }), 'payload.evidence is no JSON: Do not know'],
    [said('outage', 'sw-1', { evidence: ring() }), 'payload.evidence is no JSON: Converting circular'],
    [
      said('outage', 'sw-1', { evidence: { of: { name: 'a\0' } } }),
      'payload.evidence.of.name contains a NUL character',
    ],
    [said('outage', 'sw-1', { evidence: { name: '\ud800' } }), 'payload.evidence.name contains half a character'],
    [said('outage', 'sw-1', { evidence: { 'a\0': 1 } }), 'payload.evidence has a name that contains a NUL character'],
    [Array(mostConditions + 1), `payload has ${mostConditions + 1} conditions: it takes ${mostConditions} at most`],
  ] as const)
    it(`are not there: ${fault}`, () =>
      assert.throws(
        () => conditionsOf(payload),
        ({ message }: Error) => message.startsWith(fault),
      ))
})

function ring(): Record<string, unknown> {
  const evidence: Record<string, unknown> = {}
  evidence['all'] = evidence
  return evidence
}
