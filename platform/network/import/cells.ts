import { parseInstant } from '../../wire/instant.ts'

/** How the file as a whole is to be read. */
export interface Reading {
  /** The mark of decimals that goes with the file's separator. */
  readonly decimalMark: '.' | ','
  /** First instant of a civil day of this installation, UTC milliseconds. */
  readonly dayStart: (day: string) => number | undefined
}

/** Why a cell cannot be used, to be read after its column and value: `not a number`. */
export class Unusable {
  readonly problem: string

  constructor(problem: string) {
    this.problem = problem
  }
}

/** What the cells of a column hold, and how it is written. The text is trimmed and not empty. */
export type CellKind<T> = (text: string, reading: Reading) => T | Unusable

const identifierForm = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/

export const identifier: CellKind<string> = (text) =>
  identifierForm.test(text)
    ? text
    : new Unusable('not an identifier: letters, digits and _ . : - (64 at most), a letter or digit first')

/** Free text of one line. */
export const words: CellKind<string> = (text) => {
  if (/[\u0000-\u001f\u007f]/.test(text)) return new Unusable('not text of one line: it holds control characters')
  return text.length <= 200 ? text : new Unusable(`too long: ${text.length} characters, 200 at most`)
}

export const derType: CellKind<string> = (text) =>
  /^[a-z][a-z0-9_-]{0,31}$/.test(text) ? text : new Unusable('not a DER type: pv, battery, ev or another in lower case')

export function oneOf<const T extends string>(...choices: readonly T[]): CellKind<T> {
  return (text) =>
    choices.find((choice) => choice === text.toLowerCase()) ?? new Unusable(`not one of ${choices.join(', ')}`)
}

/** A number from `least` to `most`, both included, in the unit given. */
export function quantity(unit: string, least: number, most: number): CellKind<number> {
  return (text, { decimalMark }) => {
    const value = readNumber(text, decimalMark)
    if (value instanceof Unusable) return value
    const of = unit && ` ${unit}`
    return value >= least && value <= most ? value : new Unusable(`not from ${least} to ${most}${of}`)
  }
}

export function wholeNumber(least: number, most: number): CellKind<number> {
  const kind = quantity('', least, most)
  return (text, reading) => {
    const value = kind(text, reading)
    return value instanceof Unusable || Number.isInteger(value) ? value : new Unusable('not a whole number')
  }
}

/** As people and spreadsheets write it, in English and Portuguese. */
export const truth: CellKind<boolean> = (text) => {
  const word = text.toLowerCase()
  if (['true', 'yes', '1', 'verdadeiro', 'sim'].includes(word)) return true
  if (['false', 'no', '0', 'falso', 'não', 'nao'].includes(word)) return false
  return new Unusable('not true or false')
}

export const phases: CellKind<string> = (text) =>
  /^(?=.)A?B?C?$/.test(text.toUpperCase()) ? text.toUpperCase() : new Unusable('not phases: A, B, C, AB, AC, BC or ABC')

const earliest = Date.UTC(1900, 0, 1)
const latest = Date.UTC(2200, 0, 1)

/** An instant with an offset, or a civil day, which means its beginning; UTC milliseconds. */
export const instant: CellKind<number> = (text, { dayStart }) => {
  const value = /^\d{4}-\d{2}-\d{2}$/.test(text) ? dayStart(text) : parseInstant(text)
  if (value === undefined) {
    return new Unusable('not a day (2025-03-31) or an instant with offset (2025-03-31T14:00:00-03:00)')
  }
  return value >= earliest && value < latest ? value : new Unusable('not between the years 1900 and 2200')
}

/** What becomes of a value: a cell replaces it, an empty one removes it, a column that is not there leaves it. */
export const kept = <T>(cell: T | null | undefined, now: T | null | undefined): T | null =>
  cell === undefined ? (now ?? null) : cell

/**
 * A comma is the decimal mark of files separated by semicolons only. A point is understood there too, but not where it
 * may as well group thousands: 1.500 is one and a half to some and one thousand five hundred to others.
 */
function readNumber(text: string, decimalMark: '.' | ','): number | Unusable {
  if (!/^[+-]?\d{1,15}([.,]\d{1,15})?$/.test(text)) return new Unusable('not a number')
  if (text.includes(',') && decimalMark === '.') {
    return new Unusable('not a number here: a file separated by commas writes decimals with a point')
  }
  if (decimalMark === ',' && /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text)) {
    return new Unusable('not clear: write decimals with a comma and thousands without a mark')
  }
  return Number(text.replace(',', '.'))
}
