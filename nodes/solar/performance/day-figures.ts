import { lostEnergyMoney } from '../domain/lost-energy-money.ts'
import { performanceOf, sumOfYields } from '../domain/performance.ts'
import type { DayFigures, SolarPerformance } from '../messages.ts'
import { siteOfPlant } from '../slots/plant-repository.ts'
import type { KeptDay } from './day-repository.ts'
import type { FoundDay } from './running-performance.ts'

/** Figures of a day, or of days whose sums were added up. */
export function dayFigures(
  { day, ratedW, tariffBrlPerKwh, sums }: Pick<KeptDay, 'day' | 'ratedW' | 'tariffBrlPerKwh' | 'sums'>,
  siteId: string | null,
): DayFigures {
  const figures = performanceOf(sums, ratedW)
  if (tariffBrlPerKwh === null) return { ...figures, lostBrl: null }
  const tariff = { siteId: siteId ?? '', tariffBrlPerKwh }
  return { ...figures, lostBrl: lostEnergyMoney(figures.lostKwh, tariff, day).amountBrl }
}

/** A day as a message tells it. */
export function performanceMessage({ stored, day, isFinal, tariffBrlPerKwh, panels }: FoundDay): SolarPerformance {
  const siteId = siteOfPlant(stored.plantId)
  const idOf = new Map([...stored.keyOf].map(([panelId, key]) => [key, panelId]))
  const ratedW = panels.reduce((total, panel) => total + panel.ratedW, 0)
  const sums = sumOfYields(panels.map((panel) => panel.sums))
  return {
    topic: 'solar/performance',
    payload: {
      ...{ siteId, day, isFinal, site: dayFigures({ day, ratedW, tariffBrlPerKwh, sums }, siteId) },
      panels: panels.map((panel) => ({
        panelId: idOf.get(panel.deviceKey)!,
        ...dayFigures({ day, tariffBrlPerKwh, ...panel }, siteId),
      })),
    },
  }
}
