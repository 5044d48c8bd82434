import { BadFlag, readCommandLine, refuseWords } from '../../platform/runtime/flags.ts'
import { defaultChoices } from '../../platform/regulation/options.ts'
import { bandLimitsOf, UnknownVoltage } from './domain/bands.ts'
import { voltageClasses, voltageClassOf, type VoltageClass } from '../../platform/regulation/voltage-class.ts'

export interface QualityFlags {
  /** The file; `-` is the standard input. */
  readonly csv: string
  /** Reference voltage, V. */
  readonly referenceV: number
  readonly voltageClass: VoltageClass
  /** Charge of the month, R$; undefined: no compensation is calculated. */
  readonly eusdBrl: number | undefined
  /** Between rows, s: divides the ten minutes of a window. */
  readonly intervalS: number
  /** Least share of a window that rows cover, 0 to 1. */
  readonly leastCoverage: number
  readonly json: boolean
  readonly explain: boolean
  readonly language: 'en' | 'pt'
}

export const qualityUsage = `DRP, DRC and the compensation of a recorded voltage, as PRODIST Módulo 8 has them, without a server.

  npm run -s quality -- voltage --csv FILE --nominal V [flags]

  --csv FILE         UTF-8, a header, separated by commas; - reads the standard input. Columns: timestamp, and voltage_v or
                     those of va_v, vb_v, vc_v that there are; others are passed over. timestamp is the START of the
                     interval: ISO 8601 with an offset, or epoch milliseconds. An empty cell is a missing value
  --nominal V        reference voltage between the terminals that are measured; above 2.3 kV the contracted one
  --class CLASS      BT, MT or AT (default: by the nominal voltage)
  --eusd R$          charge for the use of the distribution system in the month: the base of the compensation
  --interval S       seconds between rows: 1 to 600, a divisor of 600 (default 600). Finer rows are brought to ten minutes
                     by their quadratic mean
  --coverage SHARE   a window that rows cover less of is invalid: above 0, up to 1 (default ${defaultChoices['voltage-minimum-coverage']})
  --json             an array of measurements: start, end, valid, invalid, nlp, nlc, drp, drc, compensation
  --explain          with --json: a compensation says how it was calculated, in the place of its amount
  --lang LANGUAGE    of the table: en (default) or pt
  --help             this text

A measurement is a run of 1,008 valid windows; each starts where the one before ended, and the last may be unfinished. Windows
that are missing, or below 0.1 of the nominal voltage, are invalid. DRP and DRC are in percent of 1,008 windows, also of a run that
is unfinished; compensation is in R$, truncated to cents, and null without --eusd.
Ends with 0; with 2 where the command line is wrong, and with 1 where the file is: nothing of it is printed then.
Environment: TIME_ZONE says which civil day a window is of, and so which rule holds.
`

const known = {
  csv: { type: 'string' },
  nominal: { type: 'string' },
  class: { type: 'string' },
  eusd: { type: 'string' },
  interval: { type: 'string' },
  coverage: { type: 'string' },
  json: { type: 'boolean' },
  explain: { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const
type Flag = keyof typeof known

const windowS = 600
const languages = ['en', 'pt'] as const
/** Higher than any that is transmitted, V. */
const highestV = 2_000_000
const highestBrl = 1e12

/** @returns undefined where help is asked for @throws BadFlag */
export function readQualityFlags(args: readonly string[]): QualityFlags | undefined {
  const { flags, words } = readCommandLine(args, known)
  if (flags.has('help')) return undefined
  refuseWords(words)
  const required = (name: Flag, what: string): string => {
    const text = flags.get(name)
    if (text === undefined) throw new BadFlag(`--${name} is missing: ${what} (see --help)`)
    return text
  }
  const number = (name: Flag, text: string, takes: string, fits: (value: number) => boolean): number => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
    if (!fits(value)) throw new BadFlag(`--${name} takes ${takes}, got "${text}"`)
    return value
  }
  const optional = <T>(name: Flag, read: (text: string) => T): T | undefined => {
    const text = flags.get(name)
    return text === undefined ? undefined : read(text)
  }
  const choice = <T extends string>(name: Flag, choices: readonly T[]): T | undefined =>
    optional(name, (text) => {
      const found = choices.find((one) => one === text)
      if (!found) throw new BadFlag(`--${name} takes ${choices.join(' or ')}, got "${text}"`)
      return found
    })

  const csv = required('csv', 'the file, or - for the standard input')
  const nominal = required('nominal', 'the nominal voltage, such as 230')
  const referenceV = number('nominal', nominal, `volts, above 0, up to ${highestV}`, (v) => v > 0 && v <= highestV)
  checkBands(referenceV)
  if (flags.has('explain') && !flags.has('json')) throw new BadFlag('--explain needs --json: the table explains itself')
  return {
    ...{ csv, referenceV },
    voltageClass: choice('class', voltageClasses) ?? voltageClassOf(referenceV),
    eusdBrl: optional('eusd', (text) => number('eusd', text, 'R$, 0 or more, such as 100.50', (v) => v <= highestBrl)),
    intervalS:
      optional('interval', (text) =>
        number(
          'interval',
          text,
          'seconds that divide 600, such as 1, 60 or 600',
          (v) => Number.isInteger(v) && windowS % v === 0,
        ),
      ) ?? windowS,
    leastCoverage:
      optional('coverage', (text) =>
        number('coverage', text, 'a share above 0, up to 1, such as 0.9', (v) => v > 0 && v <= 1),
      ) ?? defaultChoices['voltage-minimum-coverage'],
    json: flags.has('json'),
    explain: flags.has('explain'),
    language: choice('lang', languages) ?? 'en',
  }
}

/** Says early what a recording would say late. @throws BadFlag where the newest rule has no bands for it */
function checkBands(referenceV: number): void {
  try {
    bandLimitsOf(referenceV, '9999-12-31')
  } catch (error) {
    if (error instanceof UnknownVoltage) throw new BadFlag(`--nominal ${referenceV}: ${error.message}`)
    throw error
  }
}
