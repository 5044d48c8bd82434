import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { platformClock } from '../../platform/clock/clock.ts'
import { useApi } from '../../platform/http/api.fixture.ts'
import { caseRoutes } from './case-routes.ts'
import { chargeKey, chargesFor } from './charge-repository.ts'
import { chargeRoutes } from './charge-routes.ts'
import { quarterSamples } from './collective-repository.ts'
import { collectiveRoutes } from './collective-routes.ts'
import { compensationRoutes } from './compensation-routes.ts'
import { windowMs } from './domain/windows.ts'
import { MeasuredField, week } from './measurement.fixture.ts'
import { quarterDay, quarterName } from './measurement-fields.ts'
import { measurementRoutes } from './measurement-routes.ts'
import { CompensationSchema } from './money-fields.ts'

const path = '/api/quality/voltage/measurements'
const dayMs = 86_400_000

describe('the routes of measurements, cases and money', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [measurementRoutes, caseRoutes, chargeRoutes, compensationRoutes, collectiveRoutes] })
  // Midnight in São Paulo.
  const begin = Date.UTC(2026, 10, 2, 3)
  const iso = (at: number) => new Date(at).toISOString()
  const instrument = { class: 'A', serial: 'AQ-2041', calibratedOn: '2026-03-10', calibrationValidUntil: '2028-03-10' }
  let field: MeasuredField
  const keys: number[] = []
  const at = (instant: number) => platformClock.set({ at: instant, rate: 0 })

  before(async () => {
    at(begin - 3_600_000)
    field = new MeasuredField(test.database, begin)
    for (const unit of [0, 1, 2, 3, 4]) keys.push(await field.addUnit(`unit-${unit}`))
  })
  after(async () => {
    platformClock.set(undefined)
    await field.close()
    assert.deepEqual(field.errors, [])
  })
  const schedule = (body: object, role: 'operator' | 'viewer' = 'operator') => test.as(role).post(path, body)
  const log = async (event: string) =>
    (
      await test.database.database.query<{ username: string; subject: string; detail: string }>(
        'select username, subject, detail from access_log where event = $1 order by id',
        [event],
      )
    ).map(({ username, subject, detail }) => [username, subject, detail])

  it('schedule one, show how far it has come, and what it came to, and record who did it', async () => {
    const { status, body, headers } = await schedule({
      ...{ unitId: 'unit-0', kind: 'complaint', protocol: '2026-0001', instrument, startsAt: iso(begin) },
    })
    assert.equal(status, 201, JSON.stringify(body))
    assert.equal(headers.get('location'), `${path}/${body.measurementId}`)
    assert.deepEqual(
      [body.status, body.instrument.deviceId, body.instrument.portable, body.referenceV, body.phases, body.givesUpAt],
      ['scheduled', 'meter-of-unit-0', false, 220, 'ABC', iso(begin + 21 * dayMs)],
    )
    assert.deepEqual(await log('measurement_scheduled'), [
      ['operator', `voltage measurement ${body.measurementId}`, 'complaint of unit-0'],
    ])
    const one = `${path}/${body.measurementId}`
    await field.measure(keys[0]!, begin, [...week({ precarious: 10 }, 100), null, null])
    const running = (await test.as('viewer').get(one)).body
    assert.equal(running.status, 'running')
    assert.deepEqual(running.progress.budget, {
      precarious: { used: 10, allowed: 30 },
      critical: { used: 0, allowed: 5 },
    })
    assert.deepEqual(
      [running.progress.valid, running.progress.invalid, running.progress.needed, running.progress.expectedEnd],
      [100, 2, 1_008, iso(begin + 1_010 * windowMs)],
    )
    await field.measure(keys[0]!, begin + 102 * windowMs, week({ critical: 6 }, 908))
    const complete = (await test.as('viewer').get(one)).body
    assert.equal(complete.status, 'complete')
    assert.deepEqual([complete.result.nlp, complete.result.nlc, complete.result.drcViolated], [10, 6, true])
    assert.deepEqual(complete.versions, [complete.result])
  })

  it('give every window, as JSON and as CSV', async () => {
    const { measurementId } = (await test.as('viewer').get(`${path}?unitId=unit-0`)).body.items[0]
    const { body } = await test.as('viewer').get(`${path}/${measurementId}/windows`)
    assert.equal(body.windows.length, 1_010)
    assert.deepEqual(body.windows[100], {
      ...{ start: iso(begin + 100 * windowMs), va_v: 0, vb_v: 0, vc_v: 0, coverage: 1 },
      ...{ bandA: 'critical', bandB: 'critical', bandC: 'critical', invalid: 'interruption' },
      ...{ evidence: { volts: 0 }, counted: false },
    })
    const { text } = await test.as('viewer').get(`${path}/${measurementId}/windows`, { accept: 'text/csv' })
    const lines = text.trimEnd().split('\r\n')
    assert.equal(lines.length, 1_011)
    assert.equal(lines[0], 'start,va_v,vb_v,vc_v,coverage,bandA,bandB,bandC,invalid,evidence,counted')
    assert.equal(lines[1], `${iso(begin)},200,200,200,1,precarious,precarious,precarious,,,true`)
    assert.equal(
      lines[101],
      `${iso(begin + 100 * windowMs)},0,0,0,1,critical,critical,critical,interruption,"{""volts"":0}",false`,
    )
  })

  it('abandon one with a reason, and take it again once', async () => {
    const { body: first } = await schedule({ unitId: 'unit-1', kind: 'sample', instrument, quarter: '2026-Q3' })
    assert.equal(first.quarter, '2026-Q3')
    const one = `${path}/${first.measurementId}`
    assert.equal((await test.as('operator').post(`${one}/retake`, {})).status, 409)
    const { status, body } = await test.as('operator').post(`${one}/abandon`, { reason: 'the meter was broken' })
    assert.deepEqual(
      [status, body.status, body.reason, body.abandonedBy],
      [200, 'abandoned', 'the meter was broken', 'operator'],
    )
    const again = await test.as('operator').post(`${one}/abandon`, { reason: 'twice' })
    assert.deepEqual(
      [again.status, again.body.detail],
      [409, `measurement ${first.measurementId} is abandoned: only one that is not over can be abandoned`],
    )
    const retake = await test.as('operator').post(`${one}/retake`, {})
    assert.equal(retake.status, 201, retake.text)
    assert.deepEqual(
      [retake.body.retakeOf, retake.body.quarter, retake.body.instrument.serial],
      [first.measurementId, '2026-Q3', 'AQ-2041'],
    )
    assert.equal((await test.as('viewer').get(one)).body.retakenBy, retake.body.measurementId)
    await test.as('operator').post(`${path}/${retake.body.measurementId}/abandon`, { reason: 'again' })
    const twice = await test.as('operator').post(`${one}/retake`, {})
    assert.deepEqual(
      [twice.status, twice.body.detail],
      [409, `measurement ${first.measurementId} has been retaken already`],
    )
  })

  it('list them by filter, in pages, the newest first', async () => {
    const all = (await test.as('viewer').get(path)).body.items.map(
      ({ measurementId }: { measurementId: number }) => measurementId,
    )
    assert.deepEqual(
      all,
      all.toSorted((one: number, other: number) => other - one),
    )
    const { body: page } = await test.as('viewer').get(`${path}?limit=1`)
    const { body: next } = await test.as('viewer').get(`${path}?limit=1&cursor=${page.nextCursor}`)
    assert.deepEqual([page.items[0].measurementId, next.items[0].measurementId], all.slice(0, 2))
    const { body: samples } = await test.as('viewer').get(`${path}?kind=sample&status=abandoned&unitId=unit-1`)
    assert.equal(samples.items.length, 2)
    const { text } = await test.as('viewer').get(`${path}?status=complete`, { accept: 'text/csv' })
    assert.match(
      text.split('\r\n')[1]!,
      /^\d+,unit-0,complaint,2026-0001,,complete,2026-11-02T03:00:00.000Z,,1008,2,10,6,0\.99\d+,0\.59\d+$/,
    )
  })

  it('let viewers look, and nobody without the right do', async () => {
    assert.equal((await schedule({ unitId: 'unit-2', kind: 'complaint', instrument }, 'viewer')).status, 403)
    assert.equal((await test.as('viewer').get('/api/quality/voltage/charges')).status, 403)
    assert.equal((await test.as('operator').post('/api/quality/voltage/charges', { items: [] })).status, 403)
    assert.equal((await test.as('viewer').get(`${path}/999999`)).status, 404)
  })

  it('follow a case from the violation to its end, with what was done and what it costs', async () => {
    const cases = '/api/quality/voltage/cases'
    const { body: list } = await test.as('viewer').get(`${cases}?unitId=unit-0&status=open`)
    const [open] = list.items
    assert.deepEqual([open.drpDueOn, open.drcDueOn, open.overdue], [null, '2026-11-24', false])
    at(Date.UTC(2026, 10, 25, 12))
    assert.equal((await test.as('viewer').get(`${cases}?overdue=true`)).body.items.length, 1)
    const one = `${cases}/${open.caseId}`
    const work = { doneAt: iso(begin + 12 * dayMs), what: 'Transformer replaced', doneBy: 'Crew 7' }
    assert.equal(
      (await test.as('operator').post(`${one}/works`, { ...work, doneAt: iso(begin + 90 * dayMs) })).status,
      409,
    )
    assert.equal((await test.as('operator').post(`${one}/works`, { ...work, doneAt: iso(begin) })).status, 409)
    assert.equal((await test.as('operator').post(`${one}/works`, work)).status, 201)
    const { body: entered } = await test.as('operator').post(`${one}/works`, work)
    assert.deepEqual(
      entered.works.map(({ what, doneBy, enteredBy }: Record<string, string>) => [what, doneBy, enteredBy]),
      [['Transformer replaced', 'Crew 7', 'operator']],
    )
    const charges = 'unit_id;month;eusd_brl;source\nunit-0;2026-11;1.000,00;billing\n'
    const csv = { 'content-type': 'text/csv' }
    const unclear = await test.as('admin').post('/api/quality/voltage/charges/import', charges, csv)
    assert.deepEqual([unclear.status, unclear.body.errors[0].field], [400, 'body.lines.2.eusd_brl'])
    const imported = await test
      .as('admin')
      .post('/api/quality/voltage/charges/import', charges.replace('1.000', '1000'), csv)
    assert.deepEqual([imported.status, imported.body], [200, { added: 1, changed: 0, unchanged: 0 }])
    const start = Date.UTC(2026, 10, 26, 3)
    const remeasurement = await test.as('operator').post(`${one}/remeasurement`, { startsAt: iso(start) })
    assert.equal(remeasurement.status, 201, remeasurement.text)
    assert.deepEqual([remeasurement.body.unitId, remeasurement.body.kind], ['unit-0', 'complaint'])
    await field.measure(keys[0]!, start, week({}))
    at(start + 7 * dayMs)
    const { body: closed } = await test.as('viewer').get(one)
    assert.deepEqual([closed.status, closed.closedBy], ['regularised', remeasurement.body.measurementId])
    assert.equal(closed.measurements.length, 2)
    // 0.0952 % above the limit, k2 7, R$ 1,000: R$ 6.66 for each of two months.
    assert.deepEqual(
      closed.compensation.map(({ month, amountBrl }: Record<string, unknown>) => [month, amountBrl]),
      [
        ['2026-12', 6.66],
        ['2026-11', 6.66],
      ],
    )
    assert.equal(closed.compensationBrl, 13.32)
    assert.equal((await test.as('operator').post(`${one}/remeasurement`, {})).status, 409)
  })

  it('tell compensation line by line with its explanation, and summed by month', async () => {
    const compensation = '/api/quality/voltage/compensation'
    const { body } = await test.as('viewer').get(`${compensation}?month=2026-11`)
    const [{ explained, deltaBrl, pending }] = body.items
    assert.deepEqual([deltaBrl, pending], [6.66, null])
    const { DRC, DRClimit, k2, EUSD, EUSDmonth, EUSDsource } = explained.inputs
    assert.ok(Math.abs(((DRC - DRClimit) / 100) * k2 * EUSD - explained.exactBrl) < 1e-9)
    assert.deepEqual([EUSDmonth, EUSDsource], ['2026-11', 'billing'])
    assert.match(explained.rule.source, /items 28 and 29/)
    const { body: months } = await test.as('viewer').get(`${compensation}/months?from=2026-01&to=2026-12`)
    assert.deepEqual(months, [
      {
        month: '2026-12',
        units: 1,
        amountBrl: 6.66,
        correctedBrl: 0,
        pending: 0,
        formula: `sum of deltaBrl of ${compensation}?month=2026-12`,
      },
      {
        month: '2026-11',
        units: 1,
        amountBrl: 6.66,
        correctedBrl: 0,
        pending: 0,
        formula: `sum of deltaBrl of ${compensation}?month=2026-11`,
      },
    ])
    const { text } = await test.as('viewer').get(compensation, { accept: 'text/csv' })
    assert.equal(text.split('\r\n')[0], Object.keys(CompensationSchema.properties).join())
    const page = await test.as('viewer').get(`${compensation}?limit=1`)
    const next = await test.as('viewer').get(`${compensation}?limit=1&cursor=${page.body.nextCursor}`)
    assert.deepEqual(
      [page.body.items[0].month, next.body.items[0].month, next.body.nextCursor],
      ['2026-12', '2026-11', null],
    )
    assert.equal((await test.as('viewer').get(`${compensation}/months?from=2026-12&to=2026-01`)).status, 400)
  })

  it('take charges as JSON, refuse what is wrong with them by field, and record who looks at them', async () => {
    const charges = '/api/quality/voltage/charges'
    const item = { unitId: 'unit-2', month: '2026-10', eusdBrl: 61.37, source: 'billing' }
    const wrong = await test.as('admin').post(charges, {
      items: [{ ...item, unitId: 'nobody' }, { ...item, eusdBrl: 1.234 }, item],
    })
    assert.equal(wrong.status, 400)
    assert.deepEqual(
      wrong.body.errors.map(({ field }: { field: string }) => field),
      ['body.items.0.unitId', 'body.items.1.eusdBrl', 'body.items.2.month'],
    )
    assert.deepEqual((await test.as('admin').post(charges, { items: [item] })).body, {
      added: 1,
      changed: 0,
      unchanged: 0,
    })
    assert.deepEqual((await test.as('admin').post(charges, { items: [{ ...item, eusdBrl: 70 }] })).body, {
      added: 0,
      changed: 1,
      unchanged: 0,
    })
    assert.deepEqual((await test.as('admin').post(charges, { items: [{ ...item, eusdBrl: 70 }] })).body, {
      added: 0,
      changed: 0,
      unchanged: 1,
    })
    const known = await chargesFor(test.database.database, ['unit-0', 'unit-2'], ['2026-10'])
    assert.deepEqual([...known.keys()], [chargeKey('unit-2', '2026-10')])
    const { body } = await test.as('operator').get(`${charges}?limit=1`)
    assert.deepEqual([body.items[0].unitId, body.items[0].eusdBrl], ['unit-0', 1_000])
    const next = await test.as('operator').get(`${charges}?limit=1&cursor=${body.nextCursor}`)
    assert.deepEqual(
      [next.body.items[0].unitId, next.body.items[0].eusdBrl, next.body.nextCursor],
      ['unit-2', 70, null],
    )
    assert.deepEqual(await log('consumption_read'), [
      ['operator', 'unit-0', 'unit-0'],
      ['operator', 'unit-2', 'unit-2'],
    ])
    assert.equal((await log('charges_imported')).length, 4)
  })

  it('tell how a sample fares as a whole', async () => {
    const start = Date.UTC(2027, 0, 4, 3)
    at(start - 3_600_000)
    for (const unit of [2, 3, 4])
      assert.equal(
        (await schedule({ unitId: `unit-${unit}`, kind: 'sample', instrument, startsAt: iso(start) })).status,
        201,
      )
    await field.write(keys[2]!, start, week({ precarious: 31, critical: 6 }))
    await field.measure(keys[3]!, start, week({}))
    const { body } = await test.as('viewer').get('/api/quality/voltage/collective?from=2026-Q1&to=2027-Q1')
    const [quarter, before] = body
    assert.deepEqual(
      [quarter.quarter, quarter.nl, quarter.nc, quarter.iccPct, quarter.running, quarter.scheduled],
      ['2027-Q1', 2, 1, 50, 1, 0],
    )
    assert.ok(Math.abs(quarter.drpePct - 3100 / 1008 / 2) < 1e-12)
    assert.ok(Math.abs(quarter.drcePct - 600 / 1008 / 2) < 1e-12)
    assert.deepEqual(before, {
      ...{ quarter: '2026-Q3', nl: 0, nc: 0, drpePct: null, drcePct: null, iccPct: null },
      ...{ scheduled: 0, running: 0, abandoned: 1 },
    })
    assert.equal((await test.as('viewer').get('/api/quality/voltage/collective?from=2027-Q1&to=2026-Q1')).status, 400)
    const [sample] = await quarterSamples(test.database.database, '2027-01-01', '2027-01-01')
    assert.equal(sample!.results.length, 2)
  })
})

describe('a quarter', () => {
  for (const [day, name] of [
    ['2026-01-01', '2026-Q1'],
    ['2026-04-01', '2026-Q2'],
    ['2026-07-01', '2026-Q3'],
    ['2026-10-01', '2026-Q4'],
  ] as const)
    it(`that begins on ${day} is ${name}`, () => {
      assert.equal(quarterName(day), name)
      assert.equal(quarterDay(name), day)
    })
})
