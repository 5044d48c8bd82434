import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { countQuarantine, listQuarantine, markReplayed, replayableQuarantine } from './quarantine-repository.ts'
import { addQuarantineCounts, insertQuarantine } from './repository.ts'

const at = Date.UTC(2026, 10, 21, 12)

describe('repository of quarantine', () => {
  const test = useDatabase()
  const bytes = Uint8Array.from([0, 0xff, 0x41])

  before(() =>
    test.database.transaction(async (client) => {
      const common = { topic: 'der/telemetry/pv-1', detail: 'soc: 7 must be <= 1' }
      await insertQuarantine(client, [
        { ...common, reason: 'out_of_range', receivedAt: at, deviceId: 'pv-1', payload: '{"soc":7}' },
        { ...common, reason: 'bad_json', receivedAt: at + 1, payload: bytes },
        {
          ...common,
          reason: 'out_of_range',
          receivedAt: at + 2,
          deviceId: 'pv-2\0',
          payload: '',
          topic: 'x\0'.repeat(9_000),
        },
      ])
      const tally = { reason: 'out_of_range', kept: 1, firstAt: at, lastAt: at } as const
      await addQuarantineCounts(client, [
        { ...tally, deviceId: 'pv-1', count: 3 },
        { ...tally, deviceId: '', count: 2 },
      ])
      await addQuarantineCounts(client, [
        { ...tally, deviceId: 'pv-1', count: 4, lastAt: at + 5 },
        { ...tally, deviceId: '', reason: 'bad_json', count: 1 },
      ])
    }),
  )

  it('keeps payloads byte for byte, and of topics what the database can hold', async () => {
    const [third, second, first] = await listQuarantine(test.database, { limit: 10 })
    assert.deepEqual([first!.payload.toString(), first!.receivedAt, first!.deviceId], ['{"soc":7}', at, 'pv-1'])
    assert.deepEqual([[...second!.payload], second!.deviceId], [[0, 0xff, 0x41], null])
    assert.deepEqual([third!.topic.length, third!.topic.slice(0, 2), third!.deviceId], [1_024, 'x\ufffd', 'pv-2\ufffd'])
  })

  it('finds by reason and device', async () => {
    const found = await listQuarantine(test.database, { limit: 10, reason: 'out_of_range', deviceId: 'pv-1' })
    assert.deepEqual(
      found.map(({ receivedAt }) => receivedAt),
      [at],
    )
  })

  it('hands out for replay what was not replayed yet, the oldest first', async () => {
    const [oldest, next] = await replayableQuarantine(test.database, { limit: 2 })
    assert.deepEqual([oldest!.receivedAt, next!.receivedAt], [at, at + 1])
    await markReplayed(test.database, [oldest!.id], at + 5)
    const [after] = await replayableQuarantine(test.database, { limit: 1 })
    assert.equal(after!.id, next!.id)
    const [listed] = await listQuarantine(test.database, { limit: 1, deviceId: 'pv-1' })
    assert.equal(listed!.replayedAt, at + 5)
  })

  it('adds up the counts, by reason or of one device', async () => {
    assert.deepEqual(await countQuarantine(test.database, {}), [
      { reason: 'out_of_range', count: 9, kept: 3, lastAt: at + 5 },
      { reason: 'bad_json', count: 1, kept: 1, lastAt: at },
    ])
    assert.deepEqual(await countQuarantine(test.database, { deviceId: 'pv-1' }), [
      { reason: 'out_of_range', count: 7, kept: 2, lastAt: at + 5 },
    ])
  })
})
