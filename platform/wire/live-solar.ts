import { Type, type Static } from '@sinclair/typebox'
import { Instant, nullable, words } from './live-fields.ts'

const kwh = (description: string) => Type.Number({ description: `${description}, kWh; generation positive` })
const ratio = (description: string) => nullable(Type.Number(), `${description}; null: too little is known yet`)

/** Topic `solar`, by panel id: a solar panel with its newest civil day, and with what is amiss with it. */
export const LiveSolarPanel = Type.Object({
  panelId: Type.String(),
  siteId: nullable(Type.String(), 'where it is'),
  feederId: nullable(Type.String(), 'feeder that it is on'),
  day: nullable(Type.String(), 'civil day of the figures, YYYY-MM-DD; null: none of yesterday or today is known'),
  isFinal: Type.Boolean({ description: 'the day is over, and nothing more is expected of it' }),
  energyKwh: kwh('generated'),
  expectedKwh: kwh('expected in daylight'),
  lostKwh: kwh('expected in daylight and not generated'),
  performanceIndex: ratio('generated in daylight by what was expected'),
  performanceRatio: ratio('final yield by reference yield (IEC 61724-1)'),
  correctedRatio: ratio('the same, corrected to 25 °C'),
  anomalies: Type.Array(
    Type.Object({
      kind: Type.String(),
      severity: words('low', 'medium', 'high', 'critical'),
      since: Instant,
      details: Type.Object({ en: Type.String(), pt: Type.String() }),
    }),
    { description: 'that last, the gravest first; those of its whole site among them' },
  ),
})
export type LiveSolarPanel = Static<typeof LiveSolarPanel>
