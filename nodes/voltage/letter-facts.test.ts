import assert from 'node:assert/strict'
import { civilDaysIn } from '../../platform/clock/civil-day.ts'
import { defaultChoices } from '../../platform/regulation/options.ts'
import { letterFactsOf, type LetterSources } from './letter-facts.ts'
import type { Measurement, MeasurementResult } from './measurement-repository.ts'

const timeZone = 'America/Sao_Paulo'
const result: MeasurementResult = {
  ...{ version: 1, computedAt: 0, endedAt: Date.parse('2026-08-18T02:00:00Z'), valid: 1_008, invalid: 3 },
  ...{ precarious: [null, 62, null], critical: [null, 3, null], nlp: 62, nlc: 3 },
  ...{ drpPct: 6_200 / 1_008, drcPct: 300 / 1_008, drpViolated: true, drcViolated: false },
}
const measurement = {
  ...{
    measurementId: 7,
    unitId: 'u-1',
    kind: 'inspection',
    protocol: 'F-12',
    instrumentClass: 'S',
    serial: 'x',
    calibratedOn: '2026-01-01',
  },
  ...{ referenceV: 220, phases: 'B', startsAt: Date.parse('2026-08-10T03:00:00Z') },
} as Measurement
const sources = (changes: Partial<LetterSources> = {}): LetterSources => ({
  ...{ measurement, result, choices: defaultChoices, holder: null, writtenOn: '2026-08-24', timeZone },
  ground: { measuredBetween: 'phase_neutral', drpDueOn: null, drcDueOn: null, compensation: null },
  agent: { name: 'D', acronym: 'D', cnpj: '12ABC34501DE35', contact: null },
  days: civilDaysIn(timeZone),
  ...changes,
})

describe('the facts of a letter', () => {
  it('are of the phases that the unit has', () =>
    assert.deepEqual(letterFactsOf(sources()).measurement.phases, [
      { phase: 'B', adequate: 943, precarious: 62, critical: 3 },
    ]))

  it('have the number of what it was taken for', () =>
    assert.equal(letterFactsOf(sources()).measurement.protocol, 'F-12'))

  it('have the deadline of the limit that is broken, from the civil day of the end', () =>
    // 23:00 of the 17th in São Paulo.
    assert.deepEqual(letterFactsOf(sources()).duties.regularise, [
      { indicator: 'DRP', days: 90, until: '2026-11-15', source: 'option voltage-regularisation-days-drp' },
    ]))

  it('have the deadline of the case, once there is one', () => {
    const ground = { ...sources().ground, drpDueOn: '2026-09-16' }
    const [duty] = letterFactsOf(sources({ ground })).duties.regularise
    assert.deepEqual([duty!.until, duty!.days], ['2026-09-16', 30])
  })

  it('go by what was chosen', () => {
    const choices = { ...defaultChoices, 'voltage-percentages': 'rounded', 'voltage-notice-days': 30 } as const
    const { percentages, duties } = letterFactsOf(sources({ choices }))
    assert.deepEqual([percentages, duties.noticeDays.days], ['rounded', 30])
  })
})
