import type { PoolClient } from 'pg'
import { textOf, type Phases } from '../../../platform/network/model/phases.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { ElementKind } from '../domain/element.ts'

type Client = Pick<PoolClient, 'query'>

/** An outage that a person knows of. Instants are UTC milliseconds. */
export interface EnteredOutage {
  readonly entryId: number
  readonly elementKind: ElementKind
  readonly elementId: string
  readonly unitIds: readonly string[]
  readonly from: number
  readonly until: number | null
  readonly cause: string | null
}

export async function insertOutage(client: Client, outage: Omit<EnteredOutage, 'entryId'>): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into entered_outage (element_kind, element_id, unit_ids, started_at, ended_at, cause)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000), $6)
     returning entry_id::float8 as id`,
    [outage.elementKind, outage.elementId, outage.unitIds, outage.from, outage.until, outage.cause],
  )
  return rows[0]!.id
}

export async function findOutage(queries: Queries, entryId: number): Promise<EnteredOutage | undefined> {
  const [outage] = await queries.query<EnteredOutage>(
    `select entry_id::float8 as "entryId", element_kind as "elementKind", element_id as "elementId", unit_ids as "unitIds",
       extract(epoch from started_at)::float8 * 1000 as "from", extract(epoch from ended_at)::float8 * 1000 as until, cause
     from entered_outage where entry_id = $1`,
    [entryId],
  )
  return outage
}

/** @returns whether it lasted until now, as far as anybody had said */
export async function endOutage(client: Client, entryId: number, until: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'update entered_outage set ended_at = to_timestamp($2::float8 / 1000) where entry_id = $1 and ended_at is null',
    [entryId, until],
  )
  return rowCount === 1
}

/** How a switch stood from an instant on, as a person says. */
export async function insertOperation(
  client: Client,
  operation: { switchId: string; at: number; closed: Phases; reference: string; cause: string | null },
): Promise<void> {
  await client.query(
    `insert into switch_operation (switch_id, at, closed, source, reference, cause)
     values ($1, to_timestamp($2::float8 / 1000), $3, 'person', $4, $5)`,
    [operation.switchId, operation.at, textOf(operation.closed), operation.reference, operation.cause],
  )
}

/** What was announced. Instants are UTC milliseconds. */
export interface Plan {
  readonly plannedId: number
  readonly elementKind: ElementKind
  readonly elementId: string
  readonly from: number
  readonly until: number
  readonly warnedAt: number | null
  readonly notice: string | null
  readonly cause: string
  readonly enteredBy: string
  readonly enteredAt: number
  readonly cancelledAt: number | null
  /** Interruptions that are its work. */
  readonly interruptionIds: readonly number[]
}

const planColumns = `planned_id as "plannedId", element_kind as "elementKind", element_id as "elementId",
  extract(epoch from announced_from)::float8 * 1000 as "from", extract(epoch from announced_until)::float8 * 1000 as until,
  extract(epoch from warned_at)::float8 * 1000 as "warnedAt", notice, cause, entered_by as "enteredBy",
  extract(epoch from entered_at)::float8 * 1000 as "enteredAt", extract(epoch from cancelled_at)::float8 * 1000 as "cancelledAt",
  array(select interruption_id::float8 from interruption i where i.planned_id = p.planned_id and not void order by 1) as "interruptionIds"`

export async function insertPlan(
  client: Client,
  plan: Omit<Plan, 'plannedId' | 'cancelledAt' | 'interruptionIds'>,
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into planned_interruption (element_kind, element_id, announced_from, announced_until, warned_at, notice, cause,
       entered_by, entered_at)
     values ($1, $2, to_timestamp($3::float8 / 1000), to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000), $6, $7, $8,
       to_timestamp($9::float8 / 1000))
     returning planned_id as id`,
    [
      ...[plan.elementKind, plan.elementId, plan.from, plan.until, plan.warnedAt, plan.notice, plan.cause],
      ...[plan.enteredBy, plan.enteredAt],
    ],
  )
  return rows[0]!.id
}

/** @returns whether it stood until now */
export async function cancelPlan(client: Client, plannedId: number, at: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'update planned_interruption set cancelled_at = to_timestamp($2::float8 / 1000) where planned_id = $1 and cancelled_at is null',
    [plannedId, at],
  )
  return rowCount === 1
}

export async function findPlan(queries: Queries, plannedId: number): Promise<Plan | undefined> {
  const [plan] = await queries.query<Plan>(`select ${planColumns} from planned_interruption p where planned_id = $1`, [
    plannedId,
  ])
  return plan
}

/** The newest first. */
export const listPlans = (
  queries: Queries,
  filter: { from?: number | undefined; to?: number | undefined; elementId?: string | undefined },
  page: { before: number | undefined; limit: number },
): Promise<Plan[]> =>
  queries.query<Plan>(
    `select ${planColumns} from planned_interruption p
     where ($1::float8 is null or announced_until >= to_timestamp($1::float8 / 1000))
       and ($2::float8 is null or announced_from <= to_timestamp($2::float8 / 1000))
       and ($3::text is null or element_id = $3) and ($4::integer is null or planned_id < $4)
     order by planned_id desc limit $5`,
    [filter.from ?? null, filter.to ?? null, filter.elementId ?? null, page.before ?? null, page.limit],
  )

/** What persons said of an interruption; null where they said nothing. */
export interface Facts {
  readonly cause: string | null
  readonly origin: 'internal' | 'external' | null
  readonly programmed: boolean | null
}

export async function factsOf(queries: Queries, interruptionId: number): Promise<Facts | undefined> {
  const [facts] = await queries.query<Facts>(
    'select cause, origin, programmed from interruption_fact where interruption_id = $1',
    [interruptionId],
  )
  return facts
}

export async function writeFacts(
  client: Client,
  interruptionId: number,
  facts: Facts,
  { by, at }: { by: string; at: number },
): Promise<void> {
  await client.query(
    `insert into interruption_fact (interruption_id, cause, origin, programmed, said_by, said_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
     on conflict (interruption_id) do update set cause = excluded.cause, origin = excluded.origin,
       programmed = excluded.programmed, said_by = excluded.said_by, said_at = excluded.said_at`,
    [interruptionId, facts.cause, facts.origin, facts.programmed, by, at],
  )
}

export async function insertCorrection(
  client: Client,
  correction: {
    approvalId: number
    interruptionId: number
    unitIds: readonly string[]
    from: number
    until: number | null
    supplied: boolean
  },
): Promise<void> {
  const { approvalId, interruptionId, unitIds, from, until, supplied } = correction
  await client.query(
    `insert into supply_correction (approval_id, interruption_id, unit_ids, started_at, ended_at, supplied)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000), $6)`,
    [approvalId, interruptionId, unitIds, from, until, supplied],
  )
}
