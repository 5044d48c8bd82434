import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import fc from 'fast-check'
import { alarmsBegin, said, useAlarms } from '../alarms.fixture.ts'
import { alarmActions, personActions, rightOf, type AlarmAction, type Attempt } from './action.ts'
import { actOnAlarms, type ActingParty, type Outcome } from './act.ts'
import { ActionAudit } from './action-audit.ts'
import { answerForFeeder, auditOf, person } from './acting.fixture.ts'

const hour = 3_600_000
const supervisor = person('engineer')
const logic: ActingParty = { actor: { kind: 'logic', username: 'node gate', allowed: alarmActions } }

describe('acting on alarms', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const audit = new ActionAudit()
  let alarmId: number
  let subjects = 0

  const raise = async (count = 1): Promise<number[]> => {
    const conditions = Array.from({ length: count }, () => said('overload', `sw-${++subjects}`, { feederId: 'f-1' }))
    const changed = await alarms.keeper.take(conditions.map((each) => ({ ...each, at: alarms.now })))
    return changed.map((each) => each.alarmId)
  }
  const attempt = (action: AlarmAction, more: Partial<Attempt> = {}): Attempt => ({
    ...{ action, alarm: alarmId, occurrence: 1, until: alarms.now + hour, reason: 'works', ...more },
  })
  const act = (party: ActingParty, ...attempts: Attempt[]): Promise<readonly Outcome[]> =>
    actOnAlarms({ database: alarms.database, audit, table: async () => alarms.table }, party, attempts, alarms.now)
  const told = (outcomes: readonly Outcome[]) => outcomes.map(({ code, state }) => code ?? state)
  /** What stands in the audit since the last time it was asked. */
  let seen = 0
  const audited = async () => {
    const lines = await auditOf(alarms.database)
    const news = lines.slice(seen)
    seen = lines.length
    return news
  }

  before(async () => {
    await answerForFeeder(alarms.database, 'far', 'f-9')
    await answerForFeeder(alarms.database, 'far-engineer', 'f-8', 'engineer')
    await answerForFeeder(alarms.database, 'far-admin', 'f-7', 'admin')
  })
  beforeEach(async () => {
    ;[alarmId] = (await raise()) as [number]
    await audited()
  })

  it('does what it is asked, by a named user, into history and audit', async () => {
    assert.deepEqual(told(await act(person('operator'), attempt('acknowledge'))), ['C'])
    assert.deepEqual(told(await act(person('operator'), attempt('comment', { reason: 'tree fell' }))), ['C'])
    assert.deepEqual(told(await act(person('operator'), attempt('shelve'))), ['G'])
    assert.deepEqual(told(await act(person('operator'), attempt('unshelve'))), ['B'])
    assert.deepEqual(told(await act(supervisor, attempt('take-out'))), ['I'])
    assert.deepEqual(told(await act(supervisor, attempt('return'))), ['B'])
    assert.deepEqual(told(await act(logic, attempt('suppress'))), ['H'])
    assert.deepEqual(told(await act(logic, attempt('unsuppress'))), ['B'])
    const lines = await audited()
    assert.deepEqual(
      lines.map(({ action, outcome, username, role }) => [action, outcome, username, role]),
      [
        ...['acknowledge', 'comment', 'shelve', 'unshelve'].map((action) => [action, 'done', 'operator', 'operator']),
        ...['take-out', 'return'].map((action) => [action, 'done', 'engineer', 'engineer']),
        ...['suppress', 'unsuppress'].map((action) => [action, 'done', 'node gate', null]),
      ],
    )
    const said = await alarms.database.query(
      `select kind, username, reason from alarm_transition where alarm_id = $1 and username is not null order by changed`,
      [alarmId],
    )
    assert.deepEqual(said[1], { kind: 'commented', username: 'operator', reason: 'tree fell' })
    assert.equal(said.length, 8)
  })

  const refusedAs = async (party: ActingParty, given: Attempt, code: string): Promise<void> => {
    const history = await alarms.history(alarmId)
    const [outcome] = await act(party, given)
    assert.deepEqual([outcome!.outcome, outcome!.code], ['refused', code])
    assert.ok(outcome!.problem!.length > 10, 'no clear reason')
    const lines = await audited()
    assert.deepEqual(
      lines.map(({ action, outcome: was, code: why, problem, username }) => [action, was, why, problem, username]),
      [[given.action, 'refused', code, outcome!.problem, party.actor.username]],
    )
    assert.deepEqual(await alarms.history(alarmId), history)
  }

  for (const action of alarmActions) {
    const isPersonal = personActions.includes(action)
    const able = isPersonal ? supervisor : logic
    it(`${action}: refused and taken down for the wrong role`, async () => {
      await refusedAs(person('viewer'), attempt(action), isPersonal ? 'wrong-role' : 'not-for-persons')
      if (rightOf(action) === 'configure-alarms') await refusedAs(person('operator'), attempt(action), 'wrong-role')
    })

    it(`${action}: refused and taken down where no person is proven`, () =>
      refusedAs({ actor: { kind: 'unproven', username: 'node gate' } }, attempt(action), 'not-proven'))

    it(`${action}: refused and taken down for an alarm that is not there`, () =>
      refusedAs(able, attempt(action, { alarm: 999_999 }), 'unknown-alarm'))

    if (isPersonal)
      it(`${action}: refused and taken down in a foreign area of responsibility`, () =>
        refusedAs(person('engineer', 'far'), attempt(action), 'foreign-area'))
  }

  for (const action of ['acknowledge', 'reset'] as const) {
    it(`${action}: refused and taken down for an occurrence that is not the one that stands`, async () => {
      await refusedAs(supervisor, attempt(action, { occurrence: 2 }), 'stale-occurrence')
      await refusedAs(supervisor, attempt(action, { occurrence: 0 }), 'stale-occurrence')
    })

    for (const [hiding, by] of [
      ['shelve', supervisor],
      ['take-out', supervisor],
      ['suppress', logic],
    ] as const)
      // prettier-ignore
      it(`${action}: refused and taken down where ${hiding} hides it`, async () => {
        await act(by, attempt(hiding))
        await audited()
        await refusedAs(supervisor, attempt(action), 'hidden')
      })
  }

  it('shelve: refused and taken down beyond the limit of the class, and for an end that has passed', async () => {
    const { mostShelvedMs } = alarms.table.classNamed(
      alarms.table.definitionOf(said('overload', 'x') as never).className,
    )
    await refusedAs(supervisor, attempt('shelve', { until: alarms.now + mostShelvedMs + 1 }), 'beyond-shelving-limit')
    await refusedAs(supervisor, attempt('shelve', { until: alarms.now }), 'shelving-ends-in-the-past')
    assert.deepEqual(told(await act(supervisor, attempt('shelve', { until: alarms.now + mostShelvedMs }))), ['G'])
  })

  for (const [action, code] of [
    ['unshelve', 'not-shelved'],
    ['return', 'in-service'],
    ['reset', 'nothing-to-reset'],
  ] as const)
    it(`${action}: refused and taken down where there is nothing to ${action}`, () =>
      refusedAs(supervisor, attempt(action), code))

  it('answers only to those who answer for it, with the feeders of today', async () => {
    await alarms.database.query(`insert into feeder (feeder_id, parent_feeder_id) values ('f-1', 'f-9')`)
    assert.deepEqual(told(await act(person('operator', 'far'), attempt('acknowledge'))), ['C'])
    await alarms.database.query(`delete from feeder where feeder_id = 'f-1'`)
  })

  it('of two who acknowledge at once one has done it', async () => {
    const both = await Promise.all(['ana', 'bia'].map((name) => act(person('operator', name), attempt('acknowledge'))))
    assert.deepEqual(new Set(both.flatMap(told)), new Set(['C', 'nothing-to-acknowledge']))
    const [row] = await alarms.database.query<{ acknowledged_by: string }>(
      'select acknowledged_by from alarm_occurrence where alarm_id = $1',
      [alarmId],
    )
    const done = (await audited()).find(({ outcome }) => outcome === 'done')
    assert.equal(row!.acknowledged_by, done!.username)
  })

  it('a thousand at once each come to an outcome of their own', async () => {
    const ids = await raise(1_000)
    await act(person('operator', 'ana'), attempt('acknowledge', { alarm: ids[500]! }))
    await audited()
    const outcomes = await act(person('operator'), ...ids.map((alarm) => attempt('acknowledge', { alarm })))
    assert.deepEqual(
      outcomes.map((each) => each.alarmId),
      ids,
    )
    assert.equal(outcomes.filter(({ state, code }) => state === 'C' && code === null).length, 999)
    assert.equal(outcomes[500]!.code, 'nothing-to-acknowledge')
    const lines = await audited()
    assert.deepEqual(
      lines.map((line) => line.alarmId),
      ids,
    )
    assert.equal(new Set(lines.map(({ requestId }) => requestId)).size, 1)
  })

  it('logic names an alarm by the key of its condition', async () => {
    const [row] = await alarms.database.query<{ key: string }>('select key from alarm where alarm_id = $1', [alarmId])
    const [outcome] = await act(logic, attempt('suppress', { alarm: row!.key, occurrence: null }))
    assert.deepEqual([outcome!.alarmId, outcome!.state], [alarmId, 'H'])
    await audited()
    assert.deepEqual(told(await act(logic, attempt('suppress', { alarm: 'test/overload/nowhere' }))), ['unknown-alarm'])
    assert.deepEqual((await audited()).map((line) => line.alarmId), [null]) // prettier-ignore
  })

  it('an alarm of a foreign area may be acknowledged by the role that it has escalated to, and by those before', async () => {
    const minute = 60_000
    const escalation = (['engineer', 'admin'] as const).map((role, n) => ({
      afterMs: (n + 1) * minute,
      role,
      channel: null,
    }))
    const { table } = alarms
    alarms.table = { ...table, classNamed: (name) => ({ ...table.classNamed(name), reAlarmMs: null, escalation }) }
    try {
      const ids = await raise(2)
      const [first, second] = ids.map((alarm) => attempt('acknowledge', { alarm }))
      const [engineer, chief] = [person('engineer', 'far-engineer'), person('admin', 'far-admin')]
      const pass = async (): Promise<void> => {
        alarms.now += minute
        for (const id of ids) await alarms.act(id, { type: 'time' })
      }
      await refusedAs(engineer, first!, 'foreign-area')
      await pass()
      await refusedAs(chief, first!, 'foreign-area')
      await refusedAs(person('operator', 'far'), first!, 'foreign-area')
      assert.deepEqual(told(await act(engineer, first!)), ['C'])
      await audited()
      await refusedAs(engineer, { ...first!, action: 'comment' }, 'foreign-area')
      await pass()
      assert.deepEqual(told(await act(engineer, { ...second!, action: 'comment' })), ['B'])
      assert.deepEqual(told(await act(chief, second!)), ['C'])
      assert.deepEqual(await alarms.history(first!.alarm as number), [
        ...['activated A B 1', 'escalated B B 1', 'acknowledged B C 1'],
      ])
    } finally {
      alarms.table = table
    }
  })

  it('nothing is done and nothing taken down where the transaction fails', async () => {
    const broken = { prepare: async () => undefined, record: () => Promise.reject(new Error('no space left')) }
    const acting = { database: alarms.database, audit: broken, table: async () => alarms.table }
    await assert.rejects(actOnAlarms(acting, supervisor, [attempt('acknowledge')], alarms.now), /no space left/)
    assert.deepEqual(await alarms.history(alarmId), ['activated A B 1'])
    assert.deepEqual(await audited(), [])
  })

  it('the audit has exactly one row for each attempt, with what it came to (property)', async () => {
    const ids = await raise(3)
    const anyAttempt = fc.record({
      action: fc.constantFrom(...alarmActions),
      alarm: fc.constantFrom(...ids, 999_999, 'test/overload/nowhere'),
      occurrence: fc.option(fc.integer({ min: 0, max: 4 })),
      until: fc.option(fc.integer({ min: -hour, max: 1_000 * hour }).map((ms) => alarmsBegin + ms)),
      reason: fc.constantFrom(null, '', 'works'),
    })
    const anyParty = fc.constantFrom<ActingParty>(
      ...(['viewer', 'operator', 'engineer', 'admin'] as const).map((role) => person(role)),
      ...[person('operator', 'far'), logic, { actor: { kind: 'unproven', username: 'node gate' } } as const],
    )
    await fc.assert(
      fc.asyncProperty(anyParty, fc.array(anyAttempt, { maxLength: 12 }), async (party, attempts) => {
        await audited()
        const outcomes = await act(party, ...attempts)
        const lines = await audited()
        assert.deepEqual(
          lines.map(({ action, alarmId: id, outcome, code, problem }) => [action, id, outcome, code, problem]),
          outcomes.map((each) => [each.action, each.alarmId, each.outcome, each.code, each.problem]),
        )
        assert.deepEqual(
          lines.map(({ action, username }) => [action, username]),
          attempts.map(({ action }) => [action, party.actor.username]),
        )
      }),
      { numRuns: 100 },
    )
  })
})
