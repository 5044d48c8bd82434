import type { CompletedMeasurement, LetterDuties, LetterFacts } from './letter.ts'

/** Form of the record; a number up where a field changes its meaning. */
export const recordFormat = 'linha-viva/voltage-letter/1'

/** What a letter says of a measurement, for programs: full precision, instants in UTC milliseconds, nobody's name. */
export interface LetterRecord extends Omit<CompletedMeasurement, 'id'> {
  readonly format: typeof recordFormat
  readonly measurementId: string
  readonly writtenOn: string
  /** Windows of the phase with most of them. */
  readonly nlp: number
  readonly nlc: number
  readonly drpLimitPct: number
  readonly drcLimitPct: number
  readonly drpViolated: boolean
  readonly drcViolated: boolean
  readonly rule: { readonly validFrom: string; readonly source: string }
  readonly duties: LetterDuties
}

/** A letter has no record, or none that fits its own figures. */
export class LetterRecordError extends Error {
  override readonly name = 'LetterRecordError'
}

export function recordOf({ measurement, rule, duties, writtenOn }: LetterFacts): LetterRecord {
  const { id, phases, drpPct, drcPct, ...rest } = measurement
  const { drpLimitPct, drcLimitPct } = rule.value
  return {
    format: recordFormat,
    measurementId: id,
    writtenOn,
    ...rest,
    phases,
    nlp: Math.max(0, ...phases.map(({ precarious }) => precarious)),
    nlc: Math.max(0, ...phases.map(({ critical }) => critical)),
    ...{ drpPct, drcPct, drpLimitPct, drcLimitPct },
    drpViolated: drpPct > drpLimitPct,
    drcViolated: drcPct > drcLimitPct,
    rule: { validFrom: rule.validFrom, source: rule.source },
    duties,
  }
}

/** As it stands in a letter: JSON that may stand between the tags of a page. */
export const recordText = (record: LetterRecord): string =>
  JSON.stringify(record, null, 1).replaceAll(/[<>&\u2028\u2029]/g, escaped)

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * Reads a record back, and checks that its figures agree with each other.
 * @throws LetterRecordError that says which do not
 */
export function readRecord(text: string): LetterRecord {
  const record = parsed(text)
  if (record?.format !== recordFormat)
    throw new LetterRecordError(`the record has the format ${JSON.stringify(record?.format)}: it takes ${recordFormat}`)
  const { phases, valid, nlp, nlc, drpPct, drcPct } = record
  for (const { phase, adequate, precarious, critical } of phases)
    if (adequate + precarious + critical !== valid)
      throw new LetterRecordError(`the windows of phase ${phase} are not ${valid} together`)
  const shares: readonly (readonly [string, number, number])[] = [
    ['DRP', (100 * nlp) / valid, drpPct],
    ['DRC', (100 * nlc) / valid, drcPct],
  ]
  for (const [name, counted, said] of shares)
    if (Math.abs(counted - said) > 1e-9)
      throw new LetterRecordError(`${name} is ${said} %, and its windows make ${counted} %`)
  return record
}

function parsed(text: string): LetterRecord | undefined {
  try {
    return JSON.parse(text) as LetterRecord
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new LetterRecordError('the record is no JSON')
  }
}
