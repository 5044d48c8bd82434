import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../platform/http/api.fixture.ts'
import { seedUnits, seedWindows } from './seeded-windows.fixture.ts'
import { Window } from './window-fields.ts'
import { windowRoutes } from './window-routes.ts'

const minute = 60_000
const hour = 60 * minute
const now = Math.floor(Date.now() / (10 * minute)) * 10 * minute
const noon = now - 20 * hour
const iso = (at: number): string => new Date(at).toISOString()

describe('routes of windows', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [windowRoutes] })
  const get = async (path: string) => {
    const { status, body } = await test.as('viewer').get(`/api/quality/voltage/${path}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

  before(async () => {
    const { database } = test.database
    await seedUnits(database, [{ unitId: 'good', feederId: 'f-1' }])
    await seedWindows(database, [
      { unitId: 'good', at: noon, volts: 127 },
      { unitId: 'good', at: noon + 10 * minute, volts: 116, band: 'precarious' },
      {
        ...{ unitId: 'good', at: noon + 20 * minute, volts: 12, band: 'critical' },
        invalid: {
          reason: 'interruption',
          evidence: { phase: 'A', at: noon + 21 * minute, volts: 3.4, durationMs: 42_000 },
        },
      },
      { unitId: 'good', at: noon + 30 * minute, volts: 109, band: 'critical' },
    ])
  })

  it('tell windows oldest first, with the meter, what is invalid and what shows it', async () => {
    const { items } = await get('units/good/windows')
    assert.deepEqual(
      items.map(({ start }: { start: string }) => Date.parse(start)),
      [0, 10, 20, 30].map((after) => noon + after * minute),
    )
    assert.deepEqual(items[2], {
      ...{ start: iso(noon + 20 * minute), meterId: 'meter-of-good', va_v: 12, vb_v: null, vc_v: null },
      ...{ coverage: 0.5, bandA: 'critical', bandB: null, bandC: null, valid: false, invalidReason: 'interruption' },
      evidence: { phase: 'A', timestamp: iso(noon + 21 * minute), volts: 3.4, durationMs: 42_000 },
    })
    const some = await get(`units/good/windows?from=${iso(noon + 10 * minute)}&to=${iso(noon + 30 * minute)}&limit=1`)
    assert.deepEqual([some.items.length, some.items[0].va_v], [1, 116])
    const rest = await get(
      `units/good/windows?from=${iso(noon + 10 * minute)}&to=${iso(noon + 30 * minute)}&cursor=${some.nextCursor}`,
    )
    assert.deepEqual([rest.items.length, rest.items[0].va_v, rest.nextCursor], [1, 12, null])
    const csv = await test.as('viewer').get('/api/quality/voltage/units/good/windows', { accept: 'text/csv' })
    assert.match(csv.text.split('\r\n')[1]!, /,meter-of-good,127,,,1,adequate,,,true,,$/)
  })

  it('follow the unit over a change of its meter', async () => {
    const { database } = test.database
    const change = iso(noon + 20 * minute)
    await seedUnits(database, [{ unitId: 'moved', feederId: 'f-1' }])
    await seedUnits(database, [{ unitId: 'spare', feederId: 'f-1' }])
    await seedWindows(
      database,
      ['moved', 'spare'].flatMap((unitId) =>
        [0, 10, 20, 30].map((after) => ({ unitId, at: noon + after * minute, volts: unitId === 'moved' ? 120 : 121 })),
      ),
    )
    await database.query(`delete from meter_assignment where unit_id in ('moved', 'spare')`)
    for (const [meter, validity] of [
      ['meter-of-moved', `[2020-01-01,${change})`],
      ['meter-of-spare', `[${change},)`],
    ])
      await database.query(
        `insert into meter_assignment select 'moved', device_key, $2::tstzrange from device where device_id = $1`,
        [meter, validity],
      )
    const { items } = await get('units/moved/windows')
    assert.deepEqual(
      items.map(({ va_v }: { va_v: number }) => va_v),
      [120, 120, 121, 121],
    )
  })

  it('say which part of a request is wrong', async () => {
    for (const [path, status, detail] of [
      ['units/nobody/windows', 404, 'no unit "nobody"'],
      ['units/good/windows?from=yesterday', 400, 'query.from'],
      ['units/good/windows?limit=5001', 400, 'query.limit'],
      [`units/good/windows?from=${iso(noon - 32 * 24 * hour)}&to=${iso(noon)}`, 400, '31 days before to at most'],
      [`units/good/windows?from=${iso(noon + 1)}&to=${iso(noon)}`, 400, 'must not be after to'],
      ['units/good/windows?cursor=nonsense', 400, 'query.cursor'],
    ] as const) {
      const { status: answered, body } = await test.as('viewer').get(`/api/quality/voltage/${path}`)
      assert.equal(answered, status, path)
      assert.ok(body.detail.includes(detail), body.detail)
    }
  })

  it('know every reason for which a window is invalid', async () => {
    const [row] = await test.database.database.query('select enum_range(null::invalid_window)::text[] as reasons')
    assert.deepEqual(row!['reasons'], Window.properties.invalidReason.anyOf[0]['enum'])
  })
})
