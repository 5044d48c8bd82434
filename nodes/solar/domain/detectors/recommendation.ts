import type { PanelSample } from '../plant.ts'
import type { AnomalyKind, Recommendation } from './anomaly.ts'

/** What to do, in words, en-US and pt-BR. */
export const recommendationTexts: Readonly<Record<Recommendation, { readonly en: string; readonly pt: string }>> = {
  'check-cooling': {
    en: 'Check the cooling: what keeps air from passing behind the panel?',
    pt: 'Verificar a ventilação: o que impede o ar de passar atrás do painel?',
  },
  'look-for-dirt-or-damage': {
    en: 'Look for dirt or damage on the panel',
    pt: 'Procurar sujeira ou danos no painel',
  },
  'check-connections': {
    en: 'Check connectors, cables and junction box',
    pt: 'Verificar conectores, cabos e caixa de junção',
  },
  'schedule-inspection': { en: 'Schedule an inspection', pt: 'Agendar uma inspeção' },
  'check-inverter': {
    en: 'Check the inverter and its protection',
    pt: 'Verificar o inversor e sua proteção',
  },
  'check-sensor': { en: 'Check the sensor and its wiring', pt: 'Verificar o sensor e sua fiação' },
  'check-clock': { en: 'Set the clock of the device', pt: 'Acertar o relógio do dispositivo' },
  'clear-shade': {
    en: 'Find and remove what shades the panel at that time of day',
    pt: 'Localizar e remover o que faz sombra no painel nesse horário',
  },
  clean: { en: 'Clean the panel', pt: 'Limpar o painel' },
  'check-string': {
    en: 'Check fuses and connectors of the string',
    pt: 'Verificar fusíveis e conectores da série',
  },
}

/** What a kind says by itself of what to do. */
const byKind: Readonly<Partial<Record<AnomalyKind, Recommendation>>> = {
  clock: 'check-clock',
  out_of_range: 'check-sensor',
  stuck_value: 'check-sensor',
  inverter_trip: 'check-inverter',
  string_open: 'check-string',
  short_circuit: 'check-connections',
  zero_output: 'check-connections',
  clipping: 'check-inverter',
  low_voltage: 'check-connections',
  hot_spot: 'look-for-dirt-or-damage',
  hot_panel: 'check-cooling',
  shading: 'clear-shade',
  soiling: 'clean',
}

/** What a reading in daylight says of what to do. */
const byReading: readonly [(sample: PanelSample) => boolean, Recommendation][] = [
  [({ temperatureC }) => temperatureC !== null && temperatureC > 60, 'check-cooling'],
  [({ powerW }) => powerW !== null && powerW < 100, 'look-for-dirt-or-damage'],
  [({ voltageV }) => voltageV !== null && voltageV < 40, 'check-connections'],
]

/** Kinds that are of a sensor or a clock: what it reports says nothing of the panel. */
const ofSensor: ReadonlySet<AnomalyKind> = new Set(['clock', 'out_of_range', 'stuck_value'])

/**
 * What to do about an anomaly, most telling first: what its kind says, then what the reading says, which counts in daylight
 * only (by night every panel is below 100 W), and an inspection where neither says anything.
 * @param sample  of the slot that showed it; `null`: none
 */
export function recommendationsFor(
  kind: AnomalyKind,
  sample: PanelSample | null,
  isDaylight: boolean,
): readonly Recommendation[] {
  const own = byKind[kind]
  const read =
    sample && isDaylight && !ofSensor.has(kind)
      ? byReading.filter(([holds]) => holds(sample)).map(([, recommendation]) => recommendation)
      : []
  const all = [...new Set([...(own ? [own] : []), ...read])]
  return all.length > 0 ? all : ['schedule-inspection']
}
