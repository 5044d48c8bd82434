import type { Anomaly, AnomalyKind, Evidence, Feature } from './detectors/anomaly.ts'
import { recommendationTexts } from './detectors/recommendation.ts'

/** The same in the languages of the house. */
export interface Words {
  readonly en: string
  readonly pt: string
}

/** What a kind is called. */
export const anomalyWords: Readonly<Record<AnomalyKind, Words>> = {
  clock: { en: 'its clock is wrong', pt: 'relógio errado' },
  out_of_range: { en: 'a value that cannot be', pt: 'valor impossível' },
  stuck_value: { en: 'a value that does not change', pt: 'valor travado' },
  inverter_trip: { en: 'the inverter is off in daylight', pt: 'inversor desligado à luz do dia' },
  string_open: { en: 'a string is open', pt: 'série aberta' },
  short_circuit: { en: 'a short circuit', pt: 'curto-circuito' },
  zero_output: { en: 'no output in daylight', pt: 'sem geração à luz do dia' },
  clipping: { en: 'output is capped', pt: 'geração limitada' },
  low_voltage: { en: 'low voltage', pt: 'tensão baixa' },
  hot_spot: { en: 'a hot spot', pt: 'ponto quente' },
  hot_panel: { en: 'hot', pt: 'quente' },
  shading: { en: 'shaded at certain hours', pt: 'sombra em certos horários' },
  soiling: { en: 'soiling', pt: 'sujeira' },
  degradation: { en: 'ageing', pt: 'envelhecimento' },
  mismatch: { en: 'less than its neighbours', pt: 'menos do que os vizinhos' },
  unusual: { en: 'unusual values', pt: 'valores incomuns' },
}

const featureWords: Readonly<Record<Feature, Words>> = {
  power_w: { en: 'power', pt: 'potência' },
  voltage_v: { en: 'voltage', pt: 'tensão' },
  current_a: { en: 'current', pt: 'corrente' },
  temperature_c: { en: 'temperature', pt: 'temperatura' },
  irradiance_wm2: { en: 'irradiance', pt: 'irradiância' },
  power_ratio: { en: 'power against what is expected', pt: 'potência em relação ao esperado' },
  voltage_ratio: { en: 'voltage against what is expected', pt: 'tensão em relação ao esperado' },
  current_ratio: { en: 'current against what is expected', pt: 'corrente em relação ao esperado' },
  loss_per_day: { en: 'loss per day', pt: 'perda por dia' },
  unchanged_minutes: { en: 'without change for', pt: 'sem mudar há' },
  forest_score: { en: 'score', pt: 'pontuação' },
  sun_elevation_deg: { en: 'elevation of the sun', pt: 'elevação do sol' },
}

const locales = { en: 'en-US', pt: 'pt-BR' } as const
/** As many figures as a person reads in one line. */
const mostFigures = 2

/** What is amiss, in words with the figures that show it best; both languages. */
export function detailsOf({ kind, evidence }: Pick<Anomaly, 'kind' | 'evidence'>): Words {
  const inLanguage = (language: keyof Words): string => {
    const figures = evidence.slice(0, mostFigures).map((one) => figureOf(one, language))
    return [anomalyWords[kind][language], ...figures].join(', ')
  }
  return { en: inLanguage('en'), pt: inLanguage('pt') }
}

/** What is to be done, most telling first; both languages. */
export const recommendationOf = ({ recommendations }: Pick<Anomaly, 'recommendations'>): Words => ({
  en: recommendations.map((one) => recommendationTexts[one].en).join('. '),
  pt: recommendations.map((one) => recommendationTexts[one].pt).join('. '),
})

function figureOf({ feature, value, expected, unit }: Evidence, language: keyof Words): string {
  const shown = shownIn(unit, language)
  const name = featureWords[feature][language]
  if (expected === null) return `${name} ${shown(value)}`
  return language === 'en'
    ? `${name} ${shown(value)} (${shown(expected)} expected)`
    : `${name} ${shown(value)} (esperado ${shown(expected)})`
}

/** A ratio is told in percent. */
function shownIn(unit: string, language: keyof Words): (value: number) => string {
  const isRatio = unit.startsWith('1')
  const shownUnit = isRatio ? unit.replace('1', '%') : unit
  return (value) => {
    const number = isRatio ? value * 100 : value
    const digits = Math.abs(number) < 10 ? 2 : 0
    return `${number.toLocaleString(locales[language], { maximumFractionDigits: digits })} ${shownUnit}`
  }
}
