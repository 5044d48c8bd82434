import type { PoolClient } from 'pg'
import type { Approval, ApprovalEffect } from '../../../platform/approval/approval.ts'
import { conflict } from '../../../platform/http/problem.ts'
import { NoRule } from '../../../platform/regulation/regulated.ts'
import { canonicalJson } from '../../../platform/storage/canonical-json.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import { compensationRuleIn } from '../domain/compensation-rules.ts'
import { lastChange } from '../interruptions/change-repository.ts'
import {
  insertClose,
  insertCloseRows,
  lastClose,
  linesBetween,
  unitLinesGone,
  type LineOf,
  type MonthClose,
} from './close-repository.ts'
import { HashChain, type KeptLine, type SnapshotRow } from './hash-chain.ts'
import { monthReach, snapshotPages } from './month-snapshot.ts'
import { openInterruptions } from './snapshot-repository.ts'

const mostNamed = 20
const mostUnits = 10

/** Which month, and what it is judged by. */
export interface ClosingMonth {
  /** `YYYY-MM` */
  readonly month: string
  /** Where a conjunto has none of its own. */
  readonly timeZone: string
  /** UTC milliseconds. */
  readonly now: number
}

/** @throws Problem 409 where no rule is known for the month, it is not over, or something in it lasts */
async function checkClosable(queries: Queries, { month, timeZone, now }: ClosingMonth): Promise<void> {
  checkRule(month)
  const { until } = await monthReach(queries, month, timeZone)
  if (now < until) throw conflict(`${month} is not over before ${new Date(until).toISOString()}`)
  const { ids, count } = await openInterruptions(queries, until, mostNamed)
  if (count === 0) return
  const others = count > ids.length ? ` and ${count - ids.length} more` : ''
  throw conflict(`interruptions of ${month} last still: ${ids.join(', ')}${others}`)
}

function checkRule(month: string): void {
  try {
    compensationRuleIn(month)
  } catch (error) {
    throw error instanceof NoRule ? conflict(error.message) : error
  }
}

/** What closing it now would freeze, and how that differs from what was frozen before. @throws Problem 409 */
export async function closeEffect(queries: Queries, closing: ClosingMonth): Promise<ApprovalEffect> {
  await checkClosable(queries, closing)
  const last = await lastClose(queries, closing.month)
  const sum = new CloseSum()
  for await (const rows of snapshotPages(queries, closing.month, closing.timeZone, closing.now))
    await addPage(queries, sum, rows, last)
  await addGone(queries, sum, last)
  if (last && !sum.differsFrom(last))
    throw conflict(`nothing of ${closing.month} is otherwise than in version ${last.version}`)
  return { ...sum.effect(), version: (last?.version ?? 0) + 1 }
}

/** Freezes it, in the transaction of its approval. @throws Problem 409 @returns what it was closed as */
export async function closeMonth(
  client: PoolClient,
  closing: ClosingMonth,
  reason: string,
  approval: Approval,
): Promise<MonthClose> {
  const queries = queriesOf(client)
  await checkClosable(queries, closing)
  const { month, timeZone, now } = closing
  const last = await lastClose(queries, month)
  const version = (last?.version ?? 0) + 1
  const chain = new HashChain()
  const sum = new CloseSum()
  const keep = async (rows: readonly SnapshotRow[]): Promise<void> => {
    const lines = rows.map((row): KeptLine => ({ row: chain.rows + 1, ...chain.add(row) }))
    if (lines.length > 0) await insertCloseRows(queries, { month, version }, lines)
  }
  await keep([await headOf(queries, month, version, reason, approval, last)])
  for await (const rows of snapshotPages(queries, month, timeZone, now)) {
    await keep(rows)
    await addPage(queries, sum, rows, last)
  }
  await addGone(queries, sum, last)
  const close: MonthClose = {
    ...{ month, version, closedAt: approval.decidedAt!, approvalId: approval.approvalId, reason },
    ...{ rows: chain.rows, units: sum.units, hash: chain.hash, ...sum.money },
  }
  await insertClose(queries, close)
  return close
}

