import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { noYield } from '../domain/performance.ts'
import { june, juneBegins } from '../slots/seeded-plant.fixture.ts'
import type { KeptDay } from './day-repository.ts'
import { dayFields, shownDay, slotFields } from './performance-fields.ts'

const sums = {
  ...{ hours: 23.99951, daylightHours: 10 + 1 / 3, energyWh: 1_800, ratedWh: 9_600, daylightWh: 1_799.999_999_9 },
  ...{ expectedWh: 2_000, referredWh: 1_700, referenceWh: 2_100, correctedWh: 1_600, correctedReferenceWh: 2_000 },
}
const kept = (more: Partial<KeptDay> = {}): KeptDay => ({
  ...{ day: june, beginsAt: juneBegins, isFinal: true, ratedW: 400, tariffBrlPerKwh: 0.8, panels: 1, sums },
  ...more,
})

describe('a day, as the API shows it', () => {
  it('is in kW, kWh, R$, percent and hours', () => {
    assert.deepEqual(shownDay(kept(), 'roof'), {
      ...{ date: june, isFinal: true, ratedKw: 0.4, energyKwh: 1.8, expectedKwh: 2, lostKwh: 0.2, lostBrl: 0.16 },
      ...{ efficiencyPct: 18.75, specificYield: 4.5, performanceIndex: 0.9 },
      ...{ performanceRatio: 0.809524, correctedRatio: 0.8, hours: 24, daylightHours: 10.333 },
    })
  })

  it('has nothing in place of what nobody knows', () => {
    const { lostBrl, efficiencyPct, performanceIndex, performanceRatio, correctedRatio, ...known } = shownDay(
      kept({ sums: noYield, tariffBrlPerKwh: null, isFinal: false }),
      null,
    )
    assert.deepEqual(
      [lostBrl, efficiencyPct, performanceIndex, performanceRatio, correctedRatio],
      [null, null, null, null, null],
    )
    assert.deepEqual(known, {
      ...{ date: june, isFinal: false, ratedKw: 0.4, energyKwh: 0, expectedKwh: 0, lostKwh: 0, specificYield: 0 },
      ...{ hours: 0, daylightHours: 0 },
    })
  })

  for (const [expectedWh, index] of [
    [199.9, null],
    [200, 0],
  ] as const)
    it(`has ${index === null ? 'no index' : 'an index'} of a panel of 400 W after ${expectedWh} Wh of sun`, () => {
      const { performanceIndex, lostKwh } = shownDay(kept({ sums: { ...noYield, expectedWh } }), 'roof')
      assert.deepEqual([performanceIndex, lostKwh], [index, expectedWh / 1_000])
    })

  it('has lost nothing where it made more than was expected of it', () => {
    const { lostKwh, lostBrl, performanceIndex } = shownDay(kept({ sums: { ...sums, daylightWh: 2_100 } }), 'roof')
    assert.deepEqual([lostKwh, lostBrl, performanceIndex], [0, 0, 1.05])
  })

  it('has the fields that are described, and no other', () => {
    assert.deepEqual(Object.keys(shownDay(kept(), 'roof')), Object.keys(dayFields))
  })
})

describe('fields of days and slots', () => {
  const units = { Kwh: 'kWh', Kw: 'kW', W: 'W', Wm2: 'W/m²', Brl: 'R$', Pct: '%', ours: 'h' }
  const descriptionOf = (field: object): string => JSON.stringify(field).replaceAll('"', ' ')

  for (const [name, field] of Object.entries({ ...dayFields, ...slotFields })) {
    const unit = Object.entries(units).find(([ending]) => name.endsWith(ending))?.[1]
    if (unit !== undefined)
      it(`${name} says that it is in ${unit}`, () =>
        assert.ok(
          descriptionOf(field)
            .split(/[\s,;]+/)
            .includes(unit),
          descriptionOf(field),
        ))
  }
})
