import type { PoolClient } from 'pg'
import { badField, conflict, notFound } from '../../../platform/http/problem.ts'
import type { Phases } from '../../../platform/network/model/phases.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import type { NetworkElement } from '../domain/element.ts'
import { addAudit, wasCorrected } from './audit-repository.ts'
import { logChange, nextChange, tookOfTheEnded } from './change-repository.ts'
import { computeInterruptions, evidenceRules, type Touched } from './computation.ts'
import { unitsOfElement } from './element-units.ts'
import { hasEarthSwitch, hasElement, unknownUnits } from './element-repository.ts'
import * as entries from './entry-repository.ts'
import type { Facts } from './entry-repository.ts'
import type { Writing } from './grouping.ts'
import { decideHint, findHint } from './hint-repository.ts'
import { earlyMs, refreshInterruptions } from './interruption-repository.ts'
import { findInterruption } from './list-repository.ts'
import { ensurePieces } from './piece-repository.ts'
import { renewOperations } from './switch-operations.ts'

/** Who acts, and when (UTC milliseconds). */
export interface Acting {
  readonly by: string
  readonly now: number
}

/** An outage that is not told by anything. Instants are UTC milliseconds. */
export interface OutageEntry {
  /** What was lost, or the units themselves. */
  readonly of: NetworkElement | { readonly unitIds: readonly string[] }
  readonly from: number
  /** Null: it lasts. */
  readonly until: number | null
  readonly cause: string | null
  readonly evidence: string
}

export interface OperationEntry {
  readonly switchId: string
  readonly at: number
  readonly closed: Phases
  readonly cause: string | null
  readonly evidence: string
}

export type PlanEntry = Pick<
  entries.Plan,
  'elementKind' | 'elementId' | 'from' | 'until' | 'warnedAt' | 'notice' | 'cause'
>

/** Somebody enters what happened a little before its clock says so. */
const aheadMs = 60_000
/** Units of one outage that is entered. */
export const mostUnits = 20_000
/** What is older is nobody's to enter: ten years, as long as anything of it is asked for. */
const oldestMs = 10 * 365.25 * 86_400_000

