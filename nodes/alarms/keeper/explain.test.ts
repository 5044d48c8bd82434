import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import type { RootCause, RootCauses } from '../../../platform/conditions/root-causes.ts'
import { said, useAlarms } from '../alarms.fixture.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { explaining } from '../domain/explaining.ts'
import { changeAlarms } from './change-alarms.ts'
import { anyRootStands, rootlessAlarms, standingRoots, unexplainedAlarms } from './explain-repository.ts'
import { rootsFirst, settledChanges } from './explain.ts'

const minuteMs = 60_000

describe('alarms under their root causes', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  /** Devices that are without supply, and the cause. */
  const dead = new Map<string, RootCause>()
  let brokerLostSince: number | undefined
  let asked = 0
  const outages: RootCauses = {
    kind: 'continuity/outage',
    at(_queries, places) {
      if (places.length >= 3_000) asked++
      return Promise.resolve(places.map(({ deviceId }) => dead.get(deviceId ?? '') ?? null))
    },
  }
  const broker: RootCauses = {
    kind: 'platform/broker-lost',
    at: (_queries, places) =>
      Promise.resolve(
        places.map(() => (brokerLostSince ? { key: 'platform/broker-lost/mqtt', since: brokerLostSince } : null)),
      ),
  }
  const judging = () => ({ table: alarms.table, causes: alarms.causes, at: alarms.now })

  const take = (conditions: readonly Condition[]) => alarms.keeper.take(conditions)

  /** As the keeper does it every few seconds, and beside it. */
  async function settle(): Promise<void> {
    const { database } = alarms
    for await (const changes of settledChanges(database, judging())) {
      await database.transaction((client) => changeAlarms(client, changes, alarms.table, alarms.now))
    }
  }

  const silent = (deviceId: string, more: Partial<Condition> = {}) =>
    said('device-silent', deviceId, { area: 'telemetry', at: alarms.now, deviceId, ...more })
  const outage = (eventId: string, more: Partial<Condition> = {}) =>
    said('outage', eventId, { area: 'continuity', at: alarms.now, ...more })
  const lose = (eventId: string, devices: readonly string[], since = alarms.now): void => {
    for (const device of devices) dead.set(device, { key: `continuity/outage/${eventId}`, since })
  }
  /** How many alarms of a kind there are by letter, and under how many roots. */
  const states = async (like: string): Promise<string> => {
    const rows = await alarms.database.query<{ line: string }>(
      `select state::text || ' ' || count(*) || case when root_alarm_id is null then '' else ' under ' || (
           select key from alarm r where r.alarm_id = a.root_alarm_id) end as line
       from alarm a where key like $1 group by state, root_alarm_id order by 1`,
      [like],
    )
    return rows.map(({ line }) => line).join(', ')
  }
  const historyOf = async (key: string): Promise<string[]> => {
    const { alarmId } = (await alarms.listing()).find((one) => one.key === key)!
    return alarms.history(alarmId)
  }

  before(() => {
    alarms.causes = [outages, broker]
    // Without delays: what is said is so.
    const { table } = alarms
    alarms.table = {
      ...table,
      definitionOf: (place) => ({ ...table.definitionOf(place), onDelayMs: 0, offDelayMs: 0, latching: false }),
    }
  })

  const meters = Array.from({ length: 3_000 }, (_, index) => `storm-${index}`)

  it('3,000 silent meters behind one open switch are one row with a count, and nothing is dropped', async () => {
    lose('1', meters)
    asked = 0
    await take([...meters.map((meter) => silent(meter)), outage('1')])
    assert.equal(asked, 1, 'one query for all')
    assert.equal(await states('telemetry/device-silent/storm-%'), 'H 3000 under continuity/outage/1')
    assert.equal(await states('continuity/outage/1'), 'B 1')
    const [row] = await alarms.database.query(
      `select count(*)::integer as occurrences, count(*) filter (where annunciated)::integer as annunciated
       from alarm_occurrence join alarm using (alarm_id) where kind = 'device-silent'`,
    )
    assert.deepEqual(row, { occurrences: 3_000, annunciated: 0 })
    assert.deepEqual(await historyOf('telemetry/device-silent/storm-0'), ['activated A H 1'])
    await take(meters.map((meter) => silent(meter)))
    assert.deepEqual(await historyOf('telemetry/device-silent/storm-0'), ['activated A H 1'], 'said twice')
  })

  it('an independent second fault there raises its own alarm: of another kind, or at another place', async () => {
    await take([
      said('values-stuck', 'storm-1', { area: 'telemetry', at: alarms.now, deviceId: 'elsewhere' }),
      said('priority-out', '1', { area: 'continuity', at: alarms.now }),
      silent('elsewhere'),
    ])
    await settle()
    assert.equal(await states('telemetry/values-stuck/%'), 'B 1')
    assert.equal(await states('continuity/priority-out/%'), 'B 1')
    assert.equal(await states('telemetry/device-silent/elsewhere'), 'B 1')
  })

  it('what had been so for long before is not explained', async () => {
    lose('1', ['broken'])
    await take([silent('broken', { at: alarms.now - explaining.noticedBeforeMs - 1 })])
    await settle()
    assert.equal(await states('telemetry/device-silent/broken'), 'B 1')
  })

  it('when supply is back, the 5 that are still silent come out after the settling time, the others return', async () => {
    dead.clear()
    alarms.now += minuteMs
    await take([outage('1', { state: 'normal' })])
    await take(meters.slice(5).map((meter) => silent(meter, { state: 'normal' })))
    assert.equal(await states('telemetry/device-silent/storm-%'), 'A 2995, H 5 under continuity/outage/1')
    alarms.now += explaining.settlingMs - 1
    await settle()
    assert.equal(await states('telemetry/device-silent/storm-%'), 'A 2995, H 5 under continuity/outage/1', 'it settles')
    alarms.now += 1
    await settle()
    assert.equal(await states('telemetry/device-silent/storm-%'), 'A 2995, B 5')
    assert.deepEqual(await historyOf('telemetry/device-silent/storm-0'), ['activated A H 1', 'unexplained H B 2'])
    assert.deepEqual(await historyOf('telemetry/device-silent/storm-9'), ['activated A H 1', 'returned H A 1'])
    await settle()
  })

  it('what stood before its cause was known goes under it', async () => {
    await take([silent('early')])
    assert.equal(await states('telemetry/device-silent/early'), 'B 1')
    alarms.now += minuteMs
    lose('2', ['early'])
    await settle()
    assert.equal(await states('telemetry/device-silent/early'), 'B 1', 'no alarm of the cause stands yet')
    await take([outage('2')])
    await settle()
    assert.equal(await states('telemetry/device-silent/early'), 'H 1 under continuity/outage/2')
    assert.deepEqual(await historyOf('telemetry/device-silent/early'), ['activated A B 1', 'explained B H 1'])
  })

  it('a cause that comes back within the settling time keeps what it explains', async () => {
    dead.clear()
    await take([outage('2', { state: 'normal', at: alarms.now + 1 })])
    alarms.now += minuteMs
    await take([outage('2')])
    lose('2', ['early'])
    alarms.now += 2 * explaining.settlingMs
    await settle()
    assert.equal(await states('telemetry/device-silent/early'), 'H 1 under continuity/outage/2')
  })

  it('a cause that ends where another one holds hands over', async () => {
    alarms.now += minuteMs
    await take([outage('2', { state: 'normal' }), outage('3')])
    lose('3', ['early'], alarms.now - 30 * minuteMs)
    alarms.now += explaining.settlingMs
    await settle()
    assert.equal(await states('telemetry/device-silent/early'), 'H 1 under continuity/outage/3')
  })

  it('a cause that is explained itself stands for nothing: all are under the last one', async () => {
    const { table } = alarms
    alarms.table = {
      ...table,
      definitionOf(place) {
        const definition = table.definitionOf(place)
        return place.kind === 'outage' ? { ...definition, explainedBy: ['platform/broker-lost'] } : definition
      },
    }
    brokerLostSince = alarms.now
    await take([said('broker-lost', 'mqtt', { area: 'platform', at: alarms.now })])
    await take([outage('3', { at: alarms.now })])
    // That the outage began after is not known: it was said before.
    await settle()
    await settle()
    assert.equal(await states('continuity/outage/3'), 'H 1 under platform/broker-lost/mqtt')
    assert.equal(await states('telemetry/device-silent/early'), 'H 1 under platform/broker-lost/mqtt')
    lose('3', ['late'])
    await take([silent('late')])
    assert.equal(await states('telemetry/device-silent/late'), 'H 1 under platform/broker-lost/mqtt')
    await settle()
  })

  it('that nobody can say what explains it raises an alarm all the same', async () => {
    const fault = new Error('the register of interruptions is broken')
    alarms.causes = [{ kind: 'continuity/outage', at: () => Promise.reject(fault) }]
    await take([silent('unasked')])
    assert.equal(await states('telemetry/device-silent/unasked'), 'B 1')
    assert.ok(alarms.faults.includes(fault))
  })

  it('conditions that may explain others come first, both in their order', () => {
    const conditions = [silent('a'), outage('1'), silent('b'), outage('2')]
    assert.deepEqual(rootsFirst(conditions, alarms.table), [
      [1, 3],
      [0, 2],
    ])
    assert.deepEqual(rootsFirst([silent('a')], alarms.table), [[0]])
    assert.deepEqual(rootsFirst([], alarms.table), [])
  })
})

