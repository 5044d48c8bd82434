import { truncatedToCents, type ExplainedMoney } from '../../../platform/regulation/money.ts'
import type { MeasuredResult } from './regularisation.ts'

/** What is due to a unit for a month, or why that cannot be said yet. */
export interface Due {
  readonly unitId: string
  /** `YYYY-MM` */
  readonly month: string
  readonly basis: Pick<MeasuredResult, 'measurementId' | 'version'>
  readonly money: ExplainedMoney | { readonly pending: string }
}

/** The newest revision of what was booked for a unit and month. */
export interface Booked extends Due {
  readonly revision: number
}

/** A line to be written. */
export interface Revision extends Booked {
  /** By how much it changes what was booked before, R$; null while it waits. */
  readonly deltaBrl: number | null
  /** What came to be otherwise. */
  readonly cause: string
}

export interface Changes {
  /** New lines, and lines that waited. */
  readonly write: readonly Revision[]
  /** Lines that waited for something that is not due any more. */
  readonly strike: readonly Booked[]
}

/**
 * What must be written so that the books say what is due. A line once booked stands: what changes it is a line of its own, with
 * the difference. Applied twice it changes nothing.
 * @param due     each unit and month once
 * @param booked  the newest revision of each
 */
export function changesOf(due: readonly Due[], booked: readonly Booked[]): Changes {
  const keyOf = ({ unitId, month }: Due): string => `${month} ${unitId}`
  const dueByKey = new Map(due.map((each) => [keyOf(each), each]))
  const bookedByKey = new Map(booked.map((each) => [keyOf(each), each]))
  const gone = booked.filter((each) => !dueByKey.has(keyOf(each)))
  return {
    write: [
      ...due.flatMap((each) => revisionOf(each, bookedByKey.get(keyOf(each))) ?? []),
      ...gone.flatMap((each) => revisionOf({ ...each, money: nothing(each.money) }, each) ?? []),
    ],
    strike: gone.filter(({ money }) => 'pending' in money),
  }
}

function revisionOf(due: Due, before: Booked | undefined): Revision | undefined {
  const { money } = due
  if (before === undefined || 'pending' in before.money) {
    if ('pending' in money && before && 'pending' in before.money && before.money.pending === money.pending)
      return undefined
    const deltaBrl = 'pending' in money ? null : money.amountBrl
    return { ...due, revision: before?.revision ?? 1, deltaBrl, cause: 'due' }
  }
  if ('pending' in money) {
    // What was booked stays booked until it is known what else it would be. Where that is nothing, whoever looks must see what waits.
    if (before.money.formula !== noLongerDue) return undefined
    return { ...due, revision: before.revision + 1, deltaBrl: null, cause: 'due' }
  }
  if (money.amountBrl === before.money.amountBrl) return undefined
  const deltaBrl = Math.round((money.amountBrl - before.money.amountBrl) * 100) / 100
  return { ...due, revision: before.revision + 1, deltaBrl, cause: causeOf(before.money, money) }
}

function causeOf(before: ExplainedMoney, after: ExplainedMoney): string {
  if (after.formula === noLongerDue) return noLongerDue
  const names = [...new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)])]
  const changed = names.filter((name) => before.inputs[name] !== after.inputs[name])
  return changed.map((name) => `${name} ${before.inputs[name] ?? 'none'} → ${after.inputs[name] ?? 'none'}`).join(', ')
}

const noLongerDue = 'no longer due'

/** Nothing is due where something was. */
const nothing = (before: Booked['money']): Booked['money'] =>
  'pending' in before ? before : { amountBrl: 0, exactBrl: 0, formula: noLongerDue, inputs: {}, rule: before.rule }

/** The part of a month's money that its days make up. */
export function partOf(money: ExplainedMoney, { days, of }: { days: number; of: number }): ExplainedMoney {
  const exactBrl = (money.exactBrl * days) / of
  return {
    ...money,
    exactBrl,
    amountBrl: truncatedToCents(exactBrl),
    formula: `${money.formula} · days / daysOfMonth`,
    inputs: { ...money.inputs, days, daysOfMonth: of },
  }
}
