import { accepts, acceptedBy, type RegulationOption } from '../../../platform/regulation/option.ts'
import {
  defaultChoices,
  isOptionKey,
  regulationOptions,
  type RegulationChoices,
} from '../../../platform/regulation/options.ts'
import { NoRule } from '../../../platform/regulation/regulated.ts'
import { BadFlag, readCommandLine, refuseWords } from '../../../platform/runtime/flags.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'
import { compensationRuleIn } from '../domain/compensation-rules.ts'
import { monthPattern } from '../domain/month.ts'

export interface ContinuityFlags {
  /** Files; `-` is the standard input. */
  readonly csv: string
  readonly units: string
  readonly limits: string | undefined
  readonly rows: string | undefined
  /** `YYYY-MM` */
  readonly month: string
  /** UTC milliseconds; null: the end of the month. */
  readonly until: number | null
  readonly choices: RegulationChoices
  /** Options that are not at their default. */
  readonly chosen: Readonly<Record<string, string | number>>
  readonly json: boolean
  readonly language: 'en' | 'pt'
}

const optionKeys = Object.keys(regulationOptions).filter((key) => key.startsWith('continuity-'))

export const continuityUsage = `DIC, FIC, DMIC, DICRI, DISE, DEC, FEC and the compensation of a month, as PRODIST Módulo 8 has them, without a server.

  npm run -s quality -- continuity --csv FILE --units FILE --month YYYY-MM [flags]

  --csv FILE       interruptions of units, a row each: unit_id, start, end, and those that there are of interruption_id,
                   event_id, programmed, origin, announced_from, announced_until, warned_at, exclusion, critical_day
  --units FILE     consumer units, a row each: unit_id, conjunto_id, voltage_class, and those that there are of area, vrc_brl,
                   dic_h, fic, dmic_h, dicri_h, dise_h, time_zone; until 2021 of dic_quarter_h, fic_quarter, dic_year_h, fic_year
  --month YYYY-MM  the month, in the civil time of each conjunto
  --limits FILE    yearly limits of conjuntos: conjunto_id, year, dec, fec, and units (NUC) where they are not those of --units
  --rows FILE      rows of Anexo 8.B that are not known here (all of BT and AT, most of MT outside of towns): voltage_class,
                   dic_h, fic, dmic_h, and those that there are of area, up_to, from_month, dicri_h, dise_h, source
  --until INSTANT  until when an interruption without an end is counted (default: the end of the month)
  --options LIST   what the norm leaves open, such as continuity-month-crossing=start-month; several with commas between.
                   docs/regulation.md says what they mean
  --json           an object: month, options, totals, conjuntos, units; every amount with its formula, inputs, rule and source
  --lang LANGUAGE  of the tables: en (default) or pt
  --help           this text

Files are UTF-8, with a header, separated by commas; one of them may be -, the standard input. Columns in any order; others are
passed over, and an empty cell says nothing. docs/continuity-compensation.md describes every column.
  instants (start, end, announced_from, announced_until, warned_at)   ISO 8601 with an offset, or epoch milliseconds
  programmed, critical_day   true or false
  origin                     internal (default) or external
  exclusion                  unit-installation, unit-interest, emergency, suspension, rationing, load-shedding, external-origin
  voltage_class, area        BT, MT or AT; urban or non_urban
  vrc_brl                    monetary base of the month, R$: VRC, until 2021 the mean EUSD
  dic_h … dise_h             limits of this unit alone; those of Anexo 8.B where there are none
  dic_quarter_h … fic_year   limits of the quarter and the year that end with the month: --csv has all of their interruptions
Rows that overlap or come twice count once. Order does not matter. A row of an interruption takes about 30 bytes of memory.
Ends with 0; with 2 where the command line is wrong, and with 1 where a file is: nothing is printed then.
Environment: TIME_ZONE is the zone of conjuntos without a time_zone.
`

const known = {
  csv: { type: 'string' },
  units: { type: 'string' },
  limits: { type: 'string' },
  rows: { type: 'string' },
  month: { type: 'string' },
  until: { type: 'string' },
  options: { type: 'string' },
  json: { type: 'boolean' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** @returns undefined where help is asked for @throws BadFlag */
export function readContinuityFlags(args: readonly string[]): ContinuityFlags | undefined {
  const { flags, words } = readCommandLine(args, known)
  if (flags.has('help')) return undefined
  refuseWords(words)
  const required = (name: keyof typeof known, what: string): string => {
    const text = flags.get(name)
    if (text === undefined) throw new BadFlag(`--${name} is missing: ${what} (see --help)`)
    return text
  }
  const files = {
    csv: required('csv', 'the file of interruptions, or - for the standard input'),
    units: required('units', 'the file of consumer units'),
    limits: flags.get('limits'),
    rows: flags.get('rows'),
  }
  const piped = Object.entries(files).filter(([, file]) => file === '-')
  if (piped.length > 1)
    throw new BadFlag(
      `only one file can be -, the standard input: got ${piped.map(([name]) => `--${name}`).join(' and ')}`,
    )
  const month = required('month', 'such as 2026-03')
  checkMonth(month)
  const chosen = chosenOptions(flags.get('options'))
  return {
    ...{ ...files, month, chosen, choices: { ...defaultChoices, ...chosen } as RegulationChoices },
    ...{ until: untilOf(flags.get('until')), json: flags.has('json'), language: languageOf(flags.get('lang')) },
  }
}

/** Says early what interruptions would say late. */
function checkMonth(month: string): void {
  if (!new RegExp(monthPattern).test(month)) throw new BadFlag(`--month takes YYYY-MM, got "${month}"`)
  try {
    compensationRuleIn(month)
  } catch (error) {
    if (error instanceof NoRule) throw new BadFlag(`--month ${month}: ${error.message}`)
    throw error
  }
}

function untilOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const instant = parseInstant(/^\d+$/.test(text) ? Number(text) : text)
  if (instant === undefined)
    throw new BadFlag(`--until takes ISO 8601 with an offset, such as 2026-03-15T12:00:00-03:00, got "${text}"`)
  return instant
}

function languageOf(text = 'en'): 'en' | 'pt' {
  if (text !== 'en' && text !== 'pt') throw new BadFlag(`--lang takes en or pt, got "${text}"`)
  return text
}

function chosenOptions(list: string | undefined): Record<string, string | number> {
  const chosen: Record<string, string | number> = {}
  for (const entry of list === undefined ? [] : list.split(',')) {
    const [key = '', text = '', ...more] = entry.split('=').map((part) => part.trim())
    if (!isOptionKey(key) || !optionKeys.includes(key))
      throw new BadFlag(`--options knows no "${key}": ${optionKeys.join(', ')}`)
    if (Object.hasOwn(chosen, key)) throw new BadFlag(`--options has ${key} twice`)
    const option: RegulationOption = regulationOptions[key]
    const value = option.kind === 'number' && text !== '' ? Number(text) : text
    if (more.length > 0 || !accepts(option, value))
      throw new BadFlag(`--options ${key} takes ${acceptedBy(option)}, got "${entry.slice(entry.indexOf('=') + 1)}"`)
    chosen[key] = value
  }
  return chosen
}
