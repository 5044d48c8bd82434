import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { Registry } from '../../platform/network/registry.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { Replay } from './replay.ts'
import { insertQuarantine } from './repository.ts'
import { batteryBody } from './telemetry-flow.fixture.ts'

describe('a replay', function () {
  this.timeout(60_000)
  let registry: Registry
  let replay: Replay
  // Before the database goes: it would be asked once more.
  after(() => registry.close())
  const test = useDatabase()
  const now = Date.now()

  before(async () => {
    await test.database.query(
      `insert into device (device_id, kind, der_type, status) values ('bat', 'der', 'battery', 'active'),
         ('out', 'der', 'battery', 'rejected')`,
    )
    registry = new Registry(test.database, 'quarantine', (error) => assert.fail(String(error)))
    await registry.ready()
    replay = new Replay({ database: test.database, registry, environment: readEnvironment({}) })
  })

  async function keep(topic: string, payload: unknown, receivedAt = now): Promise<number> {
    await test.database.transaction((client) =>
      insertQuarantine(client, [
        { reason: 'awaiting_approval', topic, payload: JSON.stringify(payload), detail: '', receivedAt },
      ]),
    )
    const [row] = await test.database.query<{ id: number }>('select max(quarantine_id)::float8 as id from quarantine')
    return row!.id
  }

  it('puts each object of a payload where it belongs', async () => {
    const at = now - 5_000
    const id = await keep('der/telemetry/bat', [
      ...[batteryBody('bat', at, 1), batteryBody('bat', at, 1), batteryBody('bat', at + 1, 2)],
      { ...batteryBody('bat', at, 1), p_actual_kw: 'much' },
    ])
    const replayed = (await replay.replay(id))!
    assert.deepEqual([replayed.stored, replayed.duplicates, replayed.quarantined], [2, 1, 1])
    assert.deepEqual(
      replayed.refusals.map(({ reason }) => reason),
      ['bad_value'],
    )
    assert.deepEqual(
      { ...(await replay.replay(id))! },
      {
        ...{ stored: 0, duplicates: 0, quarantined: 0, refusals: [], replayedAt: replayed.replayedAt, before: true },
      },
    )
  })

  it('goes by the time at which it was received', async () => {
    const receivedAt = now - 60 * 86_400_000
    const id = await keep('der/telemetry/bat', batteryBody('bat', receivedAt - 1_000, 7), receivedAt)
    assert.equal((await replay.replay(id))!.stored, 1, 'sixty days old, and a second when it came')
  })

  it('says why it was refused again, a few times', async () => {
    const bodies = Array.from({ length: 30 }, (_, n) => batteryBody('out', now + n, 1))
    const { quarantined, refusals } = (await replay.replay(await keep('der/telemetry/out', bodies)))!
    assert.deepEqual(
      [quarantined, refusals.length, refusals[0]],
      [...[30, 20, { reason: 'device_rejected', detail: 'device out' }]],
    )
  })

  it('takes back what travelled already', async () => {
    const id = await keep('der', {
      ...{ deviceId: 'bat', kind: 'der', at: now + 50, receivedAt: now, values: { p_actual_kw: 4 } },
      ...{ labels: { type: 'battery' }, quality: 'good' },
    })
    assert.equal((await replay.replay(id))!.stored, 1)
  })

  it('of what is not there is none', async () => assert.equal(await replay.replay(4_711_000), undefined))
})
