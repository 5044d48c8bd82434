import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, describe, it } from 'mocha'
import { Client } from 'pg'
import type { DatabaseLogin } from '../../../platform/runtime/embedded-database.ts'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import { alarmsBegin } from '../alarms.fixture.ts'
import { KeeperProcess } from './keeper-process.fixture.ts'
import { countStorm, expectedOf, stormMessages, type Storm } from './storm.fixture.ts'

const storm: Storm = { outages: 4, metersEach: 800, faults: 800 }
/** Messages: killed after so many were confirmed, while others are offered. */
const [killEvery, inFlight] = [30, 250]

describe('kill -9 of the keeper in a storm', function () {
  this.timeout(240_000)
  const test = useDatabase()
  let keeper: KeeperProcess | undefined
  after(() => keeper?.kill())

  it('loses no occurrence and makes none twice, where what was not confirmed is said again', async () => {
    const task = { login: test.login as DatabaseLogin, now: alarmsBegin + 3_600_000, outagesSince: alarmsBegin }
    keeper = new KeeperProcess(task)
    let [confirmed, again, kills] = [0, 0, 0]
    /** In the midst of what was offered beside. */
    const kill = async (): Promise<void> => {
      kills++
      const before = keeper!
      keeper = new KeeperProcess(task)
      await before.kill()
    }
    const confirm = async (conditions: readonly Condition[]): Promise<void> => {
      for (;;) {
        const answer = await keeper!.offer(conditions).catch(() => undefined)
        if (answer && answer.refused === undefined) break
        again++
        await sleep(20)
      }
      if (++confirmed % killEvery === 0) await kill()
    }
    const messages = [...stormMessages(storm, 20)]
    for (let first = 0; first < messages.length; first += inFlight)
      await Promise.all(messages.slice(first, first + inFlight).map(confirm))
    await keeper.kill()

    const client = new Client(test.login)
    await client.connect()
    const counted = await countStorm(client)
    await client.end()
    assert.deepEqual(counted, expectedOf(storm))
    assert.ok(kills >= 5, `${kills} kills`)
    assert.ok(again > kills, 'nothing was interrupted')
    // The log has each number once, with as many transitions as it says.
    const [log] = await test.database.query(
      `select count(*)::integer as commits, max(changed)::integer - min(changed)::integer + 1 as numbers,
         sum(transitions)::integer as logged, (select count(*)::integer from alarm_transition) as written
       from alarm_change`,
    )
    const { commits, numbers, logged, written } = log as Record<string, number>
    assert.deepEqual([commits, logged], [numbers, written])
  })
})
