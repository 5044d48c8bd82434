import assert from 'node:assert/strict'
import { once } from 'node:events'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { conditionKey, type Condition } from '../../../platform/wire/condition.ts'
import { changeAlarms } from '../keeper/change-alarms.ts'
import { keepAlarms } from '../keeper/running-alarms.ts'
import { nothingChanged, shippedDefinition } from '../domain/table-overrides.ts'
import { changeTable } from './change-table.ts'
import { keepTable, tableNow } from './running-table.ts'
import { newestVersion } from './table-repository.ts'

const key = 'platform~broker-lost~*~*'
const place = { area: 'platform', kind: 'broker-lost', feederId: null, subject: 'broker' }

const condition: Condition = {
  ...{
    key: conditionKey('platform', 'broker-lost', 'broker'),
    area: 'platform',
    kind: 'broker-lost',
    subject: 'broker',
  },
  ...{ state: 'active', at: Date.now() - 3_600_000, priority: 'medium' },
  text: { message: 'platform.broker-lost', parameters: {} },
}

describe('the master alarm table in memory', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const keep = () => keepTable(test.database, (error) => assert.fail(String(error)))
  const setPriority = async (priority: 'low' | 'critical') => {
    const definition = { ...shippedDefinition(key)!, priority }
    const base = await newestVersion(test.database)
    const by = { reason: 'test', changedBy: 'test', changedAt: Date.UTC(2026, 2, 1) }
    const definitions = new Map([[key, definition]])
    return changeTable(test.database, base, by, () => ({ ...nothingChanged, definitions }))
  }

  it('is one for all who want it, and follows what others change', async () => {
    const [one, other] = [keep(), keep()]
    assert.equal(one.keeper, other.keeper)
    assert.equal((await one.keeper.ready()).definitionOf(place).priority, 'high')
    await one.release()
    await one.release()
    const changed = once(other.keeper, 'change')
    const { version } = await setPriority('critical')
    await changed
    assert.equal(other.keeper.table?.version, version)
    assert.equal(other.keeper.table?.definitionOf(place).priority, 'critical')
    assert.equal(await tableNow(test.database), other.keeper.table)
    await other.release()
  })

  it('is followed by alarms that stand: a raised priority asks again who has acknowledged', async () => {
    await setPriority('low')
    const { kept, release } = keepAlarms(test.database, (error) => assert.fail(String(error)))
    const alarmOf = async () => {
      const [row] = await test.database.query<{ alarmId: number; state: string; priority: string; occurrence: number }>(
        `select alarm_id::integer as "alarmId", state, priority, occurrence from alarm where key = $1`,
        [condition.key],
      )
      return row!
    }
    try {
      await kept.take([condition])
      const { alarmId, priority, occurrence } = await alarmOf()
      assert.deepEqual([priority, occurrence], ['low', 1])
      const acknowledgement = {
        alarmId,
        event: { type: 'acknowledge', occurrence },
        by: { username: 'ana', reason: null },
      } as const
      const table = await tableNow(test.database)
      await test.database.transaction((client) => changeAlarms(client, [acknowledgement], table, Date.now()))
      assert.equal((await alarmOf()).state, 'C')
      await setPriority('critical')
      await waitUntil('the alarm asks again', async () => (await alarmOf()).state === 'B')
      const again = await alarmOf()
      assert.deepEqual([again.priority, again.occurrence], ['critical', 2])
    } finally {
      await release()
    }
  })

  it('is what was changed while nobody kept it', async () => {
    await setPriority('low')
    assert.equal((await tableNow(test.database)).definitionOf(place).priority, 'low')
    const { keeper, release } = keep()
    assert.equal((await keeper.ready()).definitionOf(place).priority, 'low')
    await release()
    await assert.rejects(keeper.ready(AbortSignal.timeout(1_000)))
  })
})
