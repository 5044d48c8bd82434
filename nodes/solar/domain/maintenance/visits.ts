import type { MaintenanceForecast } from './forecast.ts'

/** What energy and work are worth at a plant. */
export interface PlantMoney {
  /** R$ a kWh; null: nobody said. */
  readonly tariffBrlPerKwh: number | null
  /** Of cleaning the whole plant once, R$; null: nobody said. */
  readonly cleaningCostBrl: number | null
}

/** What cleaning is worth, of a plant or of one of its panels. */
export interface CleaningWorth {
  /** Loss that it ends within the horizon, R$; null: without tariff. */
  readonly endsBrl: number | null
  /** What it costs, R$; null: nobody said. */
  readonly costBrl: number | null
  /** Whether the loss that it ends exceeds its cost; null where either is not known. */
  readonly pays: boolean | null
}

/** A panel with its forecast, and whether it alone is worth cleaning. */
export interface PanelOutlook {
  readonly panelId: string
  readonly forecast: MaintenanceForecast
  readonly cleaning: CleaningWorth
}

/** What a visit to a plant would be for. Energy and money are of the horizon of the forecasts. */
export interface PlantOutlook {
  readonly cleaning: CleaningWorth
  /** Panels whose level crosses its threshold within the horizon in at least half of all courses. */
  readonly duePanels: number
  /** Until the first of them does; null: none. */
  readonly daysUntil: number | null
  readonly lostKwh: number
  readonly soilingKwh: number
  readonly faultKwh: number
  /**
   * What a visit saves that repairs, and cleans where that pays, R$, less what the cleaning costs; what repairs cost is not known
   * before somebody has looked. Null: without tariff.
   */
  readonly avoidedBrl: number | null
  /** The panels in the order in which they are to be looked at: those first that lose most of what a visit can end. */
  readonly panels: readonly PanelOutlook[]
}

/**
 * Puts the forecasts of a plant's panels together: one visit is for all of them.
 * @param panels  at most all panels of the plant; those without a forecast are left out
 * @param of      panels that the plant has, which share the cost of cleaning; 1 or more
 * @throws RangeError of a plant without panels, or of money that cannot be
 */
export function plantOutlook(
  panels: readonly { readonly panelId: string; readonly forecast: MaintenanceForecast }[],
  of: number,
  money: PlantMoney,
): PlantOutlook {
  const { tariffBrlPerKwh: tariff, cleaningCostBrl: cost } = money
  if (!(Number.isInteger(of) && of >= 1)) throw new RangeError(`panels of a plant: ${of}`)
  if (tariff !== null && !(tariff >= 0)) throw new RangeError(`tariff out of range: ${tariff} R$/kWh`)
  if (cost !== null && !(cost >= 0)) throw new RangeError(`cost of cleaning out of range: ${cost} R$`)
  const sum = (part: (forecast: MaintenanceForecast) => number): number =>
    panels.reduce((total, { forecast }) => total + part(forecast), 0)
  const soilingKwh = sum((forecast) => forecast.soilingKwh)
  const faultKwh = sum((forecast) => forecast.faultKwh)
  const cleaning = cleaningWorth(soilingKwh, tariff, cost)
  const due = panels.flatMap(({ forecast: { crossing } }) => (crossing.days === null ? [] : [crossing.days]))
  const cleaned = cleaning.pays ? cleaning.endsBrl! - cost! : 0
  return {
    ...{ cleaning, soilingKwh, faultKwh, lostKwh: sum((forecast) => forecast.lostKwh) },
    duePanels: due.length,
    daysUntil: due.length === 0 ? null : due.reduce((least, days) => Math.min(least, days)),
    avoidedBrl: tariff === null ? null : faultKwh * tariff + cleaned,
    panels: panels
      .map(({ panelId, forecast }) => {
        const share = cost === null ? null : cost / of
        return { panelId, forecast, cleaning: cleaningWorth(forecast.soilingKwh, tariff, share) }
      })
      .sort((a, b) => endable(b) - endable(a) || (a.panelId < b.panelId ? -1 : 1)),
  }
}

const endable = ({ forecast: { soilingKwh, faultKwh } }: PanelOutlook): number => soilingKwh + faultKwh

function cleaningWorth(soilingKwh: number, tariff: number | null, costBrl: number | null): CleaningWorth {
  const endsBrl = tariff === null ? null : soilingKwh * tariff
  return { endsBrl, costBrl, pays: endsBrl === null || costBrl === null ? null : endsBrl > costBrl }
}
