import { milliseconds } from '../../../platform/storage/milliseconds.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Observed, Seen } from '../domain/effect.ts'

/** A command of which an observation would say something. */
export interface Awaiting {
  readonly commandId: string
  readonly deviceId: string
  /** What is seen until then says nothing of it, UTC milliseconds. */
  readonly since: number
}

/** Of each device the newest so many since its command: one of them that shows the effect is enough. */
const mostSince = 20

/**
 * What was seen of devices in good quality, since each command and last before it. What counts as seen since was measured then by the
 * device's clock, and received then: a clock that is ahead shows nothing that is not so yet.
 */
export async function observationsOf(
  queries: Queries,
  awaiting: readonly Awaiting[],
): Promise<ReadonlyMap<string, Seen>> {
  const parameters = [JSON.stringify(awaiting), mostSince]
  const rows: ObservedRow[] = []
  for (const query of [switches, meters, ders, panels, presences])
    rows.push(...(await queries.query<ObservedRow>(query, parameters)))
  return new Map(
    [...Map.groupBy(rows, ({ commandId }) => commandId)].map(([commandId, ofCommand]) => [
      commandId,
      seenOf(ofCommand),
    ]),
  )
}

interface ObservedRow {
  readonly commandId: string
  readonly isBefore: boolean
  readonly observed: Observed
}

function seenOf(rows: readonly ObservedRow[]): Seen {
  const { before = [], since = [] } = Object.groupBy(rows, ({ isBefore }) => (isBefore ? 'before' : 'since'))
  return {
    before: before[0]?.observed,
    since: since.map(({ observed }) => observed).toSorted((a, b) => a.at - b.at),
  }
}

/** Readings `r` of a table, each the newest: some since the command, and one of the days before. */
const readingsOf = (table: string): string => `
  from json_to_recordset($1::json) as w ("commandId" uuid, "deviceId" text, since float8)
  join device d on d.device_id = w."deviceId"
  cross join lateral (
    (select false as is_before, r.* from ${table} r left join batch_log b using (batch_id)
     where r.device_key = d.device_key and r.quality = 'good' and r.at > to_timestamp(w.since / 1000)
       and coalesce(r.received_at, b.committed_at) > to_timestamp(w.since / 1000)
     order by r.at desc limit $2)
    union all
    (select true, r.* from ${table} r
     where r.device_key = d.device_key and r.quality = 'good' and r.at <= to_timestamp(w.since / 1000)
       and r.at > to_timestamp(w.since / 1000) - interval '2 days'
     order by r.at desc limit 1)
  ) r`

const at = milliseconds('r.at')
const asRow = (fields: string): string =>
  `select w."commandId", r.is_before as "isBefore", json_build_object('at', ${at}, ${fields}) as observed`

const switches = `${asRow(`'kind', 'switch', 'position', r.position, 'recloseBlocked', r.reclose_blocked = 'yes'`)}
  ${readingsOf('switch_reading')}`

const meters = `${asRow(`'kind', 'meter', 'from', ${at} - r.interval_s * 1000,
  'voltagesV', array_remove(array[r.va_v, r.vb_v, r.vc_v], null),
  'currentsA', array_remove(array[r.ia_a, r.ib_a, r.ic_a], null), 'contact', r.contact`)} ${readingsOf('meter_reading')}`

const ders = `${asRow(`'kind', 'der', 'isPv', d.der_type is not distinct from 'pv', 'pActualKw', r.p_actual_kw,
  'ratedKw', coalesce(d.rated_kw, r.p_max_kw)`)} ${readingsOf('der_reading')}`

const panels = `${asRow(`'kind', 'panel'`)} ${readingsOf('panel_reading')}`

const presences = `
  select w."commandId", false as "isBefore",
    json_build_object('kind', 'presence', 'at', ${milliseconds('p.received_at')}, 'online', p.online) as observed
  from json_to_recordset($1::json) as w ("commandId" uuid, "deviceId" text, since float8)
  join device d on d.device_id = w."deviceId"
  join device_presence p using (device_key)
  where p.received_at > to_timestamp(w.since / 1000) and $2::integer > 0`
