import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { Database } from '../../../platform/storage/database.ts'
import {
  restartableDatabase,
  type RestartableDatabase,
} from '../../../platform/storage/restartable-database.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { alarmsBegin, said, useAlarms } from '../alarms.fixture.ts'
import { defaultTable } from '../domain/default-table.ts'
import type { AlarmDefinition } from '../domain/definition.ts'
import { AlarmKeeper } from './alarm-keeper.ts'

describe('alarm keeper', function () {
  this.timeout(60_000)
  const alarms = useAlarms()

  it('makes an alarm of a condition, once however often it is said', async () => {
    const [first] = await alarms.keeper.take([said('outage', 'sw-1', { feederId: 'f-1', value: 3 })])
    const [again] = await alarms.keeper.take([said('outage', 'sw-1', { feederId: 'f-1', value: 3 })])
    assert.deepEqual([first!.transitions.length, again!.transitions.length], [1, 0])
    assert.equal(again!.alarmId, first!.alarmId)
    assert.deepEqual(await alarms.history(first!.alarmId), ['activated A B 1'])
  })

  it('keeps the order of conditions of the same key, and each occurrence', async () => {
    const changed = await alarms.keeper.take([
      said('outage', 'sw-2'),
      said('outage', 'sw-2', { state: 'normal', at: alarmsBegin + 1 }),
      said('outage', 'sw-2', { at: alarmsBegin + 2 }),
    ])
    assert.deepEqual(await alarms.history(changed[0]!.alarmId), [
      'activated A B 1',
      'returned B D 1',
      'activated D B 2',
    ])
  })

  it('lets time pass: what is shelved comes back', async () => {
    const [changed] = await alarms.keeper.take([said('outage', 'sw-3')])
    const by = { username: 'ana', reason: 'works' }
    await alarms.act(changed!.alarmId, { type: 'shelve', until: alarms.now + 60_000 }, by)
    alarms.now += 60_001
    const history = await waitUntil('its return', async () => {
      const lines = await alarms.history(changed!.alarmId)
      return lines.length === 3 && lines
    })
    assert.deepEqual(history, ['activated A B 1', 'shelved B G 1', 'shelving-ended G B 2'])
    assert.deepEqual(alarms.faults, [])
  })
})

describe('alarms that stand', function () {
  this.timeout(60_000)
  const alarms = useAlarms()
  const redefine = (more: Partial<AlarmDefinition>): void => {
    alarms.table = { ...defaultTable, definitionOf: (place) => ({ ...defaultTable.definitionOf(place), ...more }) }
  }

  it('follow the master alarm table once it says something else', async () => {
    const [changed] = await alarms.keeper.take([said('outage', 'sw-1', { priority: 'low' })])
    await alarms.act(changed!.alarmId, { type: 'acknowledge', occurrence: 1 }, { username: 'ana', reason: 'seen' })
    redefine({ priority: 'critical' })
    await waitUntil('its new priority', async () => (await alarms.listing())[0]!.priority === 'critical')
    assert.deepEqual(await alarms.history(changed!.alarmId), ['activated A B 1', 'acknowledged B C 1', 'raised C B 2'])
  })

  it('are due by the delays that it says now', async () => {
    redefine({ onDelayMs: 3_600_000 })
    const [changed] = await alarms.keeper.take([said('outage', 'sw-2', { at: alarms.now })])
    assert.equal((await alarms.listing())[1]!.state, 'A')
    redefine({ onDelayMs: 0 })
    await waitUntil('its alarm', async () => (await alarms.listing())[1]!.state === 'B')
    assert.deepEqual(await alarms.history(changed!.alarmId), ['activated A B 1'])
    assert.deepEqual(alarms.faults, [])
  })
})

describe('two keepers over one database', function () {
  this.timeout(120_000)
  const alarms = useAlarms()

  it('come to what one would have come to, whatever is said to whom', async () => {
    const options = {
      ...{ clock: { now: () => alarms.now }, clockIsSet: () => true, table: () => defaultTable, causes: () => [] },
      ...{ historyMs: 1e12, report: (fault: unknown) => assert.fail(String(fault)) },
    }
    alarms.now += 10_000
    const other = new AlarmKeeper(alarms.database, options)
    try {
      const turns = Array.from({ length: 40 }, (_, turn) =>
        Array.from({ length: 25 }, (_, index) =>
          said('shared', `s-${(index * 7 + turn) % 30}`, {
            state: turn % 2 === 0 ? 'active' : 'normal',
            at: alarmsBegin + turn,
          }),
        ),
      )
      // Each turn is said to both, in another order.
      for (const turn of turns)
        await Promise.all([alarms.keeper.take(turn), other.take(turn.toReversed()), other.take(turn.slice(0, 9))])
      for (const { alarmId, key, occurrence, state } of await alarms.listing()) {
        const subject = key.split('/')[2]
        const mine = turns.filter((turn) => turn.some((condition) => condition.subject === subject))
        const activations = mine.filter((turn, index) => {
          const before = mine[index - 1]?.[0]!.state ?? 'normal'
          return turn[0]!.state === 'active' && before === 'normal'
        }).length
        assert.equal(occurrence, activations, key)
        assert.equal(state === 'B', mine.at(-1)![0]!.state === 'active', key)
        assert.equal((await alarms.history(alarmId)).filter((line) => line.startsWith('activated')).length, activations)
      }
    } finally {
      await other.close()
    }
  })
})

describe('conditions while the database is away', function () {
  this.timeout(120_000)
  let restartable: RestartableDatabase
  let database: Database
  before(async () => {
    restartable = await restartableDatabase()
    database = new Database(restartable.server.running)
    await database.ready()
  })
  after(async () => {
    await database.close()
    await restartable.remove()
  })

  it('wait, and are stored once it is back', async () => {
    const faults: unknown[] = []
    const keeper = new AlarmKeeper(database, {
      ...{ clock: { now: () => alarmsBegin }, clockIsSet: () => true, table: () => defaultTable, causes: () => [] },
      ...{ historyMs: 1e12, report: (fault: unknown) => void faults.push(fault) },
    })
    try {
      await keeper.take([said('outage', 'sw-0')])
      await restartable.kill()
      const waiting = Array.from({ length: 20 }, (_, index) => keeper.take([said('outage', `sw-${index + 1}`)]))
      await waitUntil('its absence', () => !database.state.up)
      assert.ok(keeper.waiting > 0)
      await restartable.start()
      const changed = (await Promise.all(waiting)).flat()
      assert.equal(changed.length, 20)
      const [counted] = await database.query('select count(*)::integer as alarms from alarm where occurrence = 1')
      assert.deepEqual(counted, { alarms: 21 })
      assert.deepEqual(faults, [])
    } finally {
      await keeper.close()
    }
  })
})

describe('a keeper before its clock was told or its table was read', function () {
  this.timeout(60_000)
  const test = useDatabase()

  it('lets conditions wait, and nothing happen', async () => {
    const now = { isSet: false, table: undefined as typeof defaultTable | undefined }
    const keeper = new AlarmKeeper(test.database, {
      ...{ clock: { now: () => alarmsBegin }, clockIsSet: () => now.isSet, table: () => now.table, causes: () => [] },
      ...{ historyMs: 1e12, report: (fault: unknown) => assert.fail(String(fault)) },
    })
    try {
      let stored = false
      const taken = keeper.take([said('outage', 'sw-1')]).then(() => (stored = true))
      now.isSet = true
      await test.database.query('select 1')
      assert.ok(!stored)
      now.table = defaultTable
      await taken
    } finally {
      await keeper.close()
    }
  })
})