describe('alarms that are asked what explains them', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const idOf = async (subject: string): Promise<number> =>
    (await alarms.listing()).find(({ key }) => key.endsWith(`/${subject}`))!.alarmId

  before(async () => {
    await alarms.keeper.take(['root', 'under', 'own', 'over'].map((subject) => said('kind', subject)))
    await alarms.keeper.take([said('kind', 'over', { state: 'normal' })])
    await alarms.act(await idOf('under'), { type: 'explain', rootAlarmId: await idOf('root') })
  })

  it('are those whose condition holds and that nothing explains, some after one', async () => {
    const asked = await unexplainedAlarms(alarms.database, 0, 10)
    assert.deepEqual(
      asked.map(({ subject, since }) => [subject, since]),
      [
        ['root', alarms.now],
        ['own', alarms.now],
      ],
    )
    assert.deepEqual(await unexplainedAlarms(alarms.database, await idOf('own'), 10), [])
    assert.equal((await unexplainedAlarms(alarms.database, 0, 1)).length, 1)
  })

  it('may be explained by those whose condition holds, and by what these are under', async () => {
    const [root, under] = [await idOf('root'), await idOf('under')]
    const roots = await standingRoots(alarms.database, ['test/kind/root', 'test/kind/under', 'test/kind/over'])
    assert.deepEqual(
      roots.toSorted((a, b) => a.alarmId - b.alarmId),
      [
        { key: 'test/kind/root', alarmId: root, rootAlarmId: root },
        { key: 'test/kind/under', alarmId: under, rootAlarmId: root },
      ].toSorted((a, b) => a.alarmId - b.alarmId),
    )
    assert.equal(await anyRootStands(alarms.database, ['test/kind']), true)
    assert.equal(await anyRootStands(alarms.database, ['test/other']), false)
  })

  it('are those, too, whose root ended long enough ago', async () => {
    const endedAt = alarms.now + 1
    assert.deepEqual(await rootlessAlarms(alarms.database, endedAt, 0, 10), [])
    alarms.now = endedAt
    await alarms.keeper.take([said('kind', 'root', { state: 'normal', at: endedAt })])
    const subjects = async (endedBy: number) =>
      (await rootlessAlarms(alarms.database, endedBy, 0, 10)).map(({ subject }) => subject)
    assert.deepEqual(await subjects(endedAt - 1), [])
    assert.deepEqual(await subjects(endedAt), ['under'])
  })
})
