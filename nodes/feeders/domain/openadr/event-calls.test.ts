import assert from 'node:assert/strict'
import fc from 'fast-check'
import { callsOf, modeOf, type CallContext } from './event-calls.ts'
import type { VtnEvent, VtnProgram } from './objects.ts'

const hourMs = 3_600_000
const at = Date.UTC(2026, 10, 23)
const context: CallContext = {
  ...{ at, until: at + 48 * hourMs, firstSeenAt: at, notBefore: at - 24 * hourMs, chance: 0 },
  feeders: new Set(['root', 'other', 'f-1']),
  normalKw: new Map([
    ['root', 500],
    ['f-1', 110],
  ]),
  ...{ roots: ['root', 'other'], elasticity: -0.2 },
}
const program: VtnProgram = {
  ...{ id: 'p', programName: 'p' },
  payloadDescriptors: [{ payloadType: 'PRICE', units: 'KWH', currency: 'BRL' }],
}
const event = (
  type: string,
  values: VtnEvent['intervals'] extends never ? never : unknown[],
  of: Partial<VtnEvent> = {},
) =>
  ({
    ...{ id: 'e', programID: 'p', intervalPeriod: { start: '2026-11-23T01:00:00Z', duration: 'PT2H' } },
    intervals: [{ id: 4, payloads: [{ type, values }] }],
    ...of,
  }) as VtnEvent
const limit = (direction: string, limitKw: number) => ({ mode: 'limit', direction, limitKw, targetShedKw: null })

