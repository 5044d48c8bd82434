import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { Client } from 'pg'
import { noteRestore } from '../../../platform/backup/repository.ts'
import { useDispatch } from './dispatching.fixture.ts'

describe('commands of a backup', function () {
  this.timeout(60_000)
  const test = useDispatch()
  const takenAt = '2026-11-20T00:00:00Z'

  async function restore(at: number): Promise<void> {
    const owner = new Client(test.owner)
    await owner.connect()
    await noteRestore(owner, at, takenAt)
    await owner.end()
  }

  it('are not sent where they waited, until somebody says so; new ones are, with numbers above all earlier ones', async () => {
    const waiting = await test.make({ deviceId: 'sw-waiting' })
    const ended = await test.make({ deviceId: 'sw-ended' })
    await test.happen(ended, { kind: 'cancelled' })
    await restore(Date.UTC(2026, 10, 21))
    assert.deepEqual([(await test.of(waiting)).quarantined, (await test.of(ended)).quarantined], [true, false])
    test.start()
    const fresh = await test.make({ deviceId: 'sw-waiting' })
    const { controlNumber } = await test.stands(fresh, 'delivered')
    assert.equal((await test.of(waiting)).state, 'queued')
    await test.answer(fresh, 'executed')
    await test.happen(waiting, { kind: 'unquarantined', reason: 'still wanted' })
    const released = await test.stands(waiting, 'delivered')
    assert.deepEqual(
      test.heard.map(({ command_id }) => command_id),
      [fresh, waiting],
    )
    assert.ok(controlNumber! > 2_000_000_000 && released.controlNumber! > controlNumber!)
  })

  it('that were under way are asked about, and not sent again', async () => {
    test.start()
    const commandId = await test.make({ deviceId: 'sw-under-way' })
    await test.stands(commandId, 'delivered')
    await restore(Date.UTC(2026, 10, 21, 1))
    test.now += 600_001
    await test.happen(commandId, { kind: 'due' })
    await test.hears(2)
    assert.deepEqual(
      test.heard.map(({ phase }) => phase),
      ['operate', 'query'],
    )
    await test.answer(commandId, 'not_done')
    assert.equal((await test.of(commandId)).state, 'reconciled_not_done')
  })

  it('have a new epoch each time, also where the same backup is restored twice', async () => {
    const epoch = async (): Promise<number> =>
      (await test.database.query<{ epoch: number }>('select epoch from command_progress'))[0]!.epoch
    const owner = new Client(test.owner)
    await owner.connect()
    const restoredWith = async (at: number): Promise<number> => {
      await owner.query('update command_progress set epoch = 1')
      await noteRestore(owner, at, takenAt)
      return epoch()
    }
    const first = await restoredWith(Date.UTC(2026, 10, 22))
    const second = await restoredWith(Date.UTC(2026, 10, 23))
    await noteRestore(owner, Date.UTC(2026, 10, 23), takenAt)
    assert.equal(await epoch(), second)
    await owner.end()
    assert.ok(1 < first && first < second && second * 1e9 < Number.MAX_SAFE_INTEGER)
  })
})
