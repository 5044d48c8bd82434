import { Type } from '@sinclair/typebox'
import { Instant, Nullable, rounded, roundedOrNull } from '../../../platform/http/fields.ts'
import type { DayFigures } from '../messages.ts'
import { dayFigures } from './day-figures.ts'
import type { KeptDay } from './day-repository.ts'

const kwh = (description: string) => Type.Number({ description: `${description}, kWh` })

/** Figures of a civil day, as the API shows them. */
export const dayFields = {
  date: Type.String({ format: 'date', description: 'Civil day in TIME_ZONE', examples: ['2026-11-21'] }),
  isFinal: Type.Boolean({ description: 'The day is over, and nothing more is expected of it' }),
  ratedKw: Type.Number({ description: 'What it is held against, kW' }),
  energyKwh: kwh('Generated'),
  expectedKwh: kwh('Expected in daylight, while there were readings'),
  lostKwh: kwh('Of that, what was not generated'),
  lostBrl: Nullable(Type.Number({ description: 'Its worth by the tariff of the site, R$; null: none is registered' })),
  efficiencyPct: Nullable(Type.Number({ description: 'Energy by that of the rating over the same time, %' })),
  specificYield: Type.Number({ description: 'Energy by rating (final yield), kWh/kW' }),
  performanceIndex: Nullable(
    Type.Number({
      description: 'Energy in daylight by what was expected of it: 1 where nothing is lost; null: too little sun',
    }),
  ),
  performanceRatio: Nullable(
    Type.Number({ description: 'Final yield by reference yield, IEC 61724-1; null: nobody knows the irradiance' }),
  ),
  correctedRatio: Nullable(Type.Number({ description: 'The same, corrected to 25 °C' })),
  hours: Type.Number({ description: 'With readings of its power, h; of a site summed over its panels' }),
  daylightHours: Type.Number({ description: 'Of those in daylight, h' }),
}

const shownFigures = (figures: DayFigures) => ({
  ...{ energyKwh: rounded(figures.energyKwh), expectedKwh: rounded(figures.expectedKwh) },
  ...{ lostKwh: rounded(figures.lostKwh), lostBrl: figures.lostBrl },
  efficiencyPct: roundedOrNull(figures.efficiencyPct, 2),
  specificYield: rounded(figures.specificYield),
  performanceIndex: roundedOrNull(figures.performanceIndex),
  performanceRatio: roundedOrNull(figures.performanceRatio),
  correctedRatio: roundedOrNull(figures.correctedRatio),
  ...{ hours: rounded(figures.hours, 3), daylightHours: rounded(figures.daylightHours, 3) },
})

/** A day that is kept, as the API shows it. */
export const shownDay = (day: KeptDay, siteId: string | null) => ({
  ...{ date: day.day, isFinal: day.isFinal, ratedKw: rounded(day.ratedW / 1000) },
  ...shownFigures(dayFigures(day, siteId)),
})

/** What a plant made of 5 minutes, as the API shows it. */
export const slotFields = {
  timestamp: Instant('Beginning of the 5 minutes'),
  powerW: Type.Number({ description: 'Of the panels that reported, W; generation positive' }),
  expectedW: Type.Number({ description: 'Expected of the same panels, W' }),
  irradianceWm2: Type.Number({ description: 'Mean over their planes, W/m²' }),
  basis: Type.String({
    description: 'Where the irradiance is from: measured, siblings (clear sky gated by the panels) or clear-sky',
    examples: ['siblings'],
  }),
  reporting: Type.Integer({ description: 'Panels that reported' }),
  panels: Type.Integer({ description: 'Panels that there are' }),
}
