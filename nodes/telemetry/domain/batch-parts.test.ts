import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Rejected } from '../../../platform/wire/reasons.ts'
import { admit, type Admitted } from './admit.ts'
import { sortIntoBatches } from './batch-parts.ts'
import { exampleMessage, registered } from './field.fixture.ts'
import { interpret } from './interpret.ts'
import { defaultRules } from './rules.ts'

const one = (...example: Parameters<typeof exampleMessage>) =>
  interpret(exampleMessage(...example), defaultRules).understood[0]!
const samples = [
  one('der', 'ev-charging'),
  one('panel', 'generating'),
  one('meter', 'one-phase'),
  one('switch', 'closed'),
  one('event', 'vtcd'),
  one('status', 'online'),
]

describe('sortIntoBatches', () => {
  it('nothing makes no batch', () => assert.deepEqual(sortIntoBatches([], []), []))

  it('puts each item under its kind, once, in the order of arrival (property)', () => {
    const arrivals = fc.array(fc.record({ sample: fc.constantFrom(...samples), good: fc.boolean() }), { maxLength: 40 })
    fc.assert(
      fc.property(arrivals, (list) => {
        const admitted: Admitted[] = []
        const rejected: Rejected[] = []
        const expected = new Map<string, unknown[]>()
        list.forEach(({ sample, good }, index) => {
          const item = { ...sample, value: { ...sample.value, at: index } } as typeof sample
          const result = admit(item, good ? registered(item.value.deviceId) : undefined)
          if ('reason' in result) rejected.push(result)
          else admitted.push(result)
          const topic = 'reason' in result ? 'quarantine' : result.kind === 'reading' ? result.value.kind : result.kind
          expected.set(topic, [...(expected.get(topic) ?? []), 'reason' in result ? result : result.value])
        })
        const batches = sortIntoBatches(admitted, rejected)
        assert.deepEqual(
          new Map(batches.map(({ topic, payload }) => [topic as string, payload as unknown[]])),
          expected,
        )
        assert.equal(batches.length, expected.size)
      }),
    )
  })
})
