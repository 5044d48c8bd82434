import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { writeResult } from '../demand-response/result-repository.ts'
import { knownReport } from './openadr-repository.ts'
import { hourMs, limit, usePolledVtn } from './polled-vtn.fixture.ts'
import { publishedDocument } from './published-schemas.fixture.ts'
import { PublishedSchemas } from './published-schemas.ts'

describe('a report to a VTN on an event that is over is sent', function () {
  this.timeout(60_000)
  const polled = usePolledVtn()
  const asked = limit(50, { reportDescriptors: [{ payloadType: 'USAGE' }, { payloadType: 'DELTA_USAGE' }] })
  const giveResult = async (actualKwh: number | null): Promise<void> => {
    const [event] = await polled.database.query<{ id: number }>(
      `select event_id::float8 as id from dr_event where source = 'openadr'`,
    )
    await writeResult(polled.database, {
      ...{ eventId: event!.id, feederId: 'root', computedAt: polled.now, isFinal: false, basis: 'head', coverage: 1 },
      ...{ baselineKwh: 120, actualKwh, deliveredKwh: null, committedKwh: null, reason: null, money: null },
      detail: { baselineDays: [], adjustmentKw: 0, unadjusted: null, parts: [] },
    })
  }
  const sent = (): unknown => [...polled.vtn.reports.values()].map(({ resources }) => resources)
  const report = (usage: number) => [
    {
      resourceName: 'root',
      intervals: [
        {
          id: 0,
          intervalPeriod: { start: '2026-11-23T22:00:00.000Z', duration: 'PT7200S' },
          payloads: [
            { type: 'DELTA_USAGE', values: [usage - 120] },
            { type: 'USAGE', values: [usage] },
          ],
        },
      ],
    },
  ]

  it('once it has results, and anew when they change', async () => {
    polled.vtn.putEvent('e1', asked)
    await polled.poll()
    polled.now += 4 * hourMs
    await polled.poll()
    assert.deepEqual(sent(), [])
    await giveResult(90)
    await polled.poll()
    await polled.poll()
    assert.deepEqual(sent(), [report(90)])
    assert.equal(polled.vtn.asked.filter((what) => what.startsWith('POST /reports')).length, 1)
    await giveResult(95.5)
    await polled.poll()
    assert.deepEqual(sent(), [report(95.5)])
  })

  it('once, where the process ended before it knew that it was taken', async () => {
    polled.vtn.putEvent('e1', asked)
    await polled.poll()
    polled.now += 4 * hourMs
    await giveResult(90)
    await polled.poll()
    await polled.database.query('delete from openadr_report')
    await polled.poll()
    assert.equal(polled.vtn.reports.size, 1)
  })

  it('later, where the VTN does not take it', async () => {
    polled.vtn.putEvent('e1', asked)
    await polled.poll()
    polled.now += 4 * hourMs
    await giveResult(90)
    polled.vtn.mood = { refusesReports: true }
    await polled.poll()
    assert.match((await knownReport(polled.database, 'e1'))!.error!, /answers 400: Bad Request: no reports today/)
    await polled.poll()
    assert.equal((await knownReport(polled.database, 'e1'))!.attempts, 1)
    polled.vtn.mood = {}
    polled.now += hourMs
    await polled.poll()
    assert.deepEqual(sent(), [report(90)])
    assert.equal((await knownReport(polled.database, 'e1'))!.error, null)
  })

  it('only as the published schemas allow it, where they are given', async () => {
    const strict = publishedDocument.replace(
      'clientName: { type: string, maxLength: 128 }',
      'clientName: { enum: [other] }',
    )
    polled.vtn.putEvent('e1', asked)
    await polled.poll()
    polled.now += 4 * hourMs
    await giveResult(90)
    polled.published = new PublishedSchemas(strict)
    await polled.poll()
    assert.deepEqual(sent(), [])
    assert.match((await knownReport(polled.database, 'e1'))!.error!, /^clientName is .* \(schema reportRequest\)/)
    polled.published = new PublishedSchemas(publishedDocument)
    polled.now += hourMs
    await polled.poll()
    assert.deepEqual(sent(), [report(90)])
  })

  it('not where nobody asked for it', async () => {
    polled.vtn.putEvent('e1', limit(50))
    await polled.poll()
    polled.now += 4 * hourMs
    await giveResult(90)
    await polled.poll()
    assert.deepEqual(sent(), [])
  })
})
