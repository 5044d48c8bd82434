import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, it } from 'mocha'
import { cursorOf, enterConsumer, lockCursor, moveCursor } from './cursor.ts'
import { useDatabase } from './test-database.ts'

describe('the cursor of a consumer', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const position = (log: string, consumer: string) => cursorOf(test.database, log, consumer)

  it('moves only with the transaction it is in', async () => {
    await test.database.transaction(async (client) => {
      assert.equal(await lockCursor(client, 'readings', 'orderly'), 0)
      await moveCursor(client, 'readings', 'orderly', 7)
    })
    const failed = test.database.transaction(async (client) => {
      assert.equal(await lockCursor(client, 'readings', 'orderly'), 7)
      await moveCursor(client, 'readings', 'orderly', 8)
      throw new Error('killed before the commit')
    })
    await assert.rejects(failed, /killed/)
    assert.equal(await position('readings', 'orderly'), 7)
    assert.equal(await position('readings', 'never started'), 0)
  })

  it('is of one log: under the same name there is another one in another log', async () => {
    for (const [log, at] of [
      ['readings', 3],
      ['windows', 5],
    ] as const)
      await test.database.transaction(async (client) => {
        await lockCursor(client, log, 'same')
        await moveCursor(client, log, 'same', at)
      })
    await enterConsumer(test.database, 'windows', 'same')
    assert.deepEqual([await position('readings', 'same'), await position('windows', 'same')], [3, 5])
  })

  it('is had by one instance of a consumer at a time', async () => {
    const order: string[] = []
    const first = test.database.transaction(async (client) => {
      await lockCursor(client, 'readings', 'shared')
      order.push('first has it')
      await sleep(100)
      order.push('first is done')
    })
    await sleep(50)
    const second = test.database.transaction(async (client) => {
      await lockCursor(client, 'readings', 'shared')
      order.push('second has it')
    })
    await Promise.all([first, second])
    assert.deepEqual(order, ['first has it', 'first is done', 'second has it'])
  })
})
