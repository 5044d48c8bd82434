import assert from 'node:assert/strict'
import { afterEach, before, beforeEach, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { alarmsBegin, useAlarms } from '../alarms.fixture.ts'
import { masterTable } from '../domain/master-table.ts'
import type { Rule } from '../domain/rules/rule.ts'
import { limit, ruleOf } from '../domain/rules/rules.fixture.ts'
import { enterRules } from './enter-rules.ts'
import { enterAtEnd, followerName, positionOf, stopFollowing } from './follow-repository.ts'
import { buildMeters, storeReadings, type GivenReading } from './read-field.fixture.ts'
import { RuleFollower } from './rule-follower.ts'

const minuteMs = 60_000

describe('rules that judge what is stored', function () {
  this.timeout(60_000)
  const test = useAlarms()
  const followers: RuleFollower[] = []
  const faults: unknown[] = []
  const high = ruleOf(limit('H', 100, 10), { name: 'high', priority: 'high', textEn: 'Too much', textPt: 'Demais' })
  const silent = ruleOf({ type: 'stale', afterS: 600 }, { name: 'silent' })
  let begin = alarmsBegin

  before(() => buildMeters(test.database, 30))
  beforeEach(() => {
    begin += 24 * 60 * minuteMs
    // Later than every reading.
    test.now = begin + 60 * minuteMs
  })
  afterEach(async () => {
    await Promise.all(followers.splice(0).map((follower) => follower.close()))
    assert.deepEqual(faults, [])
    await enter([])
  })

  const enter = (rules: readonly Rule[]): Promise<void> =>
    test.database.transaction(async (client) => {
      await enterRules(client, 'node-1', rules, { isInFlows: () => true, table: test.table, now: test.now })
      if (rules.length > 0) await enterAtEnd(queriesOf(client), 'node-1', test.now)
      else await stopFollowing(queriesOf(client), 'node-1')
    })
  const follow = (rules: readonly Rule[], database = test.database): RuleFollower => {
    const follower = new RuleFollower(database, rules, {
      ...{ nodeId: 'node-1', clock: { now: () => test.now }, clockIsSet: () => true, table: () => test.table },
      feederOf: (deviceId) => (deviceId.endsWith('0') ? 'f-2' : 'f-1'),
      report: (error) => faults.push(error),
    })
    followers.push(follower)
    return follower
  }
  const start = async (rules: readonly Rule[]): Promise<RuleFollower> => {
    await enter(rules)
    return follow(rules)
  }
  const store = (...readings: GivenReading[]): Promise<void> => storeReadings(test.database, readings)
  const reading = (device: string, minutes: number, kw: number): GivenReading => ({
    ...{ device, at: begin + minutes * minuteMs, kw },
  })
  const caughtUp = () =>
    waitUntil('the follower', async () => {
      const [last] = await test.database.query<{ position: number }>(
        'select max(position)::float8 as position from batch_log',
      )
      return (await positionOf(test.database, followerName('node-1'))) === last!.position
    })
  const standing = async (): Promise<string[]> => {
    const rows = await test.database.query<{ key: string }>(
      `select key from alarm
       where area = 'rules' and said_active and said_at >= to_timestamp($1::float8 / 1000)
         and exists (select from meter_reading r join device using (device_key)
           where device_id = alarm.device_id and r.at >= to_timestamp($1::float8 / 1000))
       order by key`,
      [begin],
    )
    return rows.map(({ key }) => key)
  }
  const stands = (...keys: string[]) =>
    waitUntil(`${keys.join(', ')} to stand`, async () => (await standing()).join() === keys.join())

  it('make alarms of readings, with place, value, limit and text, and end them past the deadband', async () => {
    await start([high])
    await store(reading('m-1', 0, 99), reading('m-2', 0, 101), reading('m-10', 0, 300))
    await stands('rules/high/m-10', 'rules/high/m-2')
    const [alarm] = await test.database.query<Record<string, unknown>>(
      `select feeder_id, device_id, priority, value, limit_value, value_unit, text, state from alarm where key = 'rules/high/m-10'`,
    )
    assert.deepEqual(alarm, {
      ...{
        feeder_id: 'f-2',
        device_id: 'm-10',
        priority: 'high',
        value: 300,
        limit_value: 100,
        value_unit: 'kW',
        state: 'B',
      },
      text: {
        message: 'rules.holds',
        parameters: { rule: { en: 'Too much', pt: 'Demais' }, found: 300, unit: 'kW' },
      },
    })
    await store(reading('m-2', 1, 95), reading('m-10', 1, 90))
    await stands('rules/high/m-2')
  })

  it('look at what is so when they are new: what was stored before is judged by the newest reading', async () => {
    await store(reading('m-3', 0, 200), reading('m-4', 0, 200), reading('m-4', 1, 50))
    await start([high])
    await stands('rules/high/m-3')
  })

  it('say no reading for so long by the clock, and end it with the next reading', async () => {
    test.now = begin
    await start([silent])
    await store(reading('m-5', 0, 1), reading('m-6', 0, 1))
    await caughtUp()
    test.now = begin + 9 * minuteMs
    await store(reading('m-6', 9, 1))
    await caughtUp()
    test.now = begin + 15 * minuteMs
    await waitUntil('m-5', async () => (await standing()).includes('rules/silent/m-5'))
    const [alarm] = await test.database.query<{ at: number }>(
      `select extract(epoch from said_at)::float8 * 1000 as at from alarm where key = 'rules/silent/m-5'`,
    )
    assert.equal(alarm!.at, begin + 10 * minuteMs)
    assert.ok(!(await standing()).includes('rules/silent/m-6'))
    await store(reading('m-5', 15, 1))
    await waitUntil('m-5 to be back', async () => !(await standing()).includes('rules/silent/m-5'))
  })

  it('remember after a restart what holds within its deadband, and take no late reading for a new one', async () => {
    const follower = await start([high])
    await store(reading('m-7', 5, 101), reading('m-8', 5, 50))
    await stands('rules/high/m-7')
    await store(reading('m-7', 6, 95))
    await caughtUp()
    await follower.close()
    followers.splice(0)
    await store(reading('m-7', 7, 95), reading('m-8', 4, 300))
    follow([high])
    await caughtUp()
    assert.deepEqual(await standing(), ['rules/high/m-7'])
  })

  it('lose nothing and do nothing twice when they are killed in the midst of it', async () => {
    // At rest, whatever was before.
    const minutes = Array.from({ length: 40 }, (_, minute) => minute + 1)
    await store(...Array.from({ length: 30 }, (_, n) => reading(`m-${n + 1}`, 0, 50)))
    await enter([])
    await enter([high])
    const connections = [1, 2, 3].map(() => new Database(test.login))
    const writing = (async () => {
      for (const minute of minutes)
        await store(...Array.from({ length: 30 }, (_, n) => reading(`m-${n + 1}`, minute, minute % 2 === 1 ? 200 : 50)))
    })()
    for (const connection of connections) {
      await connection.ready()
      const follower = follow([high], connection)
      await waitUntil('some of it', async () => (await positionOf(test.database, followerName('node-1'))) > 0)
      await test.database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and datname = current_database() and query like '%alarm%'`,
      )
      if (connection !== connections.at(-1)) await follower.close()
    }
    await writing
    await caughtUp()
    for (const follower of followers.splice(0)) await follower.close()
    await Promise.all(connections.map((connection) => connection.close()))
    // What went away under them is told; nothing else is.
    assert.ok(faults.splice(0).every((fault) => /terminat|connection/i.test(String(fault))))
    const rows = await test.database.query<{ key: string; activated: number; returned: number }>(
      `select key, count(*) filter (where t.kind = 'activated')::integer as activated,
         count(*) filter (where t.kind = 'returned')::integer as returned
       from alarm join alarm_transition t using (alarm_id)
       where t.at >= to_timestamp($1::float8 / 1000) and alarm.kind = 'high' group by key`,
      [begin],
    )
    assert.equal(rows.length, 30)
    assert.deepEqual([...new Set(rows.map(({ activated, returned }) => `${activated} ${returned}`))], ['20 20'])
  })

  it('are one, where two instances follow', async () => {
    await enter([high])
    follow([high])
    follow([high])
    for (let minute = 0; minute <= 10; minute++) await store(reading('m-9', minute, minute % 2 === 1 ? 200 : 50))
    await caughtUp()
    const rows = await test.database.query(
      `select t.kind from alarm join alarm_transition t using (alarm_id)
       where key = 'rules/high/m-9' and t.kind = 'activated' and t.at >= to_timestamp($1::float8 / 1000)`,
      [begin],
    )
    assert.equal(rows.length, 5)
  })

  it('are taken back where a deploy removes or changes them, and say again what is so', async () => {
    const follower = await start([high, silent])
    await store(reading('m-11', 0, 200))
    await stands('rules/high/m-11')
    await follower.close()
    followers.splice(0)
    await enter([{ ...high, text: { en: 'Other words', pt: 'Outras palavras' } }])
    assert.deepEqual(await standing(), ['rules/high/m-11'])
    const higher = ruleOf(limit('H', 150, 10), { name: 'high' })
    await enter([higher])
    assert.deepEqual(await standing(), [])
    follow([higher])
    await stands('rules/high/m-11')
    for (const each of followers.splice(0)) await each.close()
    await enter([])
    assert.deepEqual(await standing(), [])
    assert.deepEqual(await test.database.query('select * from alarm_rule_state'), [])
  })

  it('follow the master alarm table from its next version on: set point and deadband', async () => {
    const shipped = test.table
    await start([high])
    await store(reading('m-12', 0, 80))
    await caughtUp()
    const entry = {
      ...shipped.definitionOf({ area: 'rules', kind: 'high', feederId: null, subject: 'm-12' }),
      ...{ scope: { area: 'rules', kind: 'high', feederId: null, subject: 'm-12' }, setPoint: 70 },
    }
    test.table = masterTable(shipped.version + 1, [...shipped.definitions, entry], shipped.classes)
    await store(reading('m-12', 1, 80), reading('m-13', 1, 80))
    await stands('rules/high/m-12')
    test.table = shipped
  })

  it('refuse a name that another node has', async () => {
    await enter([high])
    const other = test.database.transaction((client) =>
      enterRules(client, 'node-2', [high], { isInFlows: () => true, table: test.table, now: test.now }),
    )
    await assert.rejects(other, { name: 'RuleNameTaken', message: /^rule "high" is a rule of node node-1 already/ })
    await test.database.transaction((client) =>
      enterRules(client, 'node-2', [high], { isInFlows: (id) => id !== 'node-1', table: test.table, now: test.now }),
    )
    await test.database.transaction((client) =>
      enterRules(client, 'node-2', [], { isInFlows: () => true, table: test.table, now: test.now }),
    )
  })
})
