import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { Client } from 'pg'
import type { Queries } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { AlarmFilter } from './alarm-filter.ts'
import { alarmOrders, countAlarms, listAlarms } from './alarm-repository.ts'
import { seedManyAlarms } from './seeded-alarms.fixture.ts'

const at = Date.UTC(2026, 2, 10, 12)
const all: AlarmFilter = { grouped: true, scope: null }

describe('queries of alarms that stand, among many that do not', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(async () => {
    await seedManyAlarms(test.database, 5_000, at)
    const owner = new Client(test.owner)
    await owner.connect()
    await owner.query('vacuum analyze alarm')
    await owner.end()
  })

  /** How PostgreSQL answers what is asked. */
  async function planOf(ask: (queries: Queries) => Promise<unknown>): Promise<string> {
    let plan = ''
    await ask({
      async query(text, values) {
        const rows = await test.database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values)
        plan = rows.map((row) => row['QUERY PLAN']).join('\n')
        return []
      },
    })
    return plan
  }

  for (const [name, filter] of Object.entries<AlarmFilter>({
    'without a filter': all,
    'by priority and area': { ...all, priority: 'high', area: 'voltage' },
    'by a subject that is not there': { ...all, subject: 'nowhere', grouped: false },
    'by unit': { ...all, unitId: 'unit-17', grouped: false },
    'by time and flags': { ...all, since: at - 3_600_000, active: true, hidden: false, shelved: false },
    'by feeder': { ...all, feederId: 'feeder-01' },
    'by what somebody answers for': { ...all, scope: new Set(['feeder-01/*', '*/voltage', 'engineer']) },
    'that have escalated to a role': { ...all, escalatedTo: 'engineer', escalated: true },
    'of a root': { ...all, rootAlarmId: 3, grouped: false },
  }))
    it(`read no alarm that does not stand: ${name}`, async () => {
      for (const order of alarmOrders)
        for (const after of [undefined, { priority: 'medium', at: at - 1_000_000, alarmId: 77 } as const]) {
          const plan = await planOf((queries) => listAlarms(queries, filter, order, { after, limit: 101 }))
          assert.doesNotMatch(plan, /Seq Scan on alarm/, plan)
        }
      const plan = await planOf((queries) => countAlarms(queries, filter))
      assert.doesNotMatch(plan, /Seq Scan on alarm/, plan)
    })
})
