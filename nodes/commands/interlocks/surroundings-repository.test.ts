import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'mocha'
import { useDatabase } from '../../../platform/storage/test-database.ts'
import {
  earthSwitchesAt,
  lastOperations,
  ratedPowers,
  switchReports,
  unitsOfMeters,
} from './surroundings-repository.ts'
import { buildSwitchedField, say, tuesday } from './switching.fixture.ts'

const day = 86_400_000

describe('what is stored of the surroundings of a command', function () {
  this.timeout(60_000)
  const test = useDatabase()
  before(() => buildSwitchedField(test.database))
  beforeEach(async () => {
    await test.database.query('delete from switch_reading')
    await test.database.query('delete from latest_reading')
  })
  const rollUp = (id: string, at: number, measures: object) =>
    test.database.query(
      `insert into latest_reading select device_key, 'switch', to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000),
         'good', null, $3::jsonb from device where device_id = $1`,
      [id, at, JSON.stringify(measures)],
    )
  const reported = async (commanded: string[], others: string[]) =>
    [...(await switchReports(test.database, commanded, others, tuesday))]
      .map(([id, { position, at }]) => `${id} ${position} ${(tuesday - at) / day}`)
      .toSorted()

  it('of what is commanded has the last report however old, of others what is recent or rolled up', async () => {
    for (const id of ['sw-a', 'sw-b']) await say(test.database, id, { at: tuesday - 40 * day, position: 'open' })
    assert.deepEqual(await reported(['sw-a'], ['sw-a', 'sw-b']), ['sw-a open 40'])
    await rollUp('sw-b', tuesday - 30 * day, { position: 'closed', mode: 'remote' })
    assert.deepEqual(await reported(['sw-a'], ['sw-a', 'sw-b']), ['sw-a open 40', 'sw-b closed 30'])
  })

  it('the newer of a report and the roll-up holds, with all that it says', async () => {
    await rollUp('sw-b', tuesday - day, { position: 'closed', mode: 'remote' })
    const said = { position: 'open', mode: 'local', tripped: true, recloseBlocked: false, amperes: 7 } as const
    await say(test.database, 'sw-b', { at: tuesday - 60_000, ...said })
    assert.deepEqual((await switchReports(test.database, [], ['sw-b'], tuesday)).get('sw-b'), {
      ...{ at: tuesday - 60_000, quality: 'good', position: 'open', mode: 'local', tripped: true },
      ...{ recloseBlocked: false, currentsA: [7, 7, 7] },
    })
  })

  it('units have the sections that they hang on then, and the zone of the installation unless their conjunto has one', async () => {
    const units = async () => (await unitsOfMeters(test.database, ['m-1', 'm-9'], tuesday, 'America/Bahia')).get('m-1')
    const unit = { unitId: 'u-1', sectionIds: ['a2'], isProtected: false, municipalityCode: null }
    assert.deepEqual(await units(), [{ meterId: 'm-1', ...unit, timeZone: 'America/Bahia' }])
    await test.database.query(`insert into conjunto values ('1', 'Norte', 'America/Manaus')`)
    await test.database.query(`update consumer_unit set conjunto_id = '1'`)
    assert.equal((await units())![0]!.timeZone, 'America/Manaus')
  })

  it('earth switches are those that are there then, and stand as was last said of them', async () => {
    await test.database.query(
      `insert into network_earth_switch values ('es-old', 'a1', tstzrange(null, to_timestamp($1::float8 / 1000)))`,
      [tuesday - day],
    )
    const ids = async (at: number) =>
      (await earthSwitchesAt(test.database, at)).map(({ earthSwitchId }) => earthSwitchId)
    assert.deepEqual(await ids(tuesday), ['es-a2', 'es-b1'])
    assert.deepEqual(await ids(tuesday - 2 * day), ['es-a2', 'es-b1', 'es-old'])
    for (const [at, closed] of [
      [tuesday - 2 * day, 'ABC'],
      [tuesday - day, ''],
      [tuesday + day, 'ABC'],
    ] as const)
      await test.database.query(
        `insert into switch_operation (switch_id, at, closed, source, reference)
         values ('es-a2', to_timestamp($1::float8 / 1000), $2, 'person', '1')`,
        [at, closed],
      )
    const last = await lastOperations(test.database, ['es-a2', 'es-b1'], tuesday)
    assert.deepEqual(
      last.map(({ switchId, at, closed }) => [switchId, at, closed]),
      [['es-a2', tuesday - day, 0]],
    )
  })

  it('ratings are those that somebody has registered', async () => {
    await test.database.query(
      `insert into device (device_id, kind, status, rated_kw) values ('der-1', 'der', 'active', 5)`,
    )
    assert.deepEqual([...(await ratedPowers(test.database, ['der-1', 'm-1', 'x']))], [['der-1', 5]])
  })
})
