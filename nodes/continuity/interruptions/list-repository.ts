import type { Queries } from '../../../platform/storage/queries.ts'
import type { ElementKind } from '../domain/element.ts'
import type { Basis } from './interruption-repository.ts'

/** An interruption as it is shown. Instants are UTC milliseconds. */
export interface ListedInterruption {
  readonly interruptionId: number
  readonly eventId: number
  readonly elementKind: ElementKind
  readonly elementId: string
  readonly basis: Basis
  readonly feederId: string | null
  readonly substationId: string | null
  readonly startedAt: number
  readonly endedAt: number | null
  readonly units: number
  readonly cause: string | null
  readonly origin: 'internal' | 'external'
  readonly programmed: boolean
  readonly plannedId: number | null
  readonly announcedFrom: number | null
  readonly announcedUntil: number | null
  readonly void: boolean
}

const columns = `interruption_id::float8 as "interruptionId", event_id::float8 as "eventId", element_kind as "elementKind",
  element_id as "elementId", basis, feeder_id as "feederId", substation_id as "substationId",
  extract(epoch from started_at)::float8 * 1000 as "startedAt", extract(epoch from ended_at)::float8 * 1000 as "endedAt", units,
  cause, origin, programmed, planned_id as "plannedId", extract(epoch from announced_from)::float8 * 1000 as "announcedFrom",
  extract(epoch from announced_until)::float8 * 1000 as "announcedUntil", void`

export interface InterruptionFilter {
  /** Those that lasted then or ended later, and began before; UTC milliseconds. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly open?: boolean | undefined
  readonly feederId?: string | undefined
  readonly elementId?: string | undefined
  readonly unitId?: string | undefined
  readonly eventId?: number | undefined
  readonly cause?: string | undefined
  readonly unclassified?: boolean | undefined
  readonly programmed?: boolean | undefined
  readonly leastUnits: number
  readonly void: boolean
}

/** The newest first. */
export const listInterruptions = (
  queries: Queries,
  filter: InterruptionFilter,
  page: { before: { startedAt: number; interruptionId: number } | undefined; limit: number },
): Promise<ListedInterruption[]> =>
  queries.query<ListedInterruption>(
    `select ${columns} from interruption i
     where ($1::float8 is null or ended_at is null or ended_at >= to_timestamp($1::float8 / 1000))
       and ($2::float8 is null or started_at < to_timestamp($2::float8 / 1000))
       and ($3::boolean is null or (ended_at is null) = $3)
       and ($4::text is null or feeder_id = $4) and ($5::text is null or element_id = $5)
       and ($6::text is null or exists (select from unit_interruption u where u.unit_id = $6 and u.interruption_id = i.interruption_id))
       and ($7::bigint is null or event_id = $7) and ($8::text is null or cause = $8)
       and ($9::boolean is null or (cause is null) = $9) and ($10::boolean is null or programmed = $10)
       and units >= $11 and void = $12
       and ($13::float8 is null or (started_at, interruption_id) < (to_timestamp($13::float8 / 1000), $14::bigint))
     order by started_at desc, interruption_id desc limit $15`,
    [
      ...[
        filter.from ?? null,
        filter.to ?? null,
        filter.open ?? null,
        filter.feederId ?? null,
        filter.elementId ?? null,
      ],
      ...[filter.unitId ?? null, filter.eventId ?? null, filter.cause ?? null, filter.unclassified ?? null],
      ...[filter.programmed ?? null, filter.void ? 0 : filter.leastUnits, filter.void],
      ...[page.before?.startedAt ?? null, page.before?.interruptionId ?? null, page.limit],
    ],
  )

export async function findInterruption(
  queries: Queries,
  interruptionId: number,
): Promise<(ListedInterruption & { readonly evidence: object }) | undefined> {
  const [found] = await queries.query<ListedInterruption & { evidence: object }>(
    `select ${columns}, evidence from interruption where interruption_id = $1`,
    [interruptionId],
  )
  return found
}

/** A piece of a unit in an interruption. */
export interface InterruptedUnit {
  readonly unitId: string
  readonly from: number
  readonly until: number | null
  readonly phases: string
}

/** By unit and beginning. */
export const unitsOfInterruption = (
  queries: Queries,
  interruptionId: number,
  page: { after: { unitId: string; from: number } | undefined; limit: number },
): Promise<InterruptedUnit[]> =>
  queries.query<InterruptedUnit>(
    `select unit_id as "unitId", extract(epoch from started_at)::float8 * 1000 as "from",
       extract(epoch from ended_at)::float8 * 1000 as until, phases
     from unit_interruption
     where interruption_id = $1 and ($2::text is null or (unit_id, started_at) > ($2, to_timestamp($3::float8 / 1000)))
     order by unit_id, started_at limit $4`,
    [interruptionId, page.after?.unitId ?? null, page.after?.from ?? null, page.limit],
  )

/** What tells of an interruption: instants are UTC milliseconds. */
export interface EvidenceItem {
  readonly kind: 'operation' | 'meter' | 'entry' | 'correction'
  readonly at: number
  /** Switch, meter, or number of the entry or correction. */
  readonly of: string
  readonly what: string
  readonly cause: string | null
}

/** Operations that took supply from its sections or gave it back, what meters of its units told, and persons: the oldest first. */
export const evidenceOf = (queries: Queries, interruptionId: number, limit: number): Promise<EvidenceItem[]> =>
  queries.query<EvidenceItem>(
    `with one as (
       select *, coalesce(ended_at, 'infinity') as until from interruption where interruption_id = $1
     ), piece as (
       select unit_id, started_at, ended_at from unit_interruption where interruption_id = $1
     )
     select 'operation' as kind, extract(epoch from o.at)::float8 * 1000 as at, o.switch_id as of,
       case o.closed when '' then 'open' else 'closed ' || o.closed end || ' (' || o.source || ')' as what, o.cause
     from one join switch_operation o on one.basis = 'model'
       and (o.switch_id = one.element_id and o.at = one.taken_at or o.at = one.ended_at)
     union all
     select 'meter', extract(epoch from e.at)::float8 * 1000, device_id, e.type::text, e.cause
     from piece join one on true join meter_assignment a using (unit_id) join field_event e using (device_key) join device using (device_key)
     where a.validity @> e.at and e.type in ('power_lost', 'power_restored')
       and e.at between one.started_at - interval '5 minutes' and least(one.until, 'infinity') + interval '5 minutes'
     union all
     select 'entry', extract(epoch from entered.started_at)::float8 * 1000, entry_id::text, 'outage of ' || entered.element_id, entered.cause
     from one join entered_outage entered on entered.entry_id = (one.evidence ->> 'entryId')::bigint
     union all
     select 'correction', extract(epoch from c.started_at)::float8 * 1000, correction_id::text,
       case when supplied then 'with supply' else 'without supply' end, null
     from supply_correction c where c.interruption_id = $1
     order by at, kind, of limit $2`,
    [interruptionId, limit],
  )