/** What persons say: each in one transaction with the entry in the audit, and with what follows of it. */
export class PersonEntries {
  #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** @returns number of the entry @throws Problem 400 */
  async enterOutage(acting: Acting, entry: OutageEntry): Promise<number> {
    const { of, from, until } = entry
    checkTimes(from, until, acting.now)
    const { element, unitIds } = await this.#affected(of, from)
    return this.#write(acting, [from], async (client) => {
      const { cause, evidence } = entry
      const [elementKind, elementId] = [element.kind, element.id]
      const outage = { elementKind, elementId, unitIds, from, until, cause }
      const entryId = await entries.insertOutage(client, outage)
      const after = { ...outage, unitIds: unitIds.length, from: iso(from), until: until === null ? null : iso(until) }
      await addAudit(client, {
        ...at(acting),
        act: 'outage_entered',
        subject: `outage ${entryId}`,
        before: null,
        after,
        evidence,
      })
      return { touched: { networkFrom: null, units: unitIds.map((unitId) => ({ unitId, from })) }, result: entryId }
    })
  }

  /** @throws Problem 400, 404, 409 */
  async endOutage(acting: Acting, entryId: number, until: number, evidence: string): Promise<void> {
    const outage = await entries.findOutage(this.#database, entryId)
    if (!outage) throw notFound('entered outage', 'path.entryId', entryId)
    checkTimes(outage.from, until, acting.now)
    await this.#write(acting, [], async (client) => {
      if (!(await entries.endOutage(client, entryId, until)))
        throw conflict(`outage ${entryId} has an end: another one is a correction, which takes two persons`)
      const change = { before: { until: null }, after: { until: iso(until) }, evidence }
      await addAudit(client, { ...at(acting), act: 'outage_ended', subject: `outage ${entryId}`, ...change })
      const units = outage.unitIds.map((unitId) => ({ unitId, from: outage.from }))
      return { touched: { networkFrom: null, units }, result: undefined }
    })
  }

  /** A crew turned a switch that does not report. @throws Problem 400 */
  async enterOperation(
    acting: Acting,
    { switchId, at: turnedAt, closed, cause, evidence }: OperationEntry,
  ): Promise<void> {
    checkInstant('body.at', turnedAt, acting.now)
    const kinds = ['switch', 'source'] as const
    const known = await Promise.all(kinds.map((kind) => hasElement(this.#database, { kind, id: switchId }, turnedAt)))
    if (!known.includes(true) && !(await hasEarthSwitch(this.#database, switchId, turnedAt)))
      throw badField('body.switchId', switchId, 'must be a switch, a source or an earth switch of the network then')
    await this.#write(acting, [turnedAt], async (client) => {
      const after = { switchId, at: iso(turnedAt), closed, cause }
      const subject = `operation ${switchId} ${iso(turnedAt)}`
      const auditId = await addAudit(client, {
        ...at(acting),
        act: 'operation_entered',
        subject,
        before: null,
        after,
        evidence,
      })
      const reference = String(auditId).padStart(12, '0')
      await entries.insertOperation(client, { switchId, at: turnedAt, closed, reference, cause })
      await renewOperations(client, [{ switchId, from: turnedAt }])
      return { touched: { networkFrom: turnedAt, units: [] }, result: undefined }
    })
  }

  /** @returns number of the plan @throws Problem 400 */
  async plan(acting: Acting, plan: PlanEntry): Promise<number> {
    const { elementKind: kind, elementId: id, from, until, warnedAt } = plan
    if (until <= from) throw badField('body.until', iso(until), 'must be after from')
    if (warnedAt !== null && warnedAt > acting.now + aheadMs)
      throw badField('body.warnedAt', iso(warnedAt), 'must not be ahead')
    // After the fact it would change what counts: that takes two persons.
    if (from + earlyMs < acting.now)
      throw badField('body.from', iso(from), 'has passed: what was programmed after the fact is a correction')
    if (!(await hasElement(this.#database, { kind, id }, from)))
      throw badField('body.elementId', id, `must be a ${kind} of the network then`)
    return this.#write(acting, [], async (client) => {
      const plannedId = await entries.insertPlan(client, { ...plan, enteredBy: acting.by, enteredAt: acting.now })
      const after = { ...plan, from: iso(from), until: iso(until), warnedAt: warnedAt === null ? null : iso(warnedAt) }
      await addAudit(client, { ...at(acting), act: 'planned', subject: `plan ${plannedId}`, before: null, after })
      return { result: plannedId }
    })
  }

  /** @throws Problem 404, 409 */
  async cancelPlan(acting: Acting, plannedId: number, reason: string): Promise<void> {
    const plan = await entries.findPlan(this.#database, plannedId)
    if (!plan) throw notFound('planned interruption', 'path.plannedId', plannedId)
    if (plan.interruptionIds.length > 0)
      throw conflict(
        `plan ${plannedId} has begun: what it was is a correction of its interruption, which takes two persons`,
      )
    await this.#write(acting, [], async (client) => {
      if (!(await entries.cancelPlan(client, plannedId, acting.now))) throw conflict(`plan ${plannedId} is cancelled`)
      const change = { before: { cancelled: false }, after: { cancelled: true }, evidence: reason }
      await addAudit(client, { ...at(acting), act: 'plan_cancelled', subject: `plan ${plannedId}`, ...change })
      return { result: undefined }
    })
  }

  /** Says what an interruption was, for the first time or while it lasts. @throws Problem 404, 409 */
  async classify(acting: Acting, interruptionId: number, said: Partial<Facts>, evidence: string | null): Promise<void> {
    await this.#write(acting, [], async (client, { changed }) => {
      const found = await findInterruption(queriesOf(client), interruptionId)
      if (!found || found.void) throw notFound('interruption', 'path.interruptionId', interruptionId)
      const before = await entries.factsOf(queriesOf(client), interruptionId)
      if (await wasCorrected(queriesOf(client), interruptionId))
        throw conflict(`two persons said what interruption ${interruptionId} was: otherwise is one more correction`)
      checkMaySay(before, said, found.endedAt !== null, interruptionId)
      await sayFacts(client, acting, interruptionId, { before, said, evidence, approvalId: null, act: 'classified' })
      await refreshInterruptions(client, [interruptionId], changed)
      return { result: undefined }
    })
  }

  /** An outage is behind a hint: it is entered; or none is. @throws Problem 404, 409 */
  async decideHint(
    acting: Acting,
    hintId: number,
    decision: { readonly outage: Pick<OutageEntry, 'from' | 'until' | 'cause'> | null; readonly note: string },
  ): Promise<void> {
    const hint = await findHint(this.#database, hintId)
    if (!hint) throw notFound('hint', 'path.hintId', hintId)
    const { outage, note } = decision
    if (outage) checkTimes(outage.from, outage.until, acting.now)
    const status = outage ? 'confirmed' : 'dismissed'
    await this.#write(acting, outage ? [outage.from] : [], async (client) => {
      if (!(await decideHint(client, hintId, { status, by: acting.by, at: acting.now, note })))
        throw conflict(`hint ${hintId} is ${hint.status}`)
      const unitIds = [hint.unitId]
      const entry = outage && { elementKind: 'unit' as const, elementId: hint.unitId, unitIds, ...outage }
      const entryId = entry && (await entries.insertOutage(client, entry))
      const change = { before: { status: 'open' }, after: { status, entryId }, evidence: note }
      await addAudit(client, { ...at(acting), act: `hint_${status}`, subject: `hint ${hintId}`, ...change })
      const units = outage ? [{ unitId: hint.unitId, from: outage.from }] : []
      return { touched: { networkFrom: null, units }, result: undefined }
    })
  }

  async #affected(
    of: OutageEntry['of'],
    from: number,
  ): Promise<{ element: NetworkElement; unitIds: readonly string[] }> {
    if ('unitIds' in of) {
      const [unknown] = await unknownUnits(this.#database, of.unitIds)
      if (unknown !== undefined) throw badField('body.unitIds', unknown, 'must be units of the registry')
      return { element: { kind: 'unit', id: of.unitIds[0]! }, unitIds: [...new Set(of.unitIds)] }
    }
    if (!(await hasElement(this.#database, of, from)))
      throw badField('body.elementId', of.id, `must be a ${of.kind} of the network then`)
    const unitIds = await unitsOfElement(this.#database, of, from)
    if (unitIds.length === 0) throw badField('body.elementId', of.id, 'must supply at least one unit then')
    if (unitIds.length > mostUnits)
      throw badField(
        'body.elementId',
        of.id,
        `must supply ${mostUnits} units at most: enter the operation of its switch`,
      )
    return { element: of, unitIds }
  }

  /** @param instants  units' times may begin then */
  async #write<T>(
    acting: Acting,
    instants: readonly number[],
    work: (client: PoolClient, writing: Writing) => Promise<{ touched?: Touched; result: T }>,
  ): Promise<T> {
    for (const instant of instants) await ensurePieces(this.#database, instant)
    return this.#database.transaction(async (client) => {
      const writing = { changed: await nextChange(client), now: acting.now }
      const { touched, result } = await work(client, writing)
      if (touched) {
        await computeInterruptions(client, touched, writing)
        const { toleranceMs } = await evidenceRules(client)
        if (await tookOfTheEnded(client, writing.changed, toleranceMs))
          throw conflict(
            'units would have been without supply for less time than is known, in an outage that is over: that is a correction, which takes two persons',
          )
      }
      await logChange(client, writing.changed, writing.now)
      return result
    })
  }
}

/** Writes what was said of an interruption, and that it was. */
export async function sayFacts(
  client: PoolClient,
  acting: Acting,
  interruptionId: number,
  change: {
    readonly before: Facts | undefined
    readonly said: Partial<Facts>
    readonly evidence: string | null
    readonly approvalId: number | null
    readonly act: 'classified' | 'corrected'
  },
): Promise<void> {
  const { before, said, evidence, approvalId, act } = change
  const after = { ...(before ?? { cause: null, origin: null, programmed: null }), ...said }
  await entries.writeFacts(client, interruptionId, after, { by: acting.by, at: acting.now })
  const subject = `interruption ${interruptionId}`
  await addAudit(client, {
    ...at(acting),
    act,
    interruptionId,
    subject,
    before: before ?? null,
    after,
    evidence,
    approvalId,
  })
}

const iso = (instant: number): string => new Date(instant).toISOString()

const at = ({ by, now }: Acting) => ({ by, at: now })

function checkTimes(from: number, until: number | null, now: number): void {
  checkInstant('body.from', from, now)
  if (until === null) return
  if (until <= from) throw badField('body.until', iso(until), 'must be after from')
  checkInstant('body.until', until, now)
}

function checkInstant(field: string, instant: number, now: number): void {
  if (instant > now + aheadMs) throw badField(field, iso(instant), 'must not be ahead')
  if (instant < now - oldestMs) throw badField(field, iso(instant), 'must be within the last ten years')
}

/**
 * While it lasts anything may be said but what takes it out of DIC and FIC; afterwards a cause, where nobody has said one.
 */
function checkMaySay(before: Facts | undefined, said: Partial<Facts>, ended: boolean, interruptionId: number): void {
  if (said.origin === 'external' && before?.origin !== 'external')
    throw conflict(
      `of external origin interruption ${interruptionId} would not count (item 178 h): propose its exclusion or correction, which takes two persons`,
    )
  if (!ended) return
  const changes = (['cause', 'origin', 'programmed'] as const).filter(
    (fact) => said[fact] !== undefined && said[fact] !== (before?.[fact] ?? null),
  )
  const refused = changes.filter((fact) => fact !== 'cause' || (before?.cause ?? null) !== null)
  if (refused.length > 0)
    throw conflict(
      `interruption ${interruptionId} has ended: to say its ${refused.join(' and ')} now is a correction, which takes two persons`,
    )
}
