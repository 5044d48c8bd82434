import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'mocha'
import { Standing } from './standing.ts'

describe('what stands in a campaign', () => {
  const { signal } = new AbortController()
  let standing: Standing<string>
  afterEach(() => standing.stop())

  it('is asked again where the database is away, and looked at', async () => {
    let asked = 0
    let looked = 0
    standing = new Standing(
      async () => {
        if (asked++ === 0) throw new Error('the database is away')
        return ['c-1']
      },
      async () => void looked++,
    )
    assert.deepEqual(await standing.next(signal), ['c-1'])
    assert.ok(looked > 0)
  })

  it('is not gone on with once looking at it has gone wrong', async () => {
    standing = new Standing(
      async () => ['c-1'],
      () => Promise.reject(new Error('nobody can look')),
    )
    await assert.rejects(standing.next(signal), /nobody can look/)
  })
})
