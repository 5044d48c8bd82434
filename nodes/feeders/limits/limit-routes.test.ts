import assert from 'node:assert/strict'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { limitRoutes } from './limit-routes.ts'

describe('routes of the limits of feeders', () => {
  const test = useApi({
    routes: [limitRoutes],
    env: { FEEDER_DEFAULT_LIMIT_KW: '120', TIME_ZONE: 'America/Sao_Paulo' },
  })
  const path = '/api/feeders/f-1/limits'
  // A Monday, 10:00 in São Paulo.
  const now = Date.parse('2026-03-02T13:00:00Z')
  const reason = 'Transformer runs hot'

  before(async () => {
    platformClock.set({ at: now, rate: 1 })
    await test.database.database.query(
      `insert into feeder (feeder_id, parent_feeder_id, limit_kw) values ('f-0', null, 500), ('f-1', 'f-0', 80), ('f-2', 'f-0', null)`,
    )
    await test.database.database.query(
      `insert into device (device_id, kind, der_type, status, feeder_id, rated_kw, fallback_kw) values
         ('ev-1', 'der', 'ev', 'active', 'f-1', 22, 11), ('pv-1', 'der', 'pv', 'active', 'f-1', 30, null)`,
    )
  })
  after(() => platformClock.set(undefined))

  const inForce = async (feeder = 'f-1') =>
    (await test.as('viewer').get(`/api/feeders/${feeder}/limits`)).body.inForce.map(
      (limit: Record<string, unknown>) => `${Object.values(limit).join(' ')}`,
    )
  const refusal = async (reply: ReturnType<ReturnType<typeof test.as>['post']>) => {
    const { status, body } = await reply
    return [status, body.detail]
  }

  it('show what the registry says, and the default', async () => {
    assert.deepEqual(await inForce(), ['total import 80 registry ', 'total export 80 registry '])
    assert.deepEqual(await inForce('f-2'), ['total import 120 default ', 'total export 120 default '])
    assert.equal((await test.as('viewer').get('/api/feeders/f-9/limits')).status, 404)
  })

  it('let an operator limit a feeder for a while, and take it back', async () => {
    const { status, body } = await test.as('operator').post(path, { value: 60, durationMinutes: 90, reason })
    assert.deepEqual([status, body.warnings, body.setBy], [201, [], 'operator'])
    const expiresAt = Date.parse(body.validUntil)
    assert.ok(Math.abs(expiresAt - now - 90 * 60_000) < 60_000)
    assert.deepEqual((await inForce()).slice(2), [`total import 60 limit:${body.limitId} ${body.validUntil}`])
    const shown = (await test.as('viewer').get(path)).body
    assert.deepEqual([shown.changesAt, shown.set.length, shown.set[0].reason], [body.validUntil, 1, reason])

    const one = `${path}/${body.limitId}`
    assert.equal((await test.as('viewer').delete(one)).status, 403)
    assert.equal((await test.as('operator').delete(`${one}?reason=cooled`)).status, 204)
    assert.equal((await test.as('operator').delete(one)).status, 409)
    assert.equal((await test.as('operator').delete(`/api/feeders/f-2/limits/${body.limitId}`)).status, 404)
    assert.equal((await inForce()).length, 2)
    const audited = await test.database.database.query<{ table: string }>(
      `select table_name as table from audit_entry where source = 'feeder-limits' order by seq`,
    )
    assert.deepEqual(
      audited.map(({ table }) => table),
      ['feeder_limit', 'feeder_limit_removal'],
    )
  })

  it('keep what lasts to whoever configures feeders', async () => {
    const schedule = { days: [1, 2, 3, 4, 5], from: '18:00', until: '21:00' }
    for (const lasting of [{}, { validUntil: '2026-03-20T00:00:00Z' }, { schedule, durationMinutes: 60 }]) {
      const wanted = { value: 60, reason, ...lasting }
      assert.deepEqual(await refusal(test.as('operator').post(path, wanted)), [
        ...[403, 'the role operator does not have the right configure-feeders'],
      ])
    }
    const { status, body } = await test.as('engineer').post(path, { value: 50, schedule, reason })
    assert.equal(status, 201, JSON.stringify(body))
    const { changesAt, inForce } = (await test.as('viewer').get(path)).body
    assert.deepEqual([changesAt, inForce.length], ['2026-03-02T21:00:00.000Z', 2])
    assert.equal((await test.as('operator').delete(`${path}/${body.limitId}`)).status, 403)
    assert.equal((await test.as('engineer').delete(`${path}/${body.limitId}`)).status, 204)
  })

  it('refuse what lasts and the fallbacks exceed, and warn of what does not', async () => {
    const wanted = { value: 10, reason }
    const [status, detail] = await refusal(test.as('engineer').post(path, wanted))
    assert.deepEqual(
      [status, detail],
      [409, 'feeder f-1 could import 11 kW in all if its devices fell back, and its limit is 10 kW (limit:3)'],
    )
    assert.equal((await inForce()).length, 2)
    const { status: set, body } = await test.as('operator').post(path, { ...wanted, durationMinutes: 30 })
    assert.equal(set, 201)
    assert.match(body.warnings[0].en, /^feeder f-1 could import 11 kW in all/)
    assert.match(body.warnings[0].pt, /^o alimentador f-1 pode consumir 11 kW no total/)
    assert.equal((await test.as('operator').delete(`${path}/${body.limitId}`)).status, 204)
    const exported = await test.as('engineer').post(path, { ...wanted, value: 25, direction: 'export' })
    assert.match(exported.body.detail, /feeder f-1 could export 30 kW in all/)
  })

  it('take amperes only where they know the voltage', async () => {
    const wanted = { value: 100, unit: 'a', line: 'A', durationMinutes: 30, reason }
    assert.deepEqual(await refusal(test.as('operator').post(path, wanted)), [
      ...[400, 'body.unit is "a": it needs the nominalVoltageV of the feeder in the registry'],
    ])
    await test.database.database.query(`update feeder set nominal_voltage_v = 220 where feeder_id = 'f-1'`)
    const { body } = await test.as('operator').post(path, wanted)
    assert.deepEqual((await inForce()).slice(2), [`A import 20.24 limit:${body.limitId} ${body.validUntil}`])
    await test.as('operator').delete(`${path}/${body.limitId}`)
  })

  for (const [what, wanted, detail] of [
    ['a limit below 0', { value: -1 }, /body.value is -1/],
    ['one that is over', { value: 1, validUntil: '2026-03-01T00:00:00Z' }, /body.validUntil is .*must be after now/],
    [
      'one that ends before it begins',
      { value: 1, validFrom: '2026-03-05T00:00:00Z', validUntil: '2026-03-04T00:00:00Z' },
      /must be after validFrom/,
    ],
    ['two ends', { value: 1, validUntil: '2026-03-03T00:00:00Z', durationMinutes: 5 }, /instead of validUntil/],
    ['an instant without offset', { value: 1, validUntil: '2026-03-03T00:00:00' }, /body.validUntil/],
    [
      'a window of no length',
      { value: 1, schedule: { days: [1], from: '18:00', until: '18:00' } },
      /body.schedule.until is "18:00"/,
    ],
    [
      'a zone that nobody knows',
      { value: 1, schedule: { days: [1], from: '18:00', until: '19:00', timeZone: 'Mars' } },
      /body.schedule.timeZone is "Mars"/,
    ],
    ['a day of no week', { value: 1, schedule: { days: [8], from: '18:00', until: '19:00' } }, /body.schedule.days/],
  ] as const)
    it(`refuse ${what}`, async () => {
      const [status, told] = await refusal(test.as('admin').post(path, { reason, ...wanted }))
      assert.equal(status, 400)
      assert.match(told as string, detail)
    })
})
