import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import { entered, enteredProgram, hourMs, minuteMs, seedTown, six } from './demand.fixture.ts'
import { cancelEvent } from './enter-event.ts'
import { gatherDemandResponse } from './in-force.ts'
import { insertParticipation } from './participation-repository.ts'

describe('what demand response asks of the allocation', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const gather = (at: number) =>
    gatherDemandResponse(test.database, at, { defaultLimitKw: null, referenceBrlPerKwh: 0.5 })
  const limits = async (at: number) =>
    (await gather(at)).limits.map(({ feederId, limitKw, source }) => `${feederId} ${limitKw} ${source}`)
  before(() => seedTown(test.database))

  it('nothing, where nobody has called for anything', async () => {
    assert.deepEqual(await gather(six), {
      ...{ limits: [], sheds: [], prices: [], spared: [], optedOut: [], nextChangeAt: null },
    })
  })

  it('the limit of an event, the steps of the return to the own limit of the feeder, and then nothing', async () => {
    await entered(test.database)
    assert.equal((await gather(six - 1)).nextChangeAt, six)
    assert.deepEqual(await limits(six), ['f-1 50 event:1'])
    const end = six + 2 * hourMs
    assert.deepEqual(await limits(end), ['f-1 60 snapback:1'])
    assert.deepEqual(await limits(end + 45 * minuteMs), ['f-1 100 snapback:1'])
    assert.equal((await gather(end)).nextChangeAt, end + 10 * minuteMs)
    assert.deepEqual(await limits(end + 50 * minuteMs), [])
  })

  it('on each root where no feeder is named, back to the own limit, or by what all its devices can do', async () => {
    const at = six + 24 * hourMs
    const eventId = await entered(test.database, { feederId: null, startsAt: at, endsAt: at + hourMs }, at - hourMs)
    assert.deepEqual(await limits(at), [`other 50 event:${eventId}`, `root 50 event:${eventId}`])
    await cancelEvent(test.database, eventId, { username: 'ana', reason: null }, at + minuteMs)
    const back = await limits(at + minuteMs)
    assert.deepEqual(back, [`other 50 snapback:${eventId}`, `root 125 snapback:${eventId}`])
  })

  it('whom it spares: who has opted out, as device or with its unit, and who is not enrolled', async () => {
    const at = six + 2 * 24 * hourMs
    const programId = await enteredProgram(test.database, { enrolledOnly: true }, at - hourMs)
    const by = { enteredBy: 'ana', enteredAt: at - hourMs, startsAt: at - hourMs, endsAt: null }
    const none = { deviceId: null, unitId: null, programId: null }
    await insertParticipation(test.database, { kind: 'enrolled', ...none, deviceId: 'ev-1', programId, ...by })
    await insertParticipation(test.database, {
      kind: 'opted_out',
      ...none,
      deviceId: 'ev-2',
      ...by,
      endsAt: at + minuteMs,
    })
    await insertParticipation(test.database, { kind: 'opted_out', ...none, unitId: 'u-1', ...by })
    const { sheds, spared, optedOut, nextChangeAt } = await gather(at)
    assert.deepEqual(sheds.map(({ feederId, targetShedKw }) => [feederId, targetShedKw]), [['f-1', 40]]) // prettier-ignore
    assert.deepEqual(optedOut, ['ev-2', 'ev-3'])
    assert.deepEqual(spared[0]!.enrolled, new Set(['ev-1']))
    assert.equal(nextChangeAt, at + minuteMs)
    assert.deepEqual((await gather(at + minuteMs)).optedOut, ['ev-3'])
  })
})