describe('what an event of a VTN calls for', () => {
  for (const [type, value, action] of [
    ['IMPORT_CAPACITY_LIMIT', 50, limit('import', 50)],
    ['EXPORT_CAPACITY_LIMIT', 0, limit('export', 0)],
    ['DISPATCH_SETPOINT', 12.5, limit('import', 12.5)],
    ['DISPATCH_SETPOINT_RELATIVE', -20, { mode: 'shed', targetShedKw: 20 }],
    ['PRICE', 1.2, { mode: 'price', priceBrlPerKwh: 1.2, elasticity: -0.2, targetShedKw: null }],
  ] as const)
    it(`${type} ${value}: ${JSON.stringify(action)}`, () => {
      const { calls, notTaken } = callsOf(event(type, [value]), program, context)
      assert.deepEqual(notTaken, [])
      assert.deepEqual(calls, [
        {
          ...{ key: '0.0.0.0', intervalId: 4, type, feederId: null, action },
          ...{ startsAt: at + hourMs, endsAt: at + 3 * hourMs },
        },
      ])
    })

  it('SIMPLE: nothing, or three quarters, half or a quarter of what each feeder carries otherwise', () => {
    const one = (level: number, targets?: string[]) =>
      callsOf(event('SIMPLE', [level], targets && { targets }), program, context)
    assert.deepEqual(one(0), { calls: [], notTaken: [] })
    assert.deepEqual(
      [1, 2, 3].map((level) => one(level, ['f-1']).calls.map(({ action, feederId }) => [feederId, action])),
      [82.5, 55, 27.5].map((kw) => [['f-1', limit('import', kw)]]),
    )
    const { calls, notTaken } = one(2)
    assert.deepEqual(
      calls.map(({ feederId }) => feederId),
      ['root'],
    )
    assert.match(notTaken.join(), /nobody knows what other carries otherwise/)
  })

  for (const [type, values, message, of] of [
    ['IMPORT_CAPACITY_LIMIT', [-1], /IMPORT_CAPACITY_LIMIT is -1: it takes kW, at least 0/],
    ['IMPORT_CAPACITY_LIMIT', ['50'], /is "50": it takes kW/],
    [
      'IMPORT_CAPACITY_LIMIT',
      [50],
      /in "KVA": it takes KW/,
      { payloadDescriptors: [{ payloadType: 'IMPORT_CAPACITY_LIMIT', units: 'KVA' }] },
    ],
    ['DISPATCH_SETPOINT_RELATIVE', [5], /is 5: it takes kW, at most 0/],
    ['SIMPLE', [4], /SIMPLE is 4: it takes 0, 1, 2 or 3/],
    ['SIMPLE', [0.5], /SIMPLE is 0.5/],
    ['PRICE', [1], /PRICE in "USD": it takes BRL/, { payloadDescriptors: [{ payloadType: 'PRICE', currency: 'USD' }] }],
    ['ALERT_GRID_EMERGENCY', ['help'], /ALERT_GRID_EMERGENCY is nothing that feeders follow/],
  ] as const)
    it(`${type} ${JSON.stringify(values)} is not followed, and says why`, () => {
      const { calls, notTaken } = callsOf(
        event(type, [...values], of as Partial<VtnEvent> | undefined),
        program,
        context,
      )
      assert.deepEqual(calls, [])
      assert.match(notTaken.join(), message)
    })

  it('prices without a currency are none', () =>
    assert.match(callsOf(event('PRICE', [1]), undefined, context).notTaken.join(), /PRICE in null: it takes BRL/))

  it('several values share the interval (User Guide 7.3-1)', () => {
    const { calls } = callsOf(event('PRICE', [0.2, 0.1]), program, context)
    assert.deepEqual(
      calls.map(({ key, startsAt, endsAt }) => [key, (startsAt - at) / hourMs, (endsAt - at) / hourMs]),
      [
        ['0.0.0.0', 1, 2],
        ['0.0.0.1', 2, 3],
      ],
    )
  })

  it('is for the feeders that its targets name, else those of its program, else each root', () => {
    const feeders = (targets: string[] | null, ofProgram: string[]) =>
      callsOf(event('IMPORT_CAPACITY_LIMIT', [5], { targets }), { ...program, targets: ofProgram }, context).calls.map(
        ({ feederId, key }) => `${feederId} ${key}`,
      )
    assert.deepEqual(feeders(['root', 'f-1', 'group-9'], ['other']), ['f-1 0.0.0.0@f-1', 'root 0.0.0.0@root'])
    assert.deepEqual(feeders(['group-9'], ['other']), ['other 0.0.0.0@other'])
    assert.deepEqual(feeders(null, []), ['null 0.0.0.0'])
  })

  it('what lasts longer than a week is several calls, as they come near', () => {
    const forever = event('IMPORT_CAPACITY_LIMIT', [5], { intervalPeriod: { start: '0001-01-01', duration: 'P9999Y' } })
    const days = (now: number) =>
      callsOf(forever, program, { ...context, at: now, until: now + 48 * hourMs }).calls.map(
        ({ key, startsAt, endsAt }) => [key, (startsAt - at) / hourMs / 24, (endsAt - at) / hourMs / 24],
      )
    assert.deepEqual(days(at), [['0.0.0.0', 0, 7]])
    assert.deepEqual(days(at + 6 * 24 * hourMs), [
      ['0.0.0.0', 0, 7],
      ['0.0.0.0+1', 7, 14],
    ])
    assert.deepEqual(days(at + 8 * 24 * hourMs), [['0.0.0.0+1', 7, 14]])
  })

  it('begins not before it was seen', () => {
    const { calls } = callsOf(event('IMPORT_CAPACITY_LIMIT', [5]), program, { ...context, notBefore: at + 2 * hourMs })
    assert.equal(calls[0]!.startsAt, at + 2 * hourMs)
  })

  it('has a name of its own for each call, ends after it begins, and the same again is the same (property)', () => {
    const types = fc.constantFrom('IMPORT_CAPACITY_LIMIT', 'PRICE', 'SIMPLE', 'DISPATCH_SETPOINT_RELATIVE', 'GHG')
    const payload = fc.record({ type: types, values: fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 3 }) })
    const intervals = fc.array(fc.array(payload, { maxLength: 3 }), { maxLength: 5 })
    fc.assert(
      fc.property(
        intervals,
        fc.subarray(['f-1', 'root', 'elsewhere']),
        fc.option(fc.integer({ min: 1, max: 900 })),
        (given, targets, minutes) => {
          const of = event('x', [], {
            targets,
            intervals: given.map((payloads, n) => ({ id: n % 2, payloads })),
            ...(minutes === null ? {} : { duration: `PT${minutes}M` }),
          })
          const { calls } = callsOf(of, program, context)
          assert.equal(new Set(calls.map(({ key }) => key)).size, calls.length)
          for (const { startsAt, endsAt } of calls) assert.ok(startsAt < endsAt && endsAt > context.at)
          assert.deepEqual(callsOf(of, program, context).calls, calls)
        },
      ),
    )
  })
})

describe('how a program of a VTN calls', () => {
  for (const [types, mode] of [
    [[], 'limit'],
    [['SIMPLE'], 'limit'],
    [['DISPATCH_SETPOINT_RELATIVE'], 'shed'],
    [['IMPORT_CAPACITY_LIMIT', 'PRICE'], 'price'],
  ] as const)
    it(`${types.join(' and ') || 'nothing said'}: ${mode}`, () =>
      assert.equal(modeOf({ ...program, payloadDescriptors: types.map((payloadType) => ({ payloadType })) }), mode))
})
