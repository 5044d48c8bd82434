import assert from 'node:assert/strict'
import { violatedLimits } from './violations.ts'

const hourMs = 3_600_000
const limits = { dicH: 8, fic: 5, dmicH: 6, dicriH: 8, diseH: 24, source: 'contract' }
const month = { unitId: 'u-1', dicMs: 8 * hourMs, fic: 5, dmicMs: 6 * hourMs, dicri: [], dise: [], parcels: {} }
const event = (ms: number) => [
  { interruptionId: 1, ms: hourMs },
  { interruptionId: 2, ms },
]

describe('limits that a month is above', () => {
  it('are none where all are reached', () => {
    const events = { dicri: event(8 * hourMs), dise: event(24 * hourMs) }
    assert.deepEqual(violatedLimits({ ...month, ...events }, limits), [])
  })
  for (const [indicator, above] of [
    ['DIC', { dicMs: 8 * hourMs + 1 }],
    ['FIC', { fic: 6 }],
    ['DMIC', { dmicMs: 6 * hourMs + 1 }],
    ['DICRI', { dicri: event(8 * hourMs + 1) }],
    ['DISE', { dise: event(24 * hourMs + 1) }],
  ] as const)
    it(`${indicator} a millisecond or one interruption above`, () =>
      assert.deepEqual(violatedLimits({ ...month, ...above }, limits), [indicator]))

  it('do not go by limits that there are not', () => {
    const without = { ...limits, dicriH: null, diseH: null }
    assert.deepEqual(violatedLimits({ ...month, dicri: event(1e9), dise: event(1e9) }, without), [])
  })
})
