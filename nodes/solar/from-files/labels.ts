import { anomalyKinds, type AnomalyKind } from '../domain/detectors/anomaly.ts'

/** What a label says that says no more than that something is amiss. */
const unnamed = 'anomaly'

const well = new Set(['', '0', '0.0', 'false', 'f', 'no', 'n', 'normal', 'none', 'ok', 'healthy', 'nan', 'na', 'null'])
const amiss = new Set([
  '1',
  '1.0',
  'true',
  't',
  'yes',
  'y',
  'anomaly',
  'anomalous',
  'abnormal',
  'fault',
  'faulty',
  'failure',
])

/** What a cell of labels says is amiss, in lower case with underscores; undefined: nothing. */
export function labelOf(text: string): string | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
  if (well.has(word)) return undefined
  return amiss.has(word) ? unnamed : word
}

/** Other names of what the detectors know. */
const otherNames: Readonly<Record<string, AnomalyKind>> = {
  ...{
    stuck: 'stuck_value',
    stuck_sensor: 'stuck_value',
    dead_panel: 'zero_output',
    shadow: 'shading',
    dirt: 'soiling',
  },
  ...{ overheating: 'hot_panel', hotspot: 'hot_spot', open_circuit: 'string_open', open_string: 'string_open' },
  ...{ derating: 'clipping', sensor_fault: 'out_of_range', ageing: 'degradation', aging: 'degradation' },
}

/** The kind of anomaly that a label names; undefined: it names none that the detectors know. */
export const kindNamed = (label: string): AnomalyKind | undefined =>
  anomalyKinds.find((kind) => kind === label) ?? (Object.hasOwn(otherNames, label) ? otherNames[label] : undefined)
