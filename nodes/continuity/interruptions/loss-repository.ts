import type { PoolClient } from 'pg'
import type { ElementKind, NetworkElement } from '../domain/element.ts'
import { entryOfKey, keyOfEntry } from './loss-keys.ts'

type Client = Pick<PoolClient, 'query'>

/** Of some names those that are sources. */
export async function sourcesAmong(client: Client, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set()
  const { rows } = await client.query<{ name: string }>(
    'select distinct source_id as name from network_source where source_id = any ($1)',
    [names],
  )
  return new Set(rows.map(({ name }) => name))
}

/** Outages that persons entered, by the names that their losses have (`keyOfEntry`). */
export async function entriesByKey(
  client: Client,
  keys: readonly string[],
): Promise<Map<string, { readonly element: NetworkElement; readonly from: number; readonly entryId: number }>> {
  const ids = keys.flatMap((key) => entryOfKey(key) ?? [])
  if (ids.length === 0) return new Map()
  const { rows } = await client.query<{ entryId: number; kind: ElementKind; id: string; from: number }>(
    `select entry_id::float8 as "entryId", element_kind as kind, element_id as id,
       extract(epoch from started_at)::float8 * 1000 as "from"
     from entered_outage where entry_id = any ($1)`,
    [ids],
  )
  return new Map(
    rows.map(({ entryId, kind, id, from }) => [keyOfEntry(entryId), { element: { kind, id }, from, entryId }]),
  )
}
