import assert from 'node:assert/strict'
import { recountOf } from './official-recount.ts'
import type { ReportedInterruption } from './official-interruption.ts'

const hourMs = 3_600_000
const utc = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`)

describe('lines counted again', () => {
  const line: ReportedInterruption = {
    ...{ interruptionId: '1', eventId: null, occurrenceId: null, municipalityCode: null, elementKind: null },
    ...{ conjunto: { id: '1', name: 'A' }, feederId: null, substationId: null, year: 2026, month: 3 },
    ...{ programmed: false, origin: 'internal', reason: 'none', cause: null, detail: null, voltageV: null },
    ...{ from: '2026-03-31 23:00:00', until: '2026-04-01 02:00:00', unitsOut: 10, unitsOfConjunto: 100 },
  }

  it('are, split, what of each is of its month, and begin once', () => {
    const march = recountOf([line], 'split', utc)
    const april = recountOf([{ ...line, month: 4 }], 'split', utc)
    assert.deepEqual(march, { units: 100, parcels: { IND: { ms: 10 * hourMs, count: 10 } } })
    assert.deepEqual(april.parcels, { IND: { ms: 20 * hourMs, count: 0 } })
  })

  it('are whole where one month has it all', () =>
    assert.deepEqual(recountOf([line], 'start-month', utc).parcels, { IND: { ms: 30 * hourMs, count: 10 } }))

  it('are of the parcel that reason and programme say, and none of the user’s own', () => {
    const of = (reason: ReportedInterruption['reason'], programmed: boolean) =>
      Object.keys(recountOf([{ ...line, reason, programmed }], 'start-month', utc).parcels).join()
    assert.deepEqual(
      [of('none', true), of('critical-day', false), of('critical-day', true), of('emergency-decree', false)],
      ['IP', 'INC', 'IPC', 'INE'],
    )
    assert.deepEqual(
      [of('load-shedding', false), of('external-origin', false), of('external-origin', true), of('suspension', false)],
      ['INO', 'XN', 'XP', ''],
    )
  })
})
