import { truncatedToCents } from '../../../platform/regulation/money.ts'
import type { VoltageClass } from '../../../platform/regulation/voltage-class.ts'
import type { ContinuityCompensation } from './compensation.ts'
import { compensationRuleIn } from './compensation-rules.ts'
import type { Area } from './limit-tables.ts'
import type { Conjunto, OfficialIndex } from './official-index.ts'

/** Kinds of units that compensation is reported by: high voltage, and medium and low voltage in urban and other areas. */
export const unitGroups = ['AT', 'MTU', 'MTNU', 'BTU', 'BTNU'] as const
export type UnitGroup = (typeof unitGroups)[number]

/** What was paid for: limits of a month, of a quarter or a year (until 2021), DICRI of an event, DISE of an event. */
export const paidFor = { month: '', quarter: 'T', year: 'A', dicri: 'DC', dise: 'DS' } as const
export type PaidFor = keyof typeof paidFor

/** What was paid to the units of a kind in a conjunto for a month. */
export interface PaidCompensation {
  readonly conjunto: Conjunto
  readonly year: number
  readonly month: number
  /** Consumers, or generators. */
  readonly holder: 'consumer' | 'generator'
  readonly group: UnitGroup
  readonly for: PaidFor
  readonly cents: number
  /** Units, and of DICRI and DISE events of units, that were paid for. */
  readonly payments: number
}

type Kind = Pick<PaidCompensation, 'holder' | 'group' | 'for'>

/** How the kind is written, behind PG (R$) or QT (number). */
const kindCode = ({ holder, group, for: of }: Kind): string =>
  `U${holder === 'consumer' ? 'C' : 'G'}${group}${paidFor[of]}`

/** Every code: `(PG|QT)U(C|G)(AT|MTU|MTNU|BTU|BTNU)(|T|A|DC|DS)`. */
export const compensationCodes: readonly string[] = (['consumer', 'generator'] as const).flatMap((holder) =>
  unitGroups.flatMap((group) =>
    (Object.keys(paidFor) as PaidFor[]).flatMap((of) => {
      const code = kindCode({ holder, group, for: of })
      return [`PG${code}`, `QT${code}`]
    }),
  ),
)

/** The values of what was paid, the amount before the number. */
export function* compensationIndexes(paid: Iterable<PaidCompensation>): Generator<OfficialIndex> {
  for (const { conjunto, year, month, cents, payments, ...kind } of paid) {
    const code = kindCode(kind)
    yield { conjunto, year, month, code: `PG${code}`, hundredths: cents }
    yield { conjunto, year, month, code: `QT${code}`, hundredths: payments * 100 }
  }
}

/** The kind of unit that compensation is reported by: one whose area nobody knows counts as urban. */
export const unitGroupOf = (voltageClass: VoltageClass, area: Area | null): UnitGroup =>
  voltageClass === 'AT' ? 'AT' : `${voltageClass}${area === 'non_urban' ? 'NU' : 'U'}`

/**
 * What is reported of a kind of units in a month, whether anything was paid or not: DICRI and DISE where the rule of the month
 * has them for the class.
 * @param month  `YYYY-MM` @throws NoRule where none is known for it
 */
export function reportedFor(group: UnitGroup, month: string): readonly PaidFor[] {
  const { kei2, kei3 } = compensationRuleIn(month).value
  const voltageClass = group.slice(0, 2) as VoltageClass
  return [
    'month',
    ...(kei2[voltageClass] === undefined ? [] : ['dicri' as const]),
    ...(kei3[voltageClass] === undefined ? [] : ['dise' as const]),
  ]
}

/** What of a unit's compensation is for what: cents that come to its amount, and so many payments. */
export function paymentsOf({
  items,
  amountBrl,
}: ContinuityCompensation): Partial<Record<PaidFor, { cents: number; payments: number }>> {
  const total = Math.round(amountBrl * 100)
  const paid = items.filter((item) => item.paid)
  const of = (kind: PaidFor, indicators: readonly string[]) => ({
    kind,
    those: paid.filter(({ indicator }) => indicators.includes(indicator)),
  })
  let [brl, before] = [0, 0]
  const payments: Partial<Record<PaidFor, { cents: number; payments: number }>> = {}
  for (const { kind, those } of [of('month', ['DIC', 'FIC', 'DMIC']), of('dicri', ['DICRI']), of('dise', ['DISE'])]) {
    if (those.length === 0) continue
    brl += those.reduce((sum, { money }) => sum + money.exactBrl, 0)
    // The amount is cut once, and may be capped as a whole: the last one has what is left of it.
    const upTo = those.includes(paid.at(-1)!) ? total : Math.min(total, Math.round(truncatedToCents(brl) * 100))
    payments[kind] = { cents: upTo - before, payments: those.length }
    before = upTo
  }
  return payments
}
