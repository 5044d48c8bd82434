import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { DatabaseUnavailable, type Database } from './database.ts'
import { makeRounds, roundsUntilDone } from './rounds.ts'

describe('rounds over a database', () => {
  const database = { ready: async () => undefined } as unknown as Database

  /** Makes rounds until the last of the given ones. @returns when each began, ms, and what was told of */
  async function made(results: readonly (Error | null)[], restMs: number) {
    const closing = new AbortController()
    const [began, told]: [number[], unknown[]] = [[], []]
    await makeRounds(
      database,
      {
        restMs,
        async round() {
          const result = results[began.length]
          began.push(performance.now())
          if (began.length === results.length) closing.abort()
          if (result) throw result
        },
        report: (error) => void told.push(error),
      },
      closing.signal,
    )
    return { began, told }
  }

  it('go on after one that failed, and rest the longer the more of them fail', async () => {
    const { began, told } = await made([new Error('first'), new Error('second'), null, null], 1)
    assert.deepEqual(told.map(String), ['Error: first', 'Error: second'])
    const rests = began.slice(1).map((at, index) => at - began[index]!)
    assert.ok(rests[0]! >= 495, `${rests[0]} ms after one`)
    assert.ok(rests[1]! >= 995, `${rests[1]} ms after two`)
  })

  it('end with the first that is done, and not with one that failed', async () => {
    let rounds = 0
    const told: unknown[] = []
    await roundsUntilDone(
      database,
      {
        restMs: 1,
        async round() {
          if (++rounds === 2) throw new Error('second')
          return rounds === 3
        },
        report: (error) => void told.push(error),
      },
      new AbortController().signal,
    )
    assert.deepEqual([rounds, told.map(String)], [3, ['Error: second']])
  })

  it('say nothing of a database that is away', async () => {
    const { told } = await made([new DatabaseUnavailable('away'), null], 1)
    assert.deepEqual(told, [])
  })

  it('say nothing of what fails as they end', async () => {
    const { began, told } = await made([null, new Error('cut off')], 1)
    assert.equal(began.length, 2)
    assert.deepEqual(told, [])
  })
})
