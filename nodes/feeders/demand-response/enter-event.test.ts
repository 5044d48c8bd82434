import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { anEvent, entered, hourMs, minuteMs, seedTown, six } from './demand.fixture.ts'
import { cancelEvent, cancelNamedEvent, enterEvent, type EnteredEvent, type Origin } from './enter-event.ts'
import { findEvent } from './event-repository.ts'

describe('entering events', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const now = six - hourMs
  before(() => seedTown(test.database))
  const of = (externalId: string, whenChanged: Origin['whenChanged'] = 'refuse'): Origin => ({ source: 'openadr', externalId, whenChanged }) // prettier-ignore
  const enter = (event: Partial<EnteredEvent>, origin: Origin, at = now) =>
    enterEvent(test.database, anEvent(event), origin, 'openadr', at)
  const by = { username: 'ana', reason: 'the line is back' }

  it('what comes twice under one name is one event', async () => {
    const first = await enter({}, of('a'))
    assert.equal(first.outcome, 'entered')
    assert.deepEqual(await enter({}, of('a')), { eventId: first.eventId, outcome: 'repeated' })
    // Also once it is over.
    assert.equal((await enter({}, of('a'), six + 24 * hourMs)).outcome, 'repeated')
    const other = await enter({}, { ...of('a'), source: 'api:ana' })
    assert.notEqual(other.eventId, first.eventId)
  })

  it('by two at the same moment, too', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => enter({}, of('race'))))
    assert.equal(new Set(outcomes.map(({ eventId }) => eventId)).size, 1)
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'entered').length, 1)
  })

  it('what has changed takes its place, or is refused', async () => {
    const { eventId } = await enter({}, of('b', 'replace'))
    const action = { mode: 'limit', direction: 'import', limitKw: 30, targetShedKw: null } as const
    await assert.rejects(enter({ action }, of('b')), /the key b was used for another event/)
    assert.deepEqual(await enter({ action }, of('b', 'replace')), { eventId, outcome: 'replaced' })
    assert.deepEqual((await findEvent(test.database, eventId))!.action, action)
    const later = enter({}, of('b', 'replace'), six + 3 * hourMs)
    await assert.rejects(later, /has passed|is over/)
  })

  for (const [event, message] of [
    [{ endsAt: six }, /body.tsStart is "2026-11-23T21:00:00.000Z": it must be before tsEnd/],
    [{ endsAt: six + 8 * 24 * hourMs }, /body.tsEnd .* within 7 days of tsStart/],
    [{ startsAt: now - 2 * minuteMs, endsAt: now - minuteMs }, /body.tsEnd .* has passed/],
    [{ startsAt: now - 25 * hourMs }, /body.tsStart .* over a day ago/],
    [{ startsAt: now + 367 * 24 * hourMs, endsAt: now + 368 * 24 * hourMs }, /body.tsStart .* within 366 days/],
    [{ feederId: 'f-9' }, /body.feederId is "f-9": it must be a feeder that is known/],
    [{ programId: 99 }, /body.programId is 99: it must be a program that is known/],
    [{ snapbackMinutes: 241 }, /body.snapbackMinutes is 241/],
    [
      { action: { mode: 'limit', direction: 'import', limitKw: -1, targetShedKw: null } },
      /body.limitKw is -1: it must be from 0 to 1000000/,
    ],
    [{ action: { mode: 'limit', direction: 'import', limitKw: NaN, targetShedKw: null } }, /body.limitKw/],
    [{ action: { mode: 'price', priceBrlPerKwh: 1, elasticity: 0.5, targetShedKw: null } }, /body.elasticity is 0.5/],
  ] as const satisfies readonly (readonly [Partial<EnteredEvent>, RegExp])[])
    // prettier-ignore
    it(`refuses: ${message.source}`, async () => {
      await assert.rejects(enter(event, { source: 'test', externalId: null, whenChanged: 'refuse' }), message)
    })

  it('cancelled in force it ends then, before its beginning it never was, and once over it stays', async () => {
    const inForce = await entered(test.database)
    assert.equal((await cancelEvent(test.database, inForce, by, six + hourMs))!.cancelledAt, six + hourMs)
    const again = await cancelEvent(test.database, inForce, { ...by, username: 'eva' }, six + hourMs + 1)
    assert.deepEqual([again!.cancelledAt, again!.cancelledBy, again!.cancelReason], [six + hourMs, 'ana', by.reason])
    const over = await entered(test.database)
    await assert.rejects(cancelEvent(test.database, over, by, six + 2 * hourMs), /is over/)
    assert.equal(await cancelEvent(test.database, 987_654, by, six), undefined)
  })

  it('what its source withdraws is cancelled by its name', async () => {
    const { eventId } = await enter({}, of('c'))
    const named = { source: 'openadr', externalId: 'c' }
    assert.equal((await cancelNamedEvent(test.database, named, by, six - 1))!.eventId, eventId)
    assert.equal((await cancelNamedEvent(test.database, named, by, six + 5 * hourMs))!.cancelledAt, six - 1)
    assert.equal(await cancelNamedEvent(test.database, { ...named, externalId: 'd' }, by, six), undefined)
  })

  it('stands in the audit, with who did it', async () => {
    const rows = await test.database.query<{ actor: string }>(
      `select distinct content::jsonb ->> 'actor' as actor from audit_entry where table_name = 'dr_event' order by 1`,
    )
    assert.deepEqual(rows.map(({ actor }) => actor), ['ana', 'openadr']) // prettier-ignore
  })
})
