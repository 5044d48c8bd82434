import assert from 'node:assert/strict'
import { useDatabase } from '../storage/test-database.ts'
import { queriesOf } from '../storage/queries.ts'
import { changeRecord, createRecord } from './change-registry.ts'
import { importNetwork } from './import/import.ts'
import { recordKinds } from './record-kinds.ts'
import { doesNotGo, newStrains, provideRegistryCheck, withinChecks, type Strain } from './registry-check.ts'

const strain = (of: string, by: number): Strain => ({ of, by, told: `${of} by ${by}` })

describe('what an area finds that does not go', () => {
  it('is told where it is new or worse, and not where it was so before', () => {
    const before = [strain('a', 1), strain('b', 2), strain('c', 3)]
    const after = [strain('a', 1), strain('b', 2.5), strain('c', 2), strain('d', 0.1)]
    assert.deepEqual(
      newStrains(before, after).map(({ of }) => of),
      ['b', 'd'],
    )
  })

  it('is a conflict, with the first of what does not go', () => {
    const { status, code, message } = doesNotGo(Array.from({ length: 7 }, (_, n) => strain(`f-${n}`, 1)))
    assert.deepEqual([status, code], [409, 'beyond-limit'])
    assert.equal(message, 'f-0 by 1; f-1 by 1; f-2 by 1; f-3 by 1; f-4 by 1; … and 2 more')
  })

  describe('with the registry', () => {
    const store = useDatabase()
    // Feeders whose limit is below 10 kW, and how far.
    provideRegistryCheck(async (queries) => {
      const rows = await queries.query<{ feederId: string; limitKw: number }>(
        `select feeder_id as "feederId", limit_kw as "limitKw" from feeder where limit_kw < 10 and feeder_id like 'check-%'`,
      )
      return rows.map(({ feederId, limitKw }) => strain(feederId, 10 - limitKw))
    })
    const feeder = recordKinds.find(({ table }) => table === 'feeders')!
    const limitOf = async (feederId: string) =>
      (
        await store.database.query<{ kw: number }>('select limit_kw as kw from feeder where feeder_id = $1', [feederId])
      )[0]?.kw

    it('refuses a record and a file, and nothing is written', async () => {
      const refusal = { message: 'check-1 by 3' }
      await assert.rejects(createRecord(store.database, feeder, { feederId: 'check-1', limitKw: 7 }), refusal)
      const file = { name: 'feeders.csv', bytes: Buffer.from('feeder_id,limit_kw\ncheck-0,50\ncheck-1,7\n') }
      await assert.rejects(importNetwork(store.database, [file], { timeZone: 'UTC' }), refusal)
      await assert.rejects(importNetwork(store.database, [file], { timeZone: 'UTC', dryRun: true }), refusal)
      assert.deepEqual([await limitOf('check-0'), await limitOf('check-1')], [undefined, undefined])
    })

    it('lets what did not go before go on, as long as it becomes no worse', async () => {
      await store.database.query(`insert into feeder (feeder_id, limit_kw) values ('check-2', 5)`)
      await changeRecord(store.database, feeder, 'check-2', { name: 'Two' })
      await changeRecord(store.database, feeder, 'check-2', { limitKw: 8 })
      await assert.rejects(changeRecord(store.database, feeder, 'check-2', { limitKw: 7 }), { message: 'check-2 by 3' })
      assert.equal(await limitOf('check-2'), 8)
    })

    it('gives back what the change gives', async () => {
      const answer = await store.database.transaction((client) =>
        withinChecks(queriesOf(client), () => Promise.resolve(7)),
      )
      assert.equal(answer, 7)
    })
  })
})