/** The first row: whose and why. It has the hash of the version before, so that versions are a chain too. */
async function headOf(
  queries: Queries,
  month: string,
  version: number,
  reason: string,
  { approvalId, proposedBy, decidedBy, decidedAt, evidence }: Approval,
  last: MonthClose | undefined,
): Promise<SnapshotRow> {
  return {
    ...{ kind: 'month', subject: month, version, reason, evidence, approvalId, proposedBy, approvedBy: decidedBy },
    ...{ closedAt: new Date(decidedAt!).toISOString(), hashBefore: last?.hash ?? null },
    changed: await lastChange(queries),
  }
}

/** Rows, each beside what it was in the version before. */
async function addPage(
  queries: Queries,
  sum: CloseSum,
  rows: readonly SnapshotRow[],
  last: MonthClose | undefined,
): Promise<void> {
  for (const kind of new Set(rows.map((row) => row.kind))) {
    const ofKind = rows.filter((row) => row.kind === kind)
    const subjects = ofKind.map(({ subject }) => subject).toSorted(byCodeUnits)
    const reach = { first: subjects[0]!, last: subjects.at(-1)! }
    const before = new Map(
      (last ? await linesBetween(queries, last, kind, reach) : []).map((line) => [line.subject, line]),
    )
    for (const row of ofKind) sum.add(row, before.get(row.subject))
  }
}

const byCodeUnits = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

async function addGone(queries: Queries, sum: CloseSum, last: MonthClose | undefined): Promise<void> {
  if (last) for (const { unitId, amountBrl } of await unitLinesGone(queries, last)) sum.addGone(unitId, amountBrl)
}

interface UnitDelta {
  readonly unitId: string
  /** R$; null: it cannot be said, or the unit was not there. */
  readonly beforeBrl: number | null
  readonly afterBrl: number | null
}

/** What a snapshot comes to, and how that differs from the one before. */
class CloseSum {
  units = 0
  #rows = 0
  #same = 0
  #cents = 0
  #centsBefore = 0
  #changed = 0
  #pending = 0
  #greatest: UnitDelta[] = []

  add(row: SnapshotRow, before: LineOf | undefined): void {
    this.#rows++
    const isSame = before?.line === canonicalJson(row)
    if (isSame) this.#same++
    if (row.kind !== 'unit') return
    this.units++
    const afterBrl = row['amountBrl'] as number | null
    if (afterBrl === null) this.#pending++
    this.#count({ unitId: row.subject, beforeBrl: before?.amountBrl ?? null, afterBrl }, !isSame)
  }

  /** Whether anything beside its head is otherwise than in a version. */
  differsFrom({ rows }: MonthClose): boolean {
    return this.#same !== rows - 1 || this.#rows !== rows - 1
  }

  addGone(unitId: string, beforeBrl: number | null): void {
    this.#count({ unitId, beforeBrl, afterBrl: null }, true)
  }

  get money() {
    return {
      compensationBrl: this.#cents / 100,
      deltaBrl: (this.#cents - this.#centsBefore) / 100,
      changedUnits: this.#changed,
    }
  }

  effect(): ApprovalEffect {
    return {
      ...this.money,
      units: this.units,
      /** Of which it cannot be said yet what is due: limits or monetary base are missing. */
      unitsWithoutAmount: this.#pending,
      greatestUnits: this.#greatest.map((each) => ({ ...each, deltaBrl: deltaOf(each) })),
    }
  }

  #count(unit: UnitDelta, changed: boolean): void {
    this.#cents += centsOf(unit.afterBrl)
    this.#centsBefore += centsOf(unit.beforeBrl)
    if (!changed) return
    this.#changed++
    if (deltaOf(unit) === 0) return
    this.#greatest.push(unit)
    this.#greatest.sort((one, other) => Math.abs(deltaOf(other)) - Math.abs(deltaOf(one)))
    this.#greatest.length = Math.min(this.#greatest.length, mostUnits)
  }
}

const centsOf = (brl: number | null): number => Math.round((brl ?? 0) * 100)

const deltaOf = ({ beforeBrl, afterBrl }: UnitDelta): number => (centsOf(afterBrl) - centsOf(beforeBrl)) / 100
