import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useApi } from '../../platform/http/api.fixture.ts'
import { feederRoutes } from './feeder-routes.ts'
import { seedUnits, seedWeek, seedWindows } from './seeded-windows.fixture.ts'
import { UnitRow } from './unit-fields.ts'
import { unitRoutes } from './unit-routes.ts'

const minute = 60_000
const hour = 60 * minute
const now = Math.floor(Date.now() / (10 * minute)) * 10 * minute
const noon = now - 20 * hour
const iso = (at: number): string => new Date(at).toISOString()

describe('routes of units and feeders by voltage', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [unitRoutes, feederRoutes] })
  const get = async (path: string) => {
    const { status, body } = await test.as('viewer').get(`/api/quality/voltage/${path}`)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const ids = ({ items }: { items: { unitId: string }[] }) => items.map(({ unitId }) => unitId)

  before(async () => {
    const { database } = test.database
    await seedUnits(database, [
      { unitId: 'good', feederId: 'f-1' },
      { unitId: 'at-both-limits', feederId: 'f-1' },
      { unitId: 'drp', feederId: 'f-1', phases: 'A', nominalV: 220 },
      { unitId: 'drc', feederId: 'f-2' },
      { unitId: 'silent', feederId: 'f-2', nominalV: 130 },
    ])
    await seedWeek(database, 'good', now, [0, 0, 0], [0, 0, 0], 900)
    await seedWeek(database, 'at-both-limits', now, [10, 30, 7], [5, 0, 5])
    await seedWeek(database, 'drp', now, [31, 0, 0], [0, 0, 0])
    await seedWeek(database, 'drc', now, [3, 4, 5], [0, 1, 6])
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

  it('rank units by DRP or DRC over the phases, each with its phase, its limits and what violates', async () => {
    const page = await get('units')
    assert.deepEqual(ids(page), ['drp', 'at-both-limits', 'drc', 'good'])
    assert.deepEqual(page.items[1], {
      ...{ unitId: 'at-both-limits', feederId: 'f-1', meterId: 'meter-of-at-both-limits', referenceVoltageV: 127 },
      ...{ indicative: true, until: iso(now), validWindows: 1_008, band: 'critical' },
      ...{ drpPct: 2.97619, drpLimitPct: 3, drpViolated: false, drpPhase: 'B', precariousWindows: 30 },
      ...{ drcPct: 0.496032, drcLimitPct: 0.5, drcViolated: false, drcPhase: 'A', criticalWindows: 5 },
    })
    const byDrc = await get('units?rank=drc')
    assert.deepEqual(ids(byDrc), ['drc', 'at-both-limits', 'good', 'drp'])
    assert.deepEqual([byDrc.items[0].drcViolated, byDrc.items[0].drcPhase, byDrc.items[0].drpPhase], [true, 'C', 'C'])
  })

  it('tell units of a feeder, of a band, and those that violate', async () => {
    assert.deepEqual(ids(await get('units?feederId=f-2')), ['drc'])
    assert.deepEqual(ids(await get('units?violating=true')), ['drp', 'drc'])
    assert.deepEqual(ids(await get('units?violating=false')), ['at-both-limits', 'good'])
    assert.deepEqual(ids(await get('units?band=precarious')), ['drp'])
    assert.deepEqual(ids(await get('units?band=adequate')), ['good'])
    assert.deepEqual(ids(await get('units?band=critical&feederId=f-1&violating=false')), ['at-both-limits'])
    assert.deepEqual(ids(await get('units?feederId=nowhere')), [])
  })

  it('page through a ranking, each unit once, and refuse a cursor of the other ranking', async () => {
    for (const rank of ['drp', 'drc']) {
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: { items: { unitId: string }[]; nextCursor: string | null } = await get(
          `units?rank=${rank}&limit=1${cursor && `&cursor=${cursor}`}`,
        )
        seen.push(...ids(page))
        cursor = page.nextCursor
      }
      assert.deepEqual(seen, ids(await get(`units?rank=${rank}`)))
    }
    const { nextCursor } = await get('units?rank=drp&limit=1')
    const { status, body } = await test.as('viewer').get(`/api/quality/voltage/units?rank=drc&cursor=${nextCursor}`)
    assert.deepEqual([status, body.errors[0].field], [400, 'query.cursor'])
  })

  it('tell units as CSV', async () => {
    const { text } = await test.as('viewer').get('/api/quality/voltage/units', { accept: 'text/csv' })
    const [head, first] = text.split('\r\n').map((line) => line.split(','))
    assert.equal(head!.join(), Object.keys(UnitRow.properties).join())
    assert.deepEqual([first![0], first![head!.indexOf('drpPct')]], ['drp', '3.075397'])
  })

  it('sum up feeders: units, those that violate, the worst', async () => {
    assert.deepEqual(await get('feeders'), [
      {
        ...{ feederId: 'f-1', indicative: true, units: 3, violating: 1, violatingPct: 33.333333 },
        ...{ drpViolating: 1, drcViolating: 0, worstDrpUnitId: 'drp', worstDrpPct: 3.075397 },
        ...{ worstDrcUnitId: 'at-both-limits', worstDrcPct: 0.496032 },
      },
      {
        ...{ feederId: 'f-2', indicative: true, units: 1, violating: 1, violatingPct: 100 },
        ...{ drpViolating: 0, drcViolating: 1, worstDrpUnitId: 'drc', worstDrpPct: 0.496032 },
        ...{ worstDrcUnitId: 'drc', worstDrcPct: 0.595238 },
      },
    ])
  })

  it('tell of a unit its bands with their source, its week, and the last day', async () => {
    const unit = await get('units/good')
    assert.deepEqual(
      [unit.referenceVoltageV, unit.voltageClass, unit.phases, unit.measuredBetween, unit.contractedVoltageV],
      [127, 'BT', 'ABC', 'phase_neutral', null],
    )
    const { source, validFrom, ...limits } = unit.bands
    assert.deepEqual(limits, { criticalLowV: 110, adequateLowV: 117, adequateHighV: 133, criticalHighV: 135 })
    assert.match(source, /Anexo 8\.A/)
    assert.match(validFrom, /^\d{4}-\d\d-\d\d$/)
    assert.deepEqual([unit.week.validWindows, unit.week.drpPct, unit.week.drpPhase], [900, 0, null])
    const { from: _, ...lastDay } = unit.lastDay
    assert.deepEqual(lastDay, {
      ...{ windows: 4, valid: 3, adequate: 1, precarious: 1, critical: 1, interruption: 1, vtcd: 0, coverage: 0 },
    })
    assert.deepEqual([unit.newestWindow.va_v, unit.newestWindow.bandA], [109, 'critical'])
  })

  it('tell of a unit that cannot be judged why, and of one without windows that it has none', async () => {
    const unit = await get('units/silent')
    assert.deepEqual([unit.bands, unit.week, unit.newestWindow, unit.lastDay.windows], [null, null, null, 0])
    assert.match(unit.bandsMissing, /no bands are known for 130 V/)
  })

  it('goes by the contracted voltage above 2.3 kV', async () => {
    const { database } = test.database
    await database.query(
      `insert into consumer_unit (unit_id, nominal_voltage_v, contracted_voltage_v, measured_between)
       values ('factory', 13800, 13500, 'phase_phase')`,
    )
    const unit = await get('units/factory')
    assert.deepEqual(
      [unit.referenceVoltageV, unit.voltageClass, unit.meterId, unit.bands.adequateLowV],
      [13_500, 'MT', null, 12_555],
    )
  })

  it('say which part of a request is wrong', async () => {
    for (const [path, status, detail] of [
      ['units/nobody', 404, 'no unit "nobody"'],
      ['units?rank=name', 400, 'query.rank'],
      ['units?band=bad', 400, 'query.band'],
      ['units?cursor=nonsense', 400, 'query.cursor'],
    ] as const) {
      const { status: answered, body } = await test.as('viewer').get(`/api/quality/voltage/${path}`)
      assert.equal(answered, status, path)
      assert.ok(body.detail.includes(detail), body.detail)
    }
    assert.equal((await test.as().get('/api/quality/voltage/units')).status, 401)
  })
})
