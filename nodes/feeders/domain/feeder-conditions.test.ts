import assert from 'node:assert/strict'
import { conditionText } from '../../../platform/wire/condition-text.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { feederConditions, feederNormal, type FeedersNow, type WatchedFeeder } from './feeder-conditions.ts'

const now = Date.UTC(2026, 5, 1, 18)
const minuteMs = 60_000
const calm: FeedersNow = {
  ...{ loop: { stalled: [], overrun: [] }, feeders: [], events: [], tracking: [] },
  ...{ intervalMs: minuteMs, slackMs: 0 },
}
const feeder = (more: Partial<WatchedFeeder> = {}): WatchedFeeder => ({
  ...{ feederId: 'west', importLimitKw: 100, exportLimitKw: null, unavoidableKw: 0, at: now },
  ...{ head: { meterId: 'head-1', heardAt: now - 30_000, powerKw: 50 }, baseLoad: [] },
  ...more,
})
const said = (state: Partial<FeedersNow>) => feederConditions({ ...calm, ...state }, now)
const text = (condition: Condition, language: 'en' | 'pt' = 'en') =>
  conditionText(condition, language, 'America/Sao_Paulo')
const only = (state: Partial<FeedersNow>): Condition => {
  const conditions = said(state)
  assert.equal(conditions.length, 1)
  return conditions[0]!
}

describe('conditions of feeders', () => {
  it('are none where all is well', () => {
    assert.deepEqual(said({ feeders: [feeder()] }), [])
  })

  it('say that the loop stands still, or takes too long', () => {
    const [stalled, overrun] = said({
      loop: {
        stalled: [{ rootId: 'root', at: now - 10 * minuteMs }],
        overrun: [{ rootId: 'root', roundMs: 9_000, intervalMs: minuteMs }],
      },
    })
    assert.deepEqual([stalled!.key, stalled!.priority], ['feeders/loop-stalled/root', 'medium'])
    assert.equal(text(stalled!), 'Nobody has shared out what feeder root may carry since Monday 14:50')
    assert.deepEqual([overrun!.value, overrun!.limit, overrun!.unit], [9, 60, 's'])
    assert.match(text(overrun!, 'pt'), /^Repartir o alimentador root leva 9 s, demais para cada 60 s$/)
  })

  it('say that a head is silent after two intervals, not before two minutes, nor before readings can be in', () => {
    const silent = (ageMs: number, more: Partial<FeedersNow> = {}) =>
      said({ feeders: [feeder({ head: { meterId: 'head-1', heardAt: now - ageMs, powerKw: 50 } })], ...more })
    assert.equal(silent(2 * minuteMs).length, 0)
    assert.equal(silent(2 * minuteMs + 1)[0]!.key, 'feeders/head-lost/west')
    assert.equal(silent(119_000, { intervalMs: 10_000 }).length, 0)
    assert.equal(silent(60 * minuteMs, { slackMs: 60 * minuteMs }).length, 0)
    assert.equal(said({ feeders: [feeder({ head: null })] }).length, 0)
  })

  it('say that a limit cannot be held, and then forecast nothing', () => {
    const rising = Array.from({ length: 10 }, (_, n) => ({ at: now - (10 - n) * minuteMs, powerKw: 80 + n }))
    const found = only({ feeders: [feeder({ unavoidableKw: 12.34, baseLoad: rising })] })
    assert.deepEqual([found.kind, found.value, found.unit], ['limit-unavoidable', 12.3, 'kW'])
    const forecast = only({ feeders: [feeder({ baseLoad: rising })] })
    assert.deepEqual([forecast.kind, forecast.value], ['overload-forecast', 10])
    assert.equal(
      text(forecast),
      'Feeder west reaches its limit of 100 kW in about 10 min by what nobody steers, 90 kW now',
    )
  })

  it('forecast what is fed back in as well', () => {
    const sun = Array.from({ length: 10 }, (_, n) => ({ at: now - (10 - n) * minuteMs, powerKw: -30 - 2 * n }))
    const found = only({ feeders: [feeder({ importLimitKw: 100, exportLimitKw: 60, baseLoad: sun })] })
    assert.deepEqual([found.kind, found.value], ['overload-forecast', 5])
    assert.match(text(found), /limit of 60 kW .* -50 kW now$/)
  })

  it('say that an event is not met, once devices had time to come down', () => {
    const event = { eventId: 7, feederId: 'west', limitKw: 50, direction: 'import' as const, meanKw: 60 }
    const at = (startsAt: number, more: object = {}) => said({ events: [{ ...event, startsAt, ...more }] })
    assert.equal(at(now - 4 * minuteMs).length, 0)
    assert.equal(at(now - 5 * minuteMs)[0]!.key, 'feeders/event-not-met/west')
    assert.equal(at(now - 5 * minuteMs, { meanKw: 51 }).length, 0)
    assert.equal(at(now - 5 * minuteMs, { meanKw: null }).length, 0)
    assert.equal(at(now - 5 * minuteMs, { direction: 'export', meanKw: -60 }).length, 1)
    assert.equal(at(now - 5 * minuteMs, { direction: 'export' }).length, 0)
  })

  it('say that devices are beyond their setpoints, by the size of the limit', () => {
    const tracking = { feederId: 'west', at: now, minutes: 15, beyondKw: 6, importLimitKw: 100, setpointKw: 20 }
    assert.equal(only({ tracking: [tracking] }).kind, 'tracking-error')
    assert.deepEqual(said({ tracking: [{ ...tracking, beyondKw: 5 }] }), [])
    assert.deepEqual(said({ tracking: [{ ...tracking, minutes: 4 }] }), [])
    assert.deepEqual(said({ tracking: [{ ...tracking, beyondKw: null }] }), [])
    assert.equal(said({ tracking: [{ ...tracking, beyondKw: 1.1, importLimitKw: null }] }).length, 1)
  })

  it('end with words of their own', () => {
    const stalled = only({ loop: { stalled: [{ rootId: 'root', at: now - minuteMs }], overrun: [] } })
    const ended = feederNormal(stalled, now)
    assert.deepEqual([ended.state, ended.key, ended.at], ['normal', stalled.key, now])
    assert.equal(text(ended), 'Feeder root is shared out again, or need not be')
  })
})
