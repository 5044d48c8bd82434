import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { BadObject, type VtnEvent } from './objects.ts'
import { windowsOf } from './windows.ts'

const hourMs = 3_600_000
const midnight = Date.UTC(2026, 10, 23)
const looking = { at: midnight, until: midnight + 48 * hourMs, firstSeenAt: midnight + hourMs / 2, chance: 0 }
const interval = (id: number, intervalPeriod?: Record<string, string>) => ({
  ...{ id, payloads: [] },
  ...(intervalPeriod ? { intervalPeriod } : {}),
})
const event = (of: Partial<VtnEvent>): VtnEvent => ({ id: 'e', programID: 'p', ...of })
const hourly = { start: '2026-11-23T00:00:00Z', duration: 'PT1H' }
const hours = (of: VtnEvent, more: Partial<typeof looking> = {}): (readonly [number, number, number])[] =>
  windowsOf(of, { ...looking, ...more }).map(
    ({ interval: { id }, from, to }) => [id, (from - midnight) / hourMs, (to - midnight) / hourMs] as const,
  )

describe('when the intervals of an event are', () => {
  it('one after the other, as long as the event says', () =>
    assert.deepEqual(hours(event({ intervalPeriod: hourly, intervals: [interval(5), interval(7)] })), [
      [5, 0, 1],
      [7, 1, 2],
    ]))

  it('as long as they say themselves (User Guide 7.4-1)', () =>
    assert.deepEqual(
      hours(
        event({ intervalPeriod: hourly, intervals: [interval(0), interval(1, { duration: 'PT2H' }), interval(2)] }),
      ),
      [
        [0, 0, 1],
        [1, 1, 3],
        [2, 3, 4],
      ],
    ))

  it('when they say themselves, with gaps and overlaps', () =>
    assert.deepEqual(
      hours(
        event({
          intervals: [
            interval(0, { start: '2026-11-23T06:00:00Z', duration: 'PT1H' }),
            interval(1, { start: '2026-11-23T05:30:00Z', duration: 'PT1H' }),
            interval(2, { start: '0001-01-01T00:00:00Z', duration: 'PT1H' }),
          ],
        }),
      ),
      [
        [0, 6, 7],
        [1, 5.5, 6.5],
        [2, 6.5, 7.5],
      ],
    ))

  it('now, at the beginning of time, and for ever', () => {
    for (const start of ['0001-01-01', '0001-01-01T00:00:00', '0000-01-01T00:00:00Z'])
      assert.deepEqual(hours(event({ intervalPeriod: { start, duration: 'P9999Y' }, intervals: [interval(0)] })), [
        [0, 0.5, Infinity],
      ])
  })

  it('as many as the event lasts, cut off or round again', () => {
    const of = { intervalPeriod: hourly, intervals: [interval(0), interval(1)] }
    assert.deepEqual(hours(event({ ...of, duration: 'PT90M' })), [
      [0, 0, 1],
      [1, 1, 1.5],
    ])
    assert.deepEqual(hours(event({ ...of, duration: 'PT3H' })), [
      [0, 0, 1],
      [1, 1, 2],
      [0, 2, 3],
    ])
    const forever = event({ ...of, duration: 'P9999Y' })
    const later = { at: midnight + 100 * hourMs, until: midnight + 103 * hourMs }
    assert.deepEqual(hours(forever, later), [
      [0, 100, 101],
      [1, 101, 102],
      [0, 102, 103],
    ])
  })

  it('without those that are over, and those that are far away', () => {
    const of = event({ intervalPeriod: hourly, intervals: Array.from({ length: 60 }, (_, id) => interval(id)) })
    assert.equal(hours(of, { at: midnight + 2.5 * hourMs })[0]![0], 2)
    assert.equal(hours(of).at(-1)![0], 47)
  })

  it('shifted within what is to be random, all by the same', () => {
    const random = { ...hourly, randomizeStart: 'PT10M' }
    const of = event({ intervalPeriod: random, intervals: [interval(0), interval(1)] })
    assert.deepEqual(hours(of, { chance: -1 }), [
      [0, -1 / 6, 5 / 6],
      [1, 5 / 6, 11 / 6],
    ])
    assert.equal(hours(of, { chance: 0.5 })[0]![1], 1 / 12)
  })

  for (const [what, of, message] of [
    ['no beginning', { intervals: [interval(0, { duration: 'PT1H' })] }, /intervals\.0 has no start/],
    ['no length', { intervals: [interval(0, { start: '2026-11-23T00:00:00Z' })] }, /intervals\.0 has no duration/],
    ['no time at all', { intervalPeriod: { ...hourly, duration: 'PT0S' }, intervals: [interval(0)] }, /above nothing/],
    [
      'a start that is none',
      { intervalPeriod: { ...hourly, start: 'soon' }, intervals: [interval(0)] },
      /intervalPeriod\.start is "soon"/,
    ],
    [
      'no offset',
      { intervalPeriod: { ...hourly, start: '2026-11-23T00:00:00' }, intervals: [interval(0)] },
      /with offset/,
    ],
    [
      'rounds without end',
      { duration: 'P9999Y', intervalPeriod: { ...hourly, duration: 'PT1S' }, intervals: [interval(0)] },
      /more than 2000 times/,
    ],
  ] as const)
    it(`nobody knows with ${what}`, () =>
      assert.throws(
        () => windowsOf(event(of as unknown as Partial<VtnEvent>), looking),
        (error) => error instanceof BadObject && message.test(error.message),
      ))

  it('no intervals, no windows', () => assert.deepEqual(hours(event({ intervalPeriod: hourly, intervals: null })), []))

  it('of one schedule never overlap, and follow each other (property)', () => {
    const lengths = fc.array(fc.integer({ min: 5, max: 300 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(lengths, fc.option(fc.integer({ min: 1, max: 3_000 })), (minutes, whole) => {
        const intervals = minutes.map((length, id) => interval(id, { duration: `PT${length}M` }))
        const of = event({ intervalPeriod: hourly, intervals, ...(whole === null ? {} : { duration: `PT${whole}M` }) })
        const windows = windowsOf(of, { ...looking, until: Infinity })
        windows.slice(1).forEach(({ from }, place) => assert.equal(from, windows[place]!.to))
        const end = whole ?? minutes.reduce((sum, length) => sum + length, 0)
        assert.equal(windows.at(-1)!.to, midnight + end * 60_000)
      }),
    )
  })
})
