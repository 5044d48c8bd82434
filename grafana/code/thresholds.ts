import {
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type DynamicConfigValue,
  type Threshold,
} from '@grafana/grafana-foundation-sdk/dashboard'

/** Colours of what is as it should be, of what is close to a limit, and of what is beyond. */
export const colours = { good: 'green', near: 'yellow', beyond: 'red', neutral: 'text', limit: 'dark-red' } as const

/** From a value on, a colour. */
export interface Step {
  readonly from: number
  readonly colour: string
}

/** Thresholds of a rule: green below the first step, then the colour of each, in rising order. */
export const thresholdsOf = (steps: readonly Step[], below: string = colours.good): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholdSteps(steps, below))

/** The same as an override of one column or series. */
export const thresholdOverride = (steps: readonly Step[], below: string = colours.good): DynamicConfigValue => ({
  id: 'thresholds',
  value: { mode: ThresholdsMode.Absolute, steps: thresholdSteps(steps, below) },
})

const thresholdSteps = (steps: readonly Step[], below: string): Threshold[] => [
  { value: null, color: below },
  ...steps.map(({ from, colour }) => ({ value: from, color: colour })),
]

/** What is queried with the values and is a limit of them: a dashed line without points or fill. */
export const dashedLine = (colour: string): DynamicConfigValue[] => [
  { id: 'color', value: { mode: 'fixed', fixedColor: colour } },
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
  { id: 'custom.fillOpacity', value: 0 },
  { id: 'custom.showPoints', value: 'never' },
  { id: 'custom.spanNulls', value: true },
]

/** A limit that stands in a table of the database. */
export const limitLine: DynamicConfigValue[] = dashedLine(colours.limit)

/** Cells of a table in the colour of their threshold. By this name 9.4 knows it; later releases take it over into `cellOptions`. */
export const colouredText: DynamicConfigValue = { id: 'custom.displayMode', value: 'color-text' }
