import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { FieldEvent, Reading } from '../../../platform/wire/reading.ts'
import { differenceFrom, eventDifferenceFrom } from './compare.ts'

const measures = ['va_v', 'vb_v', 'p_kw']
const words = ['aggregation']
const reading = (values: Record<string, number>, labels?: Record<string, string>): Reading => ({
  ...{ deviceId: 'm-1', kind: 'meter', at: 1, receivedAt: 2, values, quality: 'good' },
  ...(labels && { labels }),
})
const difference = (now: Reading, stored: Record<string, unknown>) => differenceFrom(now, stored, measures, words)

describe('differenceFrom', () => {
  for (const [what, now, stored, expected] of [
    [
      'the same again',
      reading({ va_v: 127, p_kw: 1 }, { aggregation: 'mean' }),
      { va_v: 127, vb_v: null, p_kw: 1, aggregation: 'mean' },
      undefined,
    ],
    ['another voltage', reading({ va_v: 128 }), { va_v: 127 }, 'va_v was 127, now 128'],
    [
      'a phase that is new',
      reading({ va_v: 127, vb_v: 126 }),
      { va_v: 127, vb_v: null },
      'vb_v was undefined, now 126',
    ],
    ['a phase that is gone', reading({ va_v: 127 }), { va_v: 127, vb_v: 126 }, 'vb_v was 126, now undefined'],
    ['0 where there was nothing', reading({ va_v: 0 }), { va_v: null }, 'va_v was undefined, now 0'],
    [
      'the smallest of differences',
      reading({ va_v: 0.1 + 0.2 }),
      { va_v: 0.3 },
      'va_v was 0.3, now 0.30000000000000004',
    ],
    ['−0 and 0', reading({ p_kw: -0 }), { p_kw: 0 }, undefined],
    [
      'another aggregation',
      reading({ va_v: 1 }, { aggregation: 'rms' }),
      { va_v: 1, aggregation: 'mean' },
      'aggregation was mean, now rms',
    ],
    [
      'what the table does not hold',
      reading({ extra: 1 }, { type: 'pv' }),
      { quality: 'late', device_key: 3 },
      undefined,
    ],
  ] as const) {
    it(`${what}: ${expected ?? 'a duplicate'}`, () => assert.equal(difference(now, stored), expected))
  }

  it('a reading never conflicts with itself (property)', () => {
    const values = fc.dictionary(fc.constantFrom(...measures), fc.double({ noNaN: true }), { maxKeys: 3 })
    fc.assert(
      fc.property(values, (sent) => {
        assert.equal(
          difference(reading(sent), Object.fromEntries(measures.map((name) => [name, sent[name] ?? null]))),
          undefined,
        )
      }),
    )
  })
})

describe('eventDifferenceFrom', () => {
  const sag: FieldEvent = {
    ...{ deviceId: 'm-1', eventId: 'e-1', type: 'vtcd', at: 1, receivedAt: 2, quality: 'good' },
    ...{ magnitudePu: 0.74, durationS: 0.18 },
  }
  for (const [what, stored, expected] of [
    ['the same again', { type: 'vtcd', at: 1, magnitudePu: 0.74, durationS: 0.18 }, undefined],
    ['another type', { ...sag, type: 'power_lost' }, 'event e-1: type was power_lost, now vtcd'],
    ['another instant', { ...sag, at: 0 }, 'event e-1: at was 0, now 1'],
    ['another residual voltage', { ...sag, magnitudePu: 0.75 }, 'event e-1: magnitudePu was 0.75, now 0.74'],
    ['a duration that was not known', { type: 'vtcd', at: 1, magnitudePu: 0.74 }, /durationS was undefined, now 0.18/],
  ] as const)
    it(`tells ${what}`, () => {
      const difference = eventDifferenceFrom(sag, stored)
      if (expected instanceof RegExp) assert.match(difference!, expected)
      else assert.equal(difference, expected)
    })
})
