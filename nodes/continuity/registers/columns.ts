import { Type, type TSchema } from '@sinclair/typebox'
import { Nullable, OneOf } from '../../../platform/http/fields.ts'
import {
  identifier,
  oneOf,
  quantity,
  truth,
  Unusable,
  wholeNumber,
  words,
  type CellKind,
} from '../../../platform/network/import/cells.ts'
import { voltageClasses } from '../../../platform/regulation/voltage-class.ts'
import { Identifier } from '../../../platform/wire/fields.ts'
import { parseInstant } from '../../../platform/wire/instant.ts'

export type RegisterValue = string | number | boolean | null

/** A column of a register: how its cells are written in files, and what the API says of it. */
export interface RegisterColumn {
  readonly kind: CellKind<Exclude<RegisterValue, null>>
  readonly required: boolean
  readonly schema: TSchema
}

const column = (kind: RegisterColumn['kind'], schema: TSchema): RegisterColumn => ({ kind, required: true, schema })

/** The same, where a cell may be empty. */
export const optional = ({ kind, schema }: RegisterColumn): RegisterColumn => ({
  ...{ kind, required: false },
  schema: Nullable(schema),
})

export const name = (description: string, example: string): RegisterColumn =>
  column(identifier, Type.String({ ...Identifier(description), examples: [example] }))

export const text = (description: string, example: string): RegisterColumn =>
  column(
    words,
    Type.String({
      ...{ minLength: 1, maxLength: 200, description, examples: [example] },
      pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
    }),
  )

const yearForm = /^20\d\d$/
const monthForm = /^(19|20|21)\d\d-(0[1-9]|1[0-2])$/
const dayForm = /^(19|20|21)\d\d-\d\d-\d\d$/

export const year = (description: string): RegisterColumn =>
  column(
    (cell) => (yearForm.test(cell) ? Number(cell) : new Unusable('not a year (2026)')),
    Type.Integer({ minimum: 2000, maximum: 2099, description, examples: [2026] }),
  )

export const month = (description: string): RegisterColumn =>
  column(
    (cell) => (monthForm.test(cell) ? cell : new Unusable('not a month (2026-03)')),
    Type.String({ pattern: monthForm.source, description, examples: ['2026-03'] }),
  )

export const day = (description: string): RegisterColumn =>
  column(
    (cell) => (isDay(cell) ? cell : new Unusable('not a day (2026-03-31)')),
    Type.String({ format: 'date', pattern: '^(19|20|21)', description, examples: ['2026-03-31'] }),
  )

function isDay(cell: string): boolean {
  const at = dayForm.test(cell) ? Date.parse(`${cell}T00:00:00Z`) : NaN
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(cell)
}

const [earliest, latest] = [Date.UTC(1990, 0), Date.UTC(2200, 0)]

/** In rows UTC milliseconds, which flows may give as they are. */
export const instant = (description: string): RegisterColumn =>
  column(
    (cell) => {
      const at = parseInstant(/^\d{12,13}$/.test(cell) ? Number(cell) : cell)
      if (at === undefined) return new Unusable('not an instant with offset (2026-03-31T14:00:00-03:00)')
      return at >= earliest && at < latest ? at : new Unusable('not between the years 1990 and 2200')
    },
    Type.String({ format: 'date-time', description, examples: ['2026-03-31T14:00:00-03:00'] }),
  )

/** A number that must not be 0, as a limit that is one. */
export const limit = (unit: string, description: string): RegisterColumn =>
  column(quantity(unit, 0.01, 8_784), Type.Number({ minimum: 0.01, maximum: 8_784, description, examples: [8] }))

const mostHundredths = 100_000_000

/**
 * A number with two decimals at most, kept as whole hundredths in the database. Comma and point both mark decimals, whatever
 * separates: with so few decimals no mark can be taken for one of thousands.
 */
export const hundredths = (description: string): RegisterColumn =>
  column(
    (cell) => {
      if (/^\d{1,3}([.,]\d{3})+$/.test(cell)) return new Unusable('not clear: write it with two decimals at most')
      if (!/^(?=.)\d*([.,]\d{1,2})?$/.test(cell)) return new Unusable('not a number of two decimals at most')
      const value = Math.round(Number(cell.replace(',', '.')) * 100)
      return value <= mostHundredths ? value / 100 : new Unusable(`not from 0 to ${mostHundredths / 100}`)
    },
    Type.Number({ minimum: 0, maximum: mostHundredths / 100, description, examples: [12.34] }),
  )

export const whole = (least: number, most: number, description: string): RegisterColumn =>
  column(wholeNumber(least, most), Type.Integer({ minimum: least, maximum: most, description, examples: [least] }))

export const money = (most: number, description: string): RegisterColumn =>
  column(quantity('R$', 0, most), Type.Number({ minimum: 0, maximum: most, description, examples: [60] }))

export const yesOrNo = (description: string): RegisterColumn => column(truth, Type.Boolean({ description }))

export const one = <const T extends string>(choices: readonly T[], description: string): RegisterColumn =>
  column(oneOf(...choices), OneOf(choices, description))

export const voltageClass: RegisterColumn = column(
  (cell) =>
    voltageClasses.find((known) => known === cell.toUpperCase()) ??
    new Unusable(`not one of ${voltageClasses.join(', ')}`),
  OneOf(voltageClasses, 'AT from 69 kV on, MT above 2.3 kV, BT'),
)
