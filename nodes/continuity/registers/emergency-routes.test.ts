import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { platformClock } from '../../../platform/clock/clock.ts'
import { useApi } from '../../../platform/http/api.fixture.ts'
import { seedInterruptions } from '../interruptions/seeded-interruptions.fixture.ts'
import { criticalDayRoutes } from './critical-day-routes.ts'
import { writeCriticalDay } from './critical-days.ts'
import { distributorUnits, eventOutages, listSituations } from './emergency-repository.ts'
import { emergencyRoutes } from './emergency-routes.ts'
import { emergencyServiceMonths } from './emergency-services.ts'
import { eventChi, writeEmergencySituation } from './emergency-situations.ts'
import { enterRecords } from './enter-rows.ts'
import { registerNamed } from './registers.ts'
import { seedConjuntos, seedUnits } from './seeded-conjuntos.fixture.ts'

const base = '/api/quality/continuity'
const hourMs = 3_600_000
const by = { name: 'tester', at: Date.UTC(2026, 5, 1) }

describe('emergencies and critical days, as programs ask for them', function () {
  this.timeout(60_000)
  const test = useApi({ routes: [criticalDayRoutes, emergencyRoutes] })
  const viewer = () => test.as('viewer')
  const database = () => test.database.database
  const enter = (name: string, records: object[]) => enterRecords(database(), registerNamed(name)!, records, by)

  before(async () => {
    await seedConjuntos(database(), ['c-1', 'c-2'])
    await seedConjuntos(database(), ['c-manaus'], 'America/Manaus')
    await seedUnits(database(), 'c-1', ['u-1', 'u-2', 'u-3'])
    await enter('emergency-days', [
      { conjuntoId: 'c-1', day: '2024-05-01', occurrences: 2 },
      { conjuntoId: 'c-1', day: '2026-03-10', occurrences: 9 },
    ])
  })

  it('list candidates of a year, as a table too, until and after two persons decide', async () => {
    const path = `${base}/critical-days/candidates?year=2026`
    const { status, body, text } = await viewer().get(path)
    assert.equal(status, 200, text)
    assert.deepEqual(
      body.items.map((item: { conjuntoId: string; day: string; approved: boolean }) => [
        ...[item.conjuntoId, item.day, item.approved],
      ]),
      [['c-1', '2026-03-10', false]],
    )
    const [{ conjuntoId, day, occurrences, threshold }] = body.items
    await database().transaction((client) =>
      writeCriticalDay(client, { conjuntoId, day, occurrences, threshold: threshold.perDay, basis: threshold }, 5),
    )
    assert.equal((await viewer().get(path)).body.items[0].approved, true)
    const csv = await viewer().get(path, { accept: 'text/csv' })
    assert.match(csv.text, /^conjuntoId,day,occurrences,perDay,approved\r\nc-1,2026-03-10,9,0\.\d+,true\r\n$/)
    const approved = (await viewer().get(`${base}/critical-days?year=2026`)).body.items
    assert.deepEqual([approved.length, approved[0].basis.days, approved[0].approvalId], [1, 731, 5])
    assert.deepEqual((await viewer().get(`${base}/critical-days?year=2025`)).body.items, [])
  })

  it('tell of today, of another day, and of one conjunto', async () => {
    const today = await viewer().get(`${base}/critical-days/outlook`)
    assert.deepEqual(
      today.body.items.map(({ conjuntoId }: { conjuntoId: string }) => conjuntoId),
      ['c-1', 'c-2', 'c-manaus'],
    )
    const { body } = await viewer().get(`${base}/critical-days/outlook?conjuntoId=c-1&day=2026-03-10`)
    assert.deepEqual([body.items[0].occurrences, body.items[0].stillNeeded, body.items[0].approved], [9, 0, true])
    for (const path of ['candidates?year=2026&', 'outlook?', '?year=2026&'])
      assert.equal(
        (await viewer().get(`${base}/critical-days/${path}conjuntoId=nobody`.replace('/?', '?'))).status,
        400,
      )
    assert.equal((await viewer().get(`${base}/critical-days/outlook?day=2026-02-30`)).status, 400)
  })

  it('tell the emergency service of a month of the conjunto', async () => {
    // The last quarter of an hour of March in São Paulo, and of Manaus an hour earlier by UTC.
    const open = (occurrenceId: string, conjuntoId: string, openedAt: string, more: object = {}) => ({
      ...{ occurrenceId, conjuntoId, openedAt, withInterruption: true, ...more },
    })
    await enter('emergency-occurrences', [
      open('O-1', 'c-1', '2026-03-31T23:45:00-03:00', {
        dispatchedAt: '2026-03-31T23:55:00-03:00',
        arrivedAt: '2026-04-01T00:15:00-03:00',
        closedAt: '2026-04-01T01:00:00-03:00',
      }),
      open('O-2', 'c-1', '2026-04-01T00:00:00-03:00'),
      open('O-3', 'c-manaus', '2026-03-31T23:59:00-04:00', { withInterruption: false }),
    ])
    const { body, text } = await viewer().get(`${base}/emergency-service?month=2026-03`)
    const none = { tmpMin: null, tmdMin: null, tmeMin: null, tmaeMin: null, served: 0, ndiacri: 0 }
    assert.deepEqual(
      body.items,
      [
        {
          ...{ conjuntoId: 'c-1', month: '2026-03', tmpMin: 10, tmdMin: 20, tmeMin: 45, tmaeMin: 75 },
          ...{ numOcorr: 1, nie: 1, served: 1, ndiacri: 1 },
        },
        { conjuntoId: 'c-2', month: '2026-03', ...none, numOcorr: 0, nie: 0 },
        { conjuntoId: 'c-manaus', month: '2026-03', ...none, numOcorr: 1, nie: 0 },
      ],
      text,
    )
    const [april] = await emergencyServiceMonths(database(), { month: '2026-04', conjuntoIds: ['c-1'] })
    assert.deepEqual([april!.numOcorr, april!.served, april!.ndiacri], [1, 0, 0])
    const csv = await viewer().get(`${base}/emergency-service?month=2026-03&conjuntoId=c-1`, { accept: 'text/csv' })
    assert.match(csv.text, /\r\nc-1,2026-03,10,20,45,75,1,1,1,1\r\n$/)
  })

  it('list situations of emergency', async () => {
    const situation = {
      ...{
        situationId: 'S-1',
        basis: 'decree' as const,
        decree: 'Decreto 7/2026',
        conjuntoIds: ['c-1'],
        municipalityCodes: [3550308],
      },
      ...{
        startsAt: Date.UTC(2026, 2, 10),
        endsAt: Date.UTC(2026, 2, 12),
        description: 'storm',
        evidence: 'D.O. 12/03',
      },
    }
    await database().transaction((client) => writeEmergencySituation(client, situation, 8))
    const { body } = await viewer().get(
      `${base}/emergency-situations?from=2026-03-11T00:00:00Z&to=2026-03-12T00:00:00Z`,
    )
    assert.deepEqual(body.items, [
      { ...situation, startsAt: '2026-03-10T00:00:00.000Z', endsAt: '2026-03-12T00:00:00.000Z', approvalId: 8 },
    ])
    assert.deepEqual((await viewer().get(`${base}/emergency-situations?from=2026-03-12T00:00:00Z`)).body.items, [])
    const changed = { ...situation, evidence: 'D.O. 13/03' }
    await database().transaction((client) => writeEmergencySituation(client, changed, 9))
    const none = { from: undefined, to: undefined }
    const rows = await listSituations(database(), none, { after: undefined, limit: 10 })
    assert.deepEqual(rows, [{ ...changed, approvalId: 9 }])
  })

  it("hold an event's customer-hours against 2,612 × N^0.35", async () => {
    const from = Date.UTC(2026, 2, 10, 12)
    const until = from + 2 * hourMs
    await seedInterruptions(database(), [
      {
        eventId: 77,
        units: [
          { unitId: 'u-1', from, until },
          { unitId: 'u-2', from, until },
          { unitId: 'u-3', from, until: null },
        ],
      },
    ])
    assert.equal((await eventOutages(database(), 77)).outages.length, 2)
    // Three units now; of October 2025 the distributor entered another number.
    assert.equal(await distributorUnits(database(), '2025-10'), 3)
    await enter('conjunto-units', [{ conjuntoId: 'c-2', month: '2025-10', units: 84_997 }])
    const chi = (await eventChi(database(), 77, from + 10 * hourMs))!
    assert.deepEqual(
      [chi.chiH, chi.distributorUnits, chi.unitsMonth, chi.lasts, chi.units],
      [14, 85_000, '2025-10', true, 3],
    )
    assert.deepEqual([Math.round(chi.limitH), chi.reached], [138_762, false])
    const { body } = await viewer().get(`${base}/events/77/customer-hours`)
    const now = platformClock.now()
    assert.ok(Math.abs(body.chiH - 4 - (now - from) / hourMs) < 1)
    assert.match(body.rule.source, /Módulo 1/)
    assert.equal((await viewer().get(`${base}/events/78/customer-hours`)).status, 404)
  })
})
