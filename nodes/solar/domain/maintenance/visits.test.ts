import assert from 'node:assert/strict'
import { maintenanceForecast, usualQuestion } from './forecast.ts'
import { historyOf, twoKwh } from './history.fixture.ts'
import { plantOutlook } from './visits.ts'

const forecast = (levelOf: (index: number) => number) =>
  maintenanceForecast(historyOf(levelOf, 60), [], { ...usualQuestion, seed: 3, expectedKwh: twoKwh })!
const clean = { panelId: 'clean', forecast: forecast(() => 0.95) }
const dirty = { panelId: 'dirty', forecast: forecast((index) => 0.96 - 0.002 * index) }
const broken = { panelId: 'broken', forecast: forecast((index) => (index < 30 ? 0.95 : 0.6)) }

describe('what a visit to a plant is for', () => {
  it('cleaning pays when the loss that it ends exceeds its cost', () => {
    const endsBrl = dirty.forecast.soilingKwh * 0.8
    const worth = (costBrl: number) =>
      plantOutlook([dirty], 1, { tariffBrlPerKwh: 0.8, cleaningCostBrl: costBrl }).cleaning.pays
    assert.deepEqual([worth(endsBrl - 0.01), worth(endsBrl), worth(endsBrl + 0.01)], [true, false, false])
  })

  it('is worth what repair and a cleaning that pays end, less the cleaning', () => {
    const money = { tariffBrlPerKwh: 1, cleaningCostBrl: 5 }
    const soiling = dirty.forecast.soilingKwh + broken.forecast.soilingKwh
    const fault = dirty.forecast.faultKwh + broken.forecast.faultKwh
    const { avoidedBrl, cleaning } = plantOutlook([dirty, broken], 2, money)
    assert.equal(cleaning.pays, true)
    assert.ok(Math.abs(avoidedBrl! - (fault + soiling - 5)) < 1e-9)
    const dear = plantOutlook([dirty, broken], 2, { ...money, cleaningCostBrl: 1e6 })
    assert.deepEqual([dear.cleaning.pays, dear.avoidedBrl], [false, fault])
  })

  it('panels come in the order of what a visit ends, each with its share of the cost', () => {
    const { panels, duePanels, daysUntil } = plantOutlook([clean, dirty, broken], 10, {
      ...{ tariffBrlPerKwh: 1, cleaningCostBrl: 100 },
    })
    assert.deepEqual(
      panels.map(({ panelId }) => panelId),
      ['broken', 'dirty', 'clean'],
    )
    assert.ok(panels.every(({ cleaning }) => cleaning.costBrl === 10))
    assert.equal(panels[1]!.cleaning.pays, dirty.forecast.soilingKwh > 10)
    assert.deepEqual([duePanels, daysUntil], [2, 0])
  })

  it('says no sum where nobody said what a kWh is worth, or a cleaning', () => {
    const unknown = plantOutlook([dirty], 1, { tariffBrlPerKwh: null, cleaningCostBrl: 10 })
    assert.deepEqual([unknown.cleaning.pays, unknown.cleaning.endsBrl, unknown.avoidedBrl], [null, null, null])
    const costless = plantOutlook([dirty], 1, { tariffBrlPerKwh: 1, cleaningCostBrl: null })
    assert.deepEqual([costless.cleaning.pays, costless.avoidedBrl], [null, dirty.forecast.faultKwh])
  })

  it('of a plant without forecasts is for nothing', () => {
    const { duePanels, daysUntil, avoidedBrl } = plantOutlook([], 5, { tariffBrlPerKwh: 1, cleaningCostBrl: 1 })
    assert.deepEqual([duePanels, daysUntil, avoidedBrl], [0, null, 0])
  })

  it('refuses money and panels that cannot be', () => {
    const money = { tariffBrlPerKwh: 1, cleaningCostBrl: 1 }
    assert.throws(() => plantOutlook([], 0, money), /panels of a plant: 0/)
    assert.throws(() => plantOutlook([], 1, { ...money, tariffBrlPerKwh: -1 }), /tariff out of range: -1/)
    assert.throws(() => plantOutlook([], 1, { ...money, cleaningCostBrl: NaN }), /cost of cleaning out of range: NaN/)
  })
})
