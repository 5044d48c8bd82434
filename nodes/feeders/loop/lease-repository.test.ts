import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { holdLeases, raiseToken, releaseLeases, stillHolds } from './lease-repository.ts'

const now = Date.UTC(2026, 2, 2, 15)

describe('leases of root feeders', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const hold = async (holder: string, at: number, ...roots: string[]) =>
    (await holdLeases(test.database, roots, holder, at, 10_000))
      .toSorted((one, other) => (one.rootId < other.rootId ? -1 : 1))
      .map(({ rootId, token }) => `${rootId} ${token - now}`)

  it('are held by one, renewed without a new token, and taken by another once they are over', async () => {
    assert.deepEqual(await hold('a', now, 'f-0', 'g-0'), ['f-0 0', 'g-0 0'])
    assert.deepEqual(await hold('b', now + 9_999, 'f-0', 'g-0', 'h-0'), ['h-0 9999'])
    assert.deepEqual(await hold('a', now + 5_000, 'f-0'), ['f-0 0'])
    assert.deepEqual(await hold('b', now + 10_000, 'f-0', 'g-0'), ['g-0 10000'])
    assert.deepEqual(await hold('a', now + 12_000, 'f-0', 'g-0'), ['f-0 0'])
  })

  it('have tokens that only grow, though the wall clock goes back', async () => {
    assert.deepEqual(await hold('c', now - 3_600_000, 'i-0'), ['i-0 10001'])
    assert.deepEqual(await hold('c', now + 20_000, 'g-0'), ['g-0 20000'])
  })

  it('are given back, so that the next need not wait', async () => {
    await releaseLeases(test.database, 'a', now + 13_000)
    assert.equal((await hold('d', now + 13_000, 'f-0')).length, 1)
  })

  it('are held until the end of the transaction that asked', async () => {
    const [lease] = await holdLeases(test.database, ['j-0'], 'a', now, 1_000)
    await test.database.transaction(async (client) => {
      assert.ok(await stillHolds(queriesOf(client), lease!, 'a'))
      const taking = holdLeases(test.database, ['j-0'], 'b', now + 5_000, 1_000)
      const first = await Promise.race([
        taking.then(() => 'taken'),
        client.query('select pg_sleep(0.2)').then(() => 'held'),
      ])
      assert.equal(first, 'held')
      void taking
    })
    assert.ok(!(await stillHolds(test.database, { ...lease!, token: lease!.token + 1 }, 'a')))
  })

  it('have a higher token for devices that have heard one under another root', async () => {
    const [lease] = await holdLeases(test.database, ['k-0'], 'a', now, 1_000)
    const raised = await raiseToken(test.database, lease!, 'a', now + 99_000_000)
    assert.equal(raised!.token, now + 99_000_001)
    assert.equal(await raiseToken(test.database, lease!, 'a', now), undefined)
  })
})
