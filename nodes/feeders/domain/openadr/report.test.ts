import assert from 'node:assert/strict'
import type { VtnEvent } from './objects.ts'
import { reportOf, reportsAsked, type CallResult } from './report.ts'

const startsAt = Date.UTC(2026, 10, 23, 18)
const result = (of: Partial<CallResult> = {}): CallResult => ({
  ...{ intervalId: 0, feederId: 'f-1', startsAt, endsAt: startsAt + 3_600_000, basis: 'head' },
  ...{ baselineKwh: 100, actualKwh: 70.1234, ...of },
})
const event = (reportDescriptors: NonNullable<VtnEvent['reportDescriptors']> | null): VtnEvent => ({
  ...{ id: 'e', programID: 'p', reportDescriptors },
})
const all = event(['USAGE', 'BASELINE', 'DELTA_USAGE'].map((payloadType) => ({ payloadType })))

describe('a report on an event that is over', () => {
  it('says by feeder what was taken, what would have been, and the difference', () => {
    const report = reportOf(all, [result(), result({ feederId: 'a-1', basis: 'devices' })], 'lv')
    assert.deepEqual([report.eventID, report.clientName, report.reportName], ['e', 'lv', 'linha-viva-e'])
    assert.deepEqual(
      report.payloadDescriptors.map(({ payloadType, readingType, units }) => [payloadType, readingType, units]),
      [
        ['BASELINE', 'ESTIMATED', 'KWH'],
        ['DELTA_USAGE', 'ESTIMATED', 'KWH'],
        ['USAGE', 'SUMMED', 'KWH'],
      ],
    )
    assert.deepEqual(
      report.resources.map(({ resourceName }) => resourceName),
      ['a-1', 'f-1'],
    )
    assert.deepEqual(report.resources[1]!.intervals, [
      {
        id: 0,
        intervalPeriod: { start: '2026-11-23T18:00:00.000Z', duration: 'PT3600S' },
        payloads: [
          { type: 'BASELINE', values: [100] },
          { type: 'DELTA_USAGE', values: [-29.877] },
          { type: 'USAGE', values: [70.123] },
        ],
      },
    ])
  })

  it('adds up where it is to', () => {
    const together = event([{ payloadType: 'USAGE', aggregate: true }])
    const { resources } = reportOf(together, [result(), result({ feederId: 'f-2', actualKwh: 10 })], 'lv')
    assert.equal(resources.length, 1)
    assert.equal(resources[0]!.resourceName, 'AGGREGATED_REPORT')
    assert.deepEqual(resources[0]!.intervals[0]!.payloads, [{ type: 'USAGE', values: [80.123] }])
  })

  it('has the intervals in their order', () => {
    const later = result({ intervalId: 1, startsAt: startsAt + 3_600_000, endsAt: startsAt + 7_200_000 })
    const { resources } = reportOf(all, [later, result()], 'lv')
    assert.deepEqual(
      resources[0]!.intervals.map(({ id }) => id),
      [0, 1],
    )
  })

  it('says of what nobody knows that it is missing', () => {
    const { resources } = reportOf(event([{ payloadType: 'DELTA_USAGE' }]), [result({ baselineKwh: null })], 'lv')
    assert.deepEqual(resources[0]!.intervals[0]!.payloads, [
      { type: 'DELTA_USAGE', values: [] },
      { type: 'DATA_QUALITY', values: ['MISSING'] },
    ])
  })

  it('is of what was asked for and can be said of the past', () => {
    assert.deepEqual(reportsAsked(event(null)), { types: [], isAggregated: false, notTaken: [] })
    const asked = reportsAsked(
      event([
        { payloadType: 'USAGE', historical: false },
        { payloadType: 'OPERATING_STATE' },
        { payloadType: 'BASELINE', historical: true },
      ]),
    )
    assert.deepEqual(asked.types, ['BASELINE'])
    assert.deepEqual(asked.notTaken, ['no report of USAGE to come', 'no report of OPERATING_STATE'])
  })
})
