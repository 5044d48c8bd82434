import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'mocha'
import { appendBatch, batchesAfter, batchesBehind, batchLog, lagAfter, nextBatchId } from './batch-log.ts'
import { lockCursor, moveCursor } from './cursor.ts'
import { useDatabase } from './test-database.ts'

const at = Date.UTC(2026, 10, 21, 12)

describe('batch log', function () {
  this.timeout(60_000)
  const test = useDatabase()

  const append = (readings: number) =>
    test.database.transaction(async (client) => {
      const batchId = await nextBatchId(client)
      const position = await appendBatch(client, {
        ...{ batchId, readings, events: 0, firstAt: at, lastAt: at + 1, committedAt: at + 2 },
      })
      return { batchId, position }
    })
  const after = (position: number, maxReadings: number) =>
    test.database.transaction((client) => batchesAfter(client, position, maxReadings))

  it('gives a reader every commit once and in order, with writers that race and fail', async () => {
    const committed: number[] = []
    const writer = async (seed: number): Promise<void> => {
      for (let n = 0; n < 40; n++) {
        const position = await test.database
          .transaction(async (client) => {
            const batchId = await nextBatchId(client)
            await sleep((seed * 7 + n * 3) % 5)
            const mine = await appendBatch(client, {
              ...{ batchId, readings: 1, events: 0, firstAt: at, lastAt: at, committedAt: at },
            })
            await sleep((seed * 5 + n) % 4)
            if ((seed + n) % 6 === 0) throw new Error('killed before the commit')
            return mine
          })
          .catch(() => undefined)
        if (position !== undefined) committed.push(position)
      }
    }
    let writing = true
    const seen: number[] = []
    const reader = async (): Promise<void> => {
      for (let last = false; !last;) {
        last = !writing
        const batches = await after(seen.at(-1) ?? 0, 3)
        for (const { position } of batches) seen.push(position)
        if (batches.length > 0) last = false
      }
    }
    const reading = reader()
    await Promise.all([1, 2, 3, 4, 5].map(writer))
    writing = false
    await reading
    assert.ok(committed.length > 100)
    assert.deepEqual(
      seen,
      committed.toSorted((one, other) => one - other),
    )
  })

  it('hands out as many commits as make up the readings asked for, and at least one', async () => {
    const first = await append(10)
    const others = [await append(10), await append(10), await append(100)]
    const from = first.position - 1
    assert.deepEqual(
      (await after(from, 25)).map(({ position }) => position),
      [first, ...others.slice(0, 2)].map(({ position }) => position),
    )
    assert.equal((await after(others[1]!.position, 1)).length, 1)
    assert.deepEqual(await after(others[2]!.position, 1_000), [])
  })

  it('keeps the numbers and the instants of a commit', async () => {
    const { batchId, position } = await append(2)
    assert.deepEqual(await after(position - 1, 1), [
      { position, batchId, readings: 2, events: 0, firstAt: at, lastAt: at + 1 },
    ])
  })

  it('counts how many commits a consumer has not taken', async () => {
    const { position } = await append(1)
    await test.database.transaction(async (client) => {
      await lockCursor(client, batchLog.name, 'windows')
      await moveCursor(client, batchLog.name, 'windows', position)
    })
    await append(1)
    assert.equal(await batchesBehind(test.database, 'windows'), 1)
    const [log] = await test.database.query<{ commits: number }>('select count(*)::integer as commits from batch_log')
    assert.equal(await batchesBehind(test.database, 'never started'), log!.commits)
  })

  it('counts what is left after a position, and how old it is', async () => {
    const first = await append(3)
    assert.deepEqual(await lagAfter(test.database, first.position), { batches: 0, readings: 0, oldestAt: null })
    await append(5)
    assert.deepEqual(await lagAfter(test.database, first.position - 1), { batches: 2, readings: 8, oldestAt: at + 2 })
  })
})
