import assert from 'node:assert/strict'
import { Ajv } from 'ajv'
import { Condition } from '../../../platform/wire/condition.ts'
import { conditionText } from '../../../platform/wire/condition-text.ts'
import { hourMs, start } from './outlook.fixture.ts'
import { isNews, normalOf, outageConditions, type WatchedDay, type WatchedOutage } from './outage-conditions.ts'

const thresholds = { withinMs: hourMs / 2, nearPct: 80 }
const nobody = { safety: 0, life_support: 0, essential: 0 }
const step = (hours: number, units: number, limit: 'DIC' | 'FIC' = 'DIC') => ({
  ...{ at: start + hours * hourMs, limit, units, cents: units * 2_235 },
})
const outage = (of: Partial<WatchedOutage> = {}): WatchedOutage => ({
  ...{
    interruptionId: 7,
    elementId: 'sw-1',
    feederId: 'f-1',
    startedAt: start,
    unitsOut: 9,
    services: nobody,
    steps: [],
  },
  event: { eventId: 3, chiH: 10, limitH: 1_000, reachesAt: null },
  ...of,
})
const day = (occurrences: number): WatchedDay => ({
  ...{ conjuntoId: 'c-1', name: 'Centro', day: '2026-03-10', occurrences, threshold: 10.5 },
})
const check = new Ajv().compile(Condition)

describe('conditions of outages', () => {
  type Said = ReadonlyMap<string, Condition>
  const nothingSaid = (): Said => new Map()
  /** What is said of what holds, by what was said before. */
  const say = (outages: WatchedOutage[], before = nothingSaid(), hours = 0, days: WatchedDay[] = []) => {
    const at = start + hours * hourMs
    const holding = outageConditions(outages, days, thresholds, at)
    const news = holding.filter((one) => !before.has(one.key) || isNews(one, before.get(one.key)!))
    const said: Said = new Map([
      ...holding.map(({ key }) => [key, before.get(key)!] as const),
      ...news.map((one) => [one.key, one] as const),
    ])
    const ended = [...before.values()].filter(({ key }) => !said.has(key)).map((one) => normalOf(one, at))
    const changes = [...ended, ...news]
    for (const condition of changes) assert.ok(check(condition), JSON.stringify(check.errors))
    const textsOf = (conditions: readonly Condition[]): string[] =>
      conditions.map((condition) => `${condition.state}: ${conditionText(condition, 'en', 'America/Sao_Paulo')}`)
    const [lasting, conditions] = [
      changes.filter(({ kind }) => kind === 'outage'),
      changes.filter(({ kind }) => kind !== 'outage'),
    ]
    return { conditions, lasting, said, texts: textsOf(conditions), lastingTexts: textsOf(lasting) }
  }

  it('say once an event that an outage lasts, where it began, and that supply is restored', () => {
    const later = outage({ interruptionId: 8, elementId: 'sw-2', startedAt: start + 1, unitsOut: 40 })
    const first = say([later, outage()])
    assert.deepEqual(first.lastingTexts, ['active: 49 units without supply since Tuesday 09:00 (sw-1)'])
    const [{ key, feederId, value, priority } = assert.fail()] = first.lasting
    assert.deepEqual([key, feederId, value, priority], ['continuity/outage/3', 'f-1', 49, 'low'])
    assert.deepEqual(say([later, outage()], first.said, 0.1).lasting, [], 'said twice')
    assert.deepEqual(say([later, outage({ unitsOut: 10 })], first.said, 0.2).lasting.length, 1, 'as urgent as 50 units')
    assert.deepEqual(say([], first.said, 1).lastingTexts, ['normal: Supply is restored (sw-1)'])
  })

  for (const [units, priority] of [
    [1, 'low'],
    [49, 'low'],
    [50, 'medium'],
    [999, 'medium'],
    [1_000, 'high'],
    [10_000, 'critical'],
  ] as const)
    it(`call an outage of ${units} units ${priority}`, () =>
      assert.equal(say([outage({ unitsOut: units })]).lasting[0]!.priority, priority))

  it('call an outage critical where a life or safety hangs on it', () =>
    assert.equal(say([outage({ services: { ...nobody, safety: 1 } })]).lasting[0]!.priority, 'critical'))

  it('say that units break a limit soon, of an interruption together, and that none do any more', () => {
    const steps = [step(1, 5), step(1.2, 7), step(1.25, 2, 'FIC'), step(3, 100)]
    assert.deepEqual(say([outage({ steps })]).texts, [])
    const soon = say([outage({ steps })], nothingSaid(), 0.8)
    assert.deepEqual(soon.texts, [
      'active: 12 units break DIC within 0.5 h, R$ 268 at once (sw-1)',
      'active: 2 units break FIC within 0.5 h, R$ 45 at once (sw-1)',
    ])
    assert.deepEqual(say([outage({ steps })], soon.said, 0.81).texts, [], 'said twice')
    assert.deepEqual(say([outage({ steps })], soon.said, 1.5).texts, [
      'normal: No limit of DIC is about to break (sw-1)',
      'normal: No limit of FIC is about to break (sw-1)',
    ])
    assert.equal(say([], say([outage({ steps })], nothingSaid(), 0.8).said, 1).texts.length, 2)
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
    assert.deepEqual(say([], nothingSaid(), 0, [day(8)]).texts, [])
    const near = say([], nothingSaid(), 0, [day(9)])
    assert.deepEqual(near.texts, ['active: Centro: 9 emergency occurrences today, above 10.5 the day is critical'])
    const reached = say([], near.said, 1, [day(11)])
    assert.match(reached.texts[0]!, /a critical day$/)
    assert.match(say([], reached.said, 12, [day(0)]).texts[0]!, /^normal: Centro/)
  })
})
