import type { Formats } from './formats.ts'
import { isTextKey, type TextKey } from './texts.ts'

type Measures = Record<string, number | string>

/** Measures that say nothing beside the power column. */
const toldElsewhere = new Set(['p_actual_kw', 'p_kw', 'power_w', 'power_output_watts'])

/** Three phases told as one, an absent phase left out. */
const phases: readonly { of: readonly string[]; word?: TextKey; unit: string; form: 'tenths' | 'hundredths' }[] = [
  { of: ['va_v', 'vb_v', 'vc_v'], unit: 'V', form: 'tenths' },
  { of: ['ia_a', 'ib_a', 'ic_a'], unit: 'A', form: 'tenths' },
  { of: ['dtt_a_pct', 'dtt_b_pct', 'dtt_c_pct'], word: 'distortion', unit: '%', form: 'tenths' },
  { of: ['pst_a_pu', 'pst_b_pu', 'pst_c_pu'], word: 'flicker', unit: 'pu', form: 'hundredths' },
]

/** How single measures read: the word before the number, if it needs one, and the unit after it. */
const single: Record<string, { word?: TextKey; unit: string; form: 'tenths' | 'hundredths' | 'whole' | 'percent' }> = {
  soc: { word: 'stateOfCharge', unit: '', form: 'percent' },
  p_setpoint_kw: { word: 'setpoint', unit: 'kW', form: 'tenths' },
  p_max_kw: { word: 'rating', unit: 'kW', form: 'tenths' },
  shortwave_radiation_wm2: { unit: 'W/m²', form: 'whole' },
  irradiance_wm2: { unit: 'W/m²', form: 'whole' },
  temperature_celsius: { unit: '°C', form: 'tenths' },
  voltage_volts: { unit: 'V', form: 'tenths' },
  current_amperes: { unit: 'A', form: 'tenths' },
  q_kvar: { unit: 'kvar', form: 'tenths' },
  frequency_hz: { unit: 'Hz', form: 'hundredths' },
  unbalance_pct: { word: 'unbalance', unit: '%', form: 'tenths' },
}

/**
 * One line about a reading, in the user's language: the device's measures with their units, most telling first.
 * A measure that has no name here is told by its own.
 */
export function told(measures: Measures, words: Record<TextKey, string>, formats: Formats): string {
  const parts: string[] = []
  const left = new Map(Object.entries(measures).filter(([name]) => !toldElsewhere.has(name)))

  for (const { of, word, unit, form } of phases) {
    const present = of.map((name) => left.get(name)).filter((value) => typeof value === 'number')
    const numbers = `${present.map((value) => formats[form](value)).join(' / ')} ${unit}`
    if (present.length > 0) parts.push(word ? `${words[word]} ${numbers}` : numbers)
    for (const name of of) left.delete(name)
  }
  const known = Object.keys(single).filter((name) => left.has(name))
  for (const name of [...known, ...[...left.keys()].filter((other) => !known.includes(other))]) {
    const value = left.get(name)!
    parts.push(typeof value === 'string' ? wordOf(name, value, words) : numberOf(name, value, words, formats))
  }
  return parts.join(' · ')
}

function wordOf(name: string, value: string, words: Record<TextKey, string>): string {
  const key = `${name}_${value}`
  return isTextKey(key) ? words[key] : value
}

function numberOf(name: string, value: number, words: Record<TextKey, string>, formats: Formats): string {
  const style = single[name]
  if (!style) return `${name} ${formats.plain(value)}`
  const number = `${formats[style.form](value)} ${style.unit}`.trimEnd()
  return style.word ? `${words[style.word]} ${number}` : number
}
