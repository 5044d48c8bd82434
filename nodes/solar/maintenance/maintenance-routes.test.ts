import assert from 'node:assert/strict'
import { civilDaysIn } from '../../../platform/clock/civil-day.ts'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { duePlants } from './day-repository.ts'
import { forecastPlant } from './forecast-plant.ts'
import { writeForecast } from './forecast-repository.ts'
import { PlantMaintenance } from './maintenance-fields.ts'
import { maintenanceRoutes } from './maintenance-routes.ts'
import { seedDays, seedPlants } from './plant-days.fixture.ts'

const last = '2026-05-20'
const now = Date.parse('2026-05-21T09:00:00Z')
const path = '/api/maintenance'

describe('routes of maintenance', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [maintenanceRoutes] })
  const database = () => test.database.database

  async function forecastAll(): Promise<void> {
    const days = civilDaysIn('America/Sao_Paulo')
    const { signal } = new AbortController()
    const due = await duePlants(database(), { since: now - 35 * 86_400_000, most: 10, except: [] })
    for (const plant of due)
      await writeForecast(database(), (await forecastPlant(database(), plant, { days, now, signal }))!)
  }

  before(async () => {
    platformClock.set({ at: now, rate: 1 })
    await seedPlants(database())
    for (const panel of ['broken', 'clean', 'dirty']) await seedDays(database(), panel, { days: 60, last })
    await seedDays(database(), 'lone', { days: 60, last })
    await forecastAll()
  })
  after(() => platformClock.set(undefined))

  it('lists plants in the order in which to visit them, with what is to be done', async () => {
    const { status, body } = await test.as('viewer').get(path)
    assert.equal(status, 200)
    const [roof, lone] = body.items
    assert.deepEqual([roof.siteId, roof.panelId, roof.panels, roof.cleaningPays], ['roof', null, 3, true])
    assert.deepEqual([lone.siteId, lone.panelId, lone.lostBrl, lone.avoidedBrl], [null, 'lone', null, null])
    assert.match(roof.advice.en, /^Look for the fault, and clean .* It saves R\$ [\d.]+ in 180 days\.$/)
    assert.match(roof.advice.pt, /^Procurar a falha e limpar .* Economiza R\$ \d+,\d\d em 180 dias\.$/)
    const due = (await test.as('viewer').get(`${path}?due=true`)).body
    assert.deepEqual(
      due.items.map((one: { siteId: string }) => one.siteId),
      ['roof'],
    )
  })

  it('pages without skipping, and filters by site', async () => {
    const first = (await test.as('viewer').get(`${path}?limit=1`)).body
    const second = (await test.as('viewer').get(`${path}?limit=1&cursor=${first.nextCursor}`)).body
    assert.deepEqual([first.items[0].siteId, second.items[0].panelId, second.nextCursor], ['roof', 'lone', null])
    assert.equal((await test.as('viewer').get(`${path}?siteId=roof`)).body.items.length, 1)
    assert.equal((await test.as('viewer').get(`${path}?siteId=nowhere`)).status, 404)
    const panels = (await test.as('viewer').get(`${path}/panels?siteId=roof&limit=2`)).body
    const rest = (await test.as('viewer').get(`${path}/panels?siteId=roof&limit=2&cursor=${panels.nextCursor}`)).body
    assert.deepEqual(
      [...panels.items, ...rest.items].map((one: { panelId: string }) => one.panelId),
      ['broken', 'dirty', 'clean'],
    )
  })

  it('tells when a panel is due, between which days, and what it costs until then', async () => {
    const { body } = await test.as('viewer').get(`${path}/panels?panelId=dirty`)
    const [panel] = body.items
    assert.ok(panel.daysFrom <= panel.daysUntil && panel.daysUntil <= (panel.daysTo ?? 181))
    assert.ok(panel.lostUntilBrl > 0 && panel.lostUntilBrl < panel.lostBrl)
    assert.equal(panel.band.length, 9)
    assert.match(panel.advice.pt, /^Cai a 85 % do que gera quando limpo em \d+ dias \(/)
    const [broken] = (await test.as('viewer').get(`${path}/panels?panelId=broken`)).body.items
    assert.deepEqual(
      broken.resets.map(({ day, cause }: { day: string; cause: string }) => [day, cause]),
      [['2026-04-21', 'fault']],
    )
    assert.equal((await test.as('viewer').get(`${path}/panels?panelId=nobody`)).status, 404)
  })

  it('gives CSV, with the advice in both languages', async () => {
    const plants = (await test.as('viewer').get(path, { accept: 'text/csv' })).text.split('\r\n')
    for (const field of Object.keys(PlantMaintenance.properties))
      assert.ok(field === 'advice' || plants[0]!.split(',').includes(field), field)
    assert.match(plants[0]!, /^siteId,panelId,day,.*,avoidedBrl,advice_en,advice_pt$/)
    assert.match(plants[1]!, /^roof,,2026-05-20,/)
    const panels = (await test.as('viewer').get(`${path}/panels`, { accept: 'text/csv' })).text.split('\r\n')
    assert.match(panels[1]!, /It is at 85 % of what it gives when clean/)
  })

  it('notes a visit, which is in the next forecast and in the audit chain', async () => {
    const visit = { panelId: 'dirty', what: 'cleaning', doneAt: '2026-05-21T08:00:00Z', doneBy: 'Field team 2' }
    const { status, body } = await test.as('operator').post(`${path}/visits`, visit)
    assert.deepEqual([status, body.siteId, body.notedBy, body.note], [201, 'roof', 'operator', null])
    const before = (await test.as('viewer').get(`${path}/panels?panelId=dirty`)).body.items[0]
    await forecastAll()
    const after = (await test.as('viewer').get(`${path}/panels?panelId=dirty`)).body.items[0]
    assert.ok(after.ratio > before.ratio + 0.08)
    const listed = (await test.as('viewer').get(`${path}/visits?siteId=roof`)).body.items
    assert.deepEqual(
      listed.map((one: { visitId: number; doneAt: string }) => [one.visitId, one.doneAt]),
      [[body.visitId, '2026-05-21T08:00:00.000Z']],
    )
    assert.equal((await test.as('viewer').get(`${path}/visits?panelId=clean`)).body.items.length, 0)

    assert.equal((await test.as('operator').delete(`${path}/visits/${body.visitId}?reason=wrong+panel`)).status, 204)
    assert.equal((await test.as('operator').delete(`${path}/visits/${body.visitId}`)).status, 409)
    assert.equal((await test.as('operator').delete(`${path}/visits/999`)).status, 404)
    await forecastAll()
    const again = (await test.as('viewer').get(`${path}/panels?panelId=dirty`)).body.items[0]
    assert.equal(again.ratio, before.ratio)
    const audited = await database().query(
      `select table_name from audit_entry where source = 'solar-visits' order by seq`,
    )
    assert.deepEqual(audited, [{ table_name: 'solar_visit' }, { table_name: 'solar_visit_withdrawal' }])
    const logged = await database().query<{ event: string; username: string }>(
      `select event, username from access_log where event like 'solar_visit%' order by at`,
    )
    assert.deepEqual(
      logged.map(({ event, username }) => `${username} ${event}`),
      ['operator solar_visit_noted', 'operator solar_visit_withdrawn'],
    )
  })

  it('notes a visit of a whole site, done now by whoever notes it', async () => {
    const { body } = await test
      .as('engineer')
      .post(`${path}/visits`, { siteId: 'roof', what: 'inspection', note: ' all well ' })
    assert.deepEqual([body.panelId, body.doneBy, body.note], [null, 'engineer', 'all well'])
    assert.ok(Math.abs(Date.parse(body.doneAt) - now) < 60_000)
    assert.equal((await test.as('viewer').get(`${path}/visits?panelId=clean`)).body.items.length, 1)
  })

  it('asks for rights', async () => {
    assert.equal((await test.as().get(path)).status, 401)
    assert.equal((await test.as('viewer').post(`${path}/visits`, { siteId: 'roof', what: 'cleaning' })).status, 403)
    assert.equal((await test.as('viewer').delete(`${path}/visits/1`)).status, 403)
  })

  for (const [what, visit, problem] of [
    ['no place', { what: 'cleaning' }, /body\.siteId .*give a site or a panel/],
    ['an unknown site', { siteId: 'nowhere', what: 'cleaning' }, /body\.siteId is "nowhere"/],
    ['an unknown panel', { panelId: 'nobody', what: 'cleaning' }, /body\.panelId is "nobody"/],
    ['a panel of elsewhere', { siteId: 'roof', panelId: 'lone', what: 'cleaning' }, /is not at site roof/],
    ['what is no visit', { siteId: 'roof', what: 'painting' }, /body\.what/],
    [
      'an instant that lies ahead',
      { siteId: 'roof', what: 'repair', doneAt: '2026-05-22T00:00:00Z' },
      /not be after now/,
    ],
    ['one that is long past', { siteId: 'roof', what: 'repair', doneAt: '2016-05-22T00:00:00Z' }, /four years ago/],
    ['one without offset', { siteId: 'roof', what: 'repair', doneAt: '2026-05-20T00:00:00' }, /body\.doneAt/],
  ] as const)
    it(`refuses a visit with ${what}`, async () => {
      const { status, body } = await test.as('admin').post(`${path}/visits`, visit)
      assert.equal(status, 400)
      assert.match(body.detail, problem)
    })
})
