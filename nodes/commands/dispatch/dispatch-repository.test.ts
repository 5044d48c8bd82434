import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { nextControlNumbers } from './dispatch-repository.ts'

describe('control numbers', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const next = (...deviceIds: string[]) =>
    test.database.transaction(async (client) => [...(await nextControlNumbers(client, deviceIds))])

  it('grow for each device by itself, with the epoch before them', async () => {
    assert.deepEqual(await next('a'), [['a', 1_000_000_001]])
    assert.deepEqual(
      new Map(await next('b', 'a')),
      new Map([
        ['a', 1_000_000_002],
        ['b', 1_000_000_001],
      ]),
    )
    await test.database.query('update command_progress set epoch = 7')
    assert.deepEqual(await next('a'), [['a', 7_000_000_003]])
  })

  it('are given to one at a time: who comes meanwhile gets none, and waits for nobody', async () => {
    await next('c', 'd')
    await test.database.transaction(async (client) => {
      await nextControlNumbers(client, ['c'])
      assert.deepEqual(
        (await next('c', 'd')).map(([deviceId]) => deviceId),
        ['d'],
      )
    })
    assert.deepEqual(
      (await next('c')).map(([deviceId]) => deviceId),
      ['c'],
    )
  })

  it('of a transaction that is undone are given again: nothing was sent with them', async () => {
    const [[, before]] = (await next('e')) as [[string, number]]
    await assert.rejects(
      test.database.transaction(async (client) => {
        await nextControlNumbers(client, ['e'])
        throw new Error('undone')
      }),
      /undone/,
    )
    assert.deepEqual(await next('e'), [['e', before + 1]])
  })
})
