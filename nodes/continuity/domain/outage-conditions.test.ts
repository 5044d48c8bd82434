import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { Condition } from '../../../platform/wire/condition.ts'
import { conditionText } from '../../../platform/wire/condition-text.ts'
import { hourMs, start } from './outlook.fixture.ts'
import { outageConditions, type Said, type WatchedDay, type WatchedOutage } from './outage-conditions.ts'

const thresholds = { withinMs: hourMs / 2, nearPct: 80 }
const nobody = { safety: 0, life_support: 0, essential: 0 }
const step = (hours: number, units: number, limit: 'DIC' | 'FIC' = 'DIC') => ({
  ...{ at: start + hours * hourMs, limit, units, cents: units * 2_235 },
})
const outage = (of: Partial<WatchedOutage> = {}): WatchedOutage => ({
  ...{ interruptionId: 7, elementId: 'sw-1', feederId: 'f-1', startedAt: start, services: nobody, steps: [] },
  event: { eventId: 3, chiH: 10, limitH: 1_000, reachesAt: null },
  ...of,
})
const day = (occurrences: number): WatchedDay => ({
  ...{ conjuntoId: 'c-1', name: 'Centro', day: '2026-03-10', occurrences, threshold: 10.5 },
})
const check = new Ajv().compile(Condition)

describe('conditions of outages', () => {
  const say = (outages: WatchedOutage[], before: Said = new Map(), hours = 0, days: WatchedDay[] = []) => {
    const result = outageConditions(outages, days, thresholds, before, start + hours * hourMs)
    for (const condition of result.conditions) assert.ok(check(condition), JSON.stringify(check.errors))
    const texts = result.conditions.map(
      (condition) => `${condition.state}: ${conditionText(condition, 'en', 'America/Sao_Paulo')}`,
    )
    return { ...result, texts }
  }

  it('say that units break a limit soon, of an interruption together, and that none do any more', () => {
    const steps = [step(1, 5), step(1.2, 7), step(1.25, 2, 'FIC'), step(3, 100)]
    assert.deepEqual(say([outage({ steps })]).texts, [])
    const soon = say([outage({ steps })], new Map(), 0.8)
    assert.deepEqual(soon.texts, [
      'active: 12 units break DIC within 0.5 h, R$ 268 at once (sw-1)',
      'active: 2 units break FIC within 0.5 h, R$ 45 at once (sw-1)',
    ])
    assert.deepEqual(say([outage({ steps })], soon.said, 0.81).texts, [], 'said twice')
    assert.deepEqual(say([outage({ steps })], soon.said, 1.5).texts, [
      'normal: No limit of DIC is about to break (sw-1)',
      'normal: No limit of FIC is about to break (sw-1)',
    ])
    assert.equal(say([], soon.said, 1).texts.length, 2)
  })

  it('are said again where more units are concerned', () => {
    const first = say([outage({ steps: [step(0.4, 10), step(0.6, 50)] })])
    assert.match(first.texts[0]!, /10 units/)
    assert.match(say([outage({ steps: [step(0.4, 10), step(0.6, 50)] })], first.said, 0.2).texts[0]!, /60 units/)
  })

  it('say that priority services are out, safety and life support as critical', () => {
    const { conditions, said } = say([outage({ services: { ...nobody, life_support: 1, essential: 2 } })])
    assert.deepEqual(
      conditions.map(({ kind, priority, value }) => [kind, priority, value]),
      [['priority-out', 'critical', 3]],
    )
    const [condition] = conditions
    assert.doesNotMatch(JSON.stringify(condition), /life/, 'that a life hangs on it is nobody else’s business')
    assert.match(say([outage()], said).texts[0]!, /^normal: Priority services have supply/)
  })

  it('say once an event that an emergency is near, when it gets there, and that it has', () => {
    const at = (chiH: number, reachesAt: number | null = start + 2 * hourMs) =>
      [7, 8].map((interruptionId) => outage({ interruptionId, event: { eventId: 3, chiH, limitH: 1_000, reachesAt } }))
    assert.deepEqual(say(at(799)).texts, [])
    const near = say(at(800))
    assert.deepEqual(near.texts, [
      'active: Event 3: 800 of 1,000 customer-hours for a situation of emergency, reached on Tuesday 11:00',
    ])
    assert.match(say(at(1_000, null), near.said).texts[0]!, /may be a situation of emergency/)
  })

  it('say that a conjunto is near a critical day, and that it is one', () => {
    assert.deepEqual(say([], new Map(), 0, [day(8)]).texts, [])
    const near = say([], new Map(), 0, [day(9)])
    assert.deepEqual(near.texts, ['active: Centro: 9 emergency occurrences today, above 10.5 the day is critical'])
    const reached = say([], near.said, 1, [day(11)])
    assert.match(reached.texts[0]!, /a critical day$/)
    assert.match(say([], reached.said, 12, [day(0)]).texts[0]!, /^normal: Centro/)
  })
})
