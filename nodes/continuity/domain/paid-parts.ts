import type { CompensationItem, ContinuityCompensation } from './compensation.ts'

/** What a compensation is paid for, as it is reported. */
export const paidKinds = ['month', 'dicri', 'dise'] as const
export type PaidKind = (typeof paidKinds)[number]

export interface PaidPart {
  readonly kind: PaidKind
  readonly cents: number
  /** The month once, and each event of DICRI and DISE. */
  readonly payments: number
}

/**
 * A compensation by what it is paid for. Parts are whole cents that add up to the amount: each is what the amount has grown by
 * with it.
 */
export function paidParts({ items, exactBrl, amountBrl }: ContinuityCompensation): PaidPart[] {
  const parts: PaidPart[] = []
  const sum = { brl: 0, cents: 0 }
  const all = Math.round(amountBrl * 100)
  const last = items.findLast(({ paid }) => paid)
  for (const kind of paidKinds) {
    const paid = items.filter((item) => item.paid && kindOf(item) === kind)
    if (paid.length === 0) continue
    sum.brl += paid.reduce((brl, { money }) => brl + money.exactBrl, 0)
    // A cap of the month cuts what comes last; and what comes last makes up the amount, to the cent.
    const until = paid.includes(last!) ? all : Math.min(all, Math.floor(Math.min(sum.brl, exactBrl) * 100 + 1e-6))
    parts.push({ kind, cents: until - sum.cents, payments: paid.length })
    sum.cents = until
  }
  return parts
}

const kindOf = ({ indicator }: CompensationItem): PaidKind =>
  indicator === 'DICRI' ? 'dicri' : indicator === 'DISE' ? 'dise' : 'month'
