import assert from 'node:assert/strict'
import { alarmsBegin, said, useAlarms } from '../alarms.fixture.ts'
import { writeAcknowledged, writeReturned } from './write-repository.ts'

describe('writing alarms', function () {
  this.timeout(60_000)
  const alarms = useAlarms()

  /** An alarm that asked for attention three times: it was activated, acknowledged and taken out of service and back, twice. */
  const askingThrice = async (subject: string): Promise<number> => {
    const [made] = await alarms.keeper.take([said('outage', subject)])
    const { alarmId } = made!
    for (let times = 0; times < 2; times++) {
      await alarms.act(alarmId, { type: 'take-out' })
      await alarms.act(alarmId, { type: 'return-to-service' })
    }
    return alarmId
  }

  const occurrences = (alarmId: number) =>
    alarms.database.query(
      `select occurrence, (extract(epoch from returned_at) * 1000)::float8 - $2 as returned, acknowledged_by as by
       from alarm_occurrence where alarm_id = $1 order by occurrence`,
      [alarmId, alarmsBegin],
    )

  const ended = (alarmId: number, occurrence: number, at: number, username: string | null = null) => ({
    ...{ alarmId, occurrence, at: alarmsBegin + at, username },
  })

  it('ends with an occurrence all before it, and none after it', async () => {
    const alarmId = await askingThrice('sw-1')
    await alarms.database.transaction((client) => writeReturned(client, [ended(alarmId, 2, 10)]))
    assert.deepEqual(await occurrences(alarmId), [
      { occurrence: 1, returned: 10, by: null },
      { occurrence: 2, returned: 10, by: null },
      { occurrence: 3, returned: null, by: null },
    ])
  })

  it('keeps when an occurrence first ended, of several that end at once', async () => {
    const alarmId = await askingThrice('sw-2')
    await alarms.database.transaction((client) => writeReturned(client, [ended(alarmId, 3, 30), ended(alarmId, 1, 10)]))
    await alarms.database.transaction((client) => writeReturned(client, [ended(alarmId, 3, 40)]))
    assert.deepEqual(
      (await occurrences(alarmId)).map(({ returned }) => returned),
      [10, 30, 30],
    )
  })

  it('acknowledges the occurrence that was named, and no other one', async () => {
    const [one, other] = [await askingThrice('sw-3'), await askingThrice('sw-4')]
    await alarms.database.transaction((client) =>
      writeAcknowledged(client, [ended(one, 2, 10, 'ana'), ended(other, 3, 10, 'rui')]),
    )
    assert.deepEqual(
      (await Promise.all([occurrences(one), occurrences(other)])).map((rows) => rows.map(({ by }) => by)),
      [
        [null, 'ana', null],
        [null, null, 'rui'],
      ],
    )
  })
})
