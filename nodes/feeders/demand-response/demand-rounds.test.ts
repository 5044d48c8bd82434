import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { waitUntil } from '../../../platform/node/waiting.fixture.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { DemandEventTold, DemandResultsTold } from '../messages.ts'
import { entered, hourMs, minuteMs, seedTown, six } from './demand.fixture.ts'
import { cancelEvent } from './enter-event.ts'
import { keepDemandResponse } from './demand-rounds.ts'
import { civilOf } from './occurrences.ts'
import { untold } from './progress-repository.ts'

describe('the rounds of demand response', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => seedTown(test.database))

  /** Makes rounds at an instant until one went well. */
  async function roundsAt(at: number, fails = false): Promise<string[]> {
    const stop = new AbortController()
    const told: string[] = []
    const errors: unknown[] = []
    let rounds = 0
    const keeping = keepDemandResponse(
      test.database,
      {
        ...{ clock: { now: () => at }, clockIsSet: () => true, civil: civilOf('America/Sao_Paulo') },
        referenceBrlPerKwh: 0,
        event({ payload: { eventId, change, isCancelled } }: DemandEventTold) {
          if (fails) throw new Error('nobody takes it')
          told.push(`${eventId} ${change}${isCancelled ? ' cancelled' : ''}`)
        },
        results({ payload: { eventId, results } }: DemandResultsTold) {
          told.push(`${eventId} results ${results.map(({ feederId, isFinal }) => `${feederId} ${isFinal}`).join(' ')}`)
        },
        progress: () => void rounds++,
        report: (error) => void errors.push(error),
      },
      stop.signal,
    )
    await waitUntil('a round', () => rounds > 0 || errors.length > 0 || undefined)
    stop.abort()
    await keeping
    return told
  }

  it('tell what begins and ends, and what came of it, each once', async () => {
    const first = await entered(test.database, { feederId: null })
    const second = await entered(test.database, { startsAt: six + hourMs })
    const never = await entered(test.database)
    await cancelEvent(test.database, never, { username: 'ana', reason: null }, six - 1)
    assert.deepEqual(await roundsAt(six - 1), [])
    // What was not taken is told again.
    assert.deepEqual(await roundsAt(six, true), [])
    assert.deepEqual(await roundsAt(six), [`${first} begun`])
    assert.deepEqual(await roundsAt(six + minuteMs), [])
    await cancelEvent(test.database, second, { username: 'ana', reason: null }, six + 1.5 * hourMs)
    assert.deepEqual(await roundsAt(six + 1.5 * hourMs), [`${second} begun`, `${second} ended cancelled`])
    const settled = six + 2 * hourMs + 15 * minuteMs
    assert.deepEqual(await roundsAt(settled), [
      `${second} results f-1 false`,
      `${first} ended`,
      `${first} results other false root false`,
    ])
    const final = await roundsAt(settled + 24 * hourMs)
    assert.deepEqual(final, [`${second} results f-1 true`, `${first} results other true root true`])
    assert.deepEqual(await untold(test.database, settled + 48 * hourMs, 10), [])
    const open = await test.database.query('select event_id from dr_event_progress where is_open')
    assert.deepEqual(open, [])
  })
})
