import type { PoolClient } from 'pg'
import type { ElementTable } from './elements.ts'
import type { Known, Named, Period } from './network.ts'

/** How an element is stored: its table, the column that names it, and what else it says, with types. */
const stored = {
  sources: {
    from: 'network_source',
    id: 'source_id',
    rest: { section_id: 'text', feeder_id: 'text', substation_id: 'text', phases: 'text', recloses: 'boolean' },
  },
  switches: {
    from: 'network_switch',
    id: 'switch_id',
    rest: {
      ...{ section_a: 'text', section_b: 'text', normally_closed: 'boolean', load_break: 'boolean', phases: 'text' },
      recloses: 'boolean',
    },
  },
  earthings: { from: 'network_earth_switch', id: 'earth_switch_id', rest: { section_id: 'text' } },
  transformers: { from: 'network_transformer', id: 'transformer_id', rest: { section_id: 'text', phases: 'text' } },
  supplies: { from: 'unit_supply', id: 'unit_id', rest: { transformer_id: 'text', section_id: 'text' } },
} as const satisfies Record<ElementTable, { from: string; id: string; rest: Record<string, string> }>

function statementsOf(table: ElementTable) {
  const { from, id, rest } = stored[table]
  const columns = Object.keys(rest)
  const types = Object.entries(rest).map(([column, type]) => `${column} ${type}`)
  const given = `jsonb_to_recordset($1::jsonb)
    as given (${id} text, ${types.join(', ')}, valid_from timestamptz, valid_to timestamptz)`
  return {
    read: `select ${id}, ${columns.join(', ')},
        coalesce(extract(epoch from lower(validity))::float8 * 1000, '-infinity') as valid_from,
        coalesce(extract(epoch from upper(validity))::float8 * 1000, 'infinity') as valid_to
      from ${from} where ${id} = any ($1)`,
    change: `update ${from} known set validity = tstzrange(valid_from, valid_to),
        ${columns.map((column) => `${column} = given.${column}`).join(', ')}
      from ${given}
      where known.${id} = given.${id} and lower(known.validity) is not distinct from given.valid_from`,
    add: `insert into ${from} (${id}, ${columns.join(', ')}, validity)
      select ${id}, ${columns.join(', ')}, tstzrange(valid_from, valid_to) from ${given}`,
    remove: `delete from ${from} where ${id} = $1 and lower(validity) is not distinct from $2::timestamptz`,
  }
}
const statements = {
  sources: statementsOf('sources'),
  switches: statementsOf('switches'),
  earthings: statementsOf('earthings'),
  transformers: statementsOf('transformers'),
  supplies: statementsOf('supplies'),
}

/** Every period of the elements named. */
export async function readElements(client: PoolClient, named: Named): Promise<Pick<Known, ElementTable>> {
  const read = async <P extends Period>(table: ElementTable, ids: ReadonlySet<string>) =>
    (await client.query<P>(statements[table].read, [[...ids]])).rows
  return {
    sources: await read('sources', named.sources),
    switches: await read('switches', named.switches),
    earthings: await read('earthings', named.earthings),
    transformers: await read('transformers', named.transformers),
    supplies: await read('supplies', named.units),
  }
}

/** Changes periods that are known by their beginnings. */
export async function changeElements(
  client: PoolClient,
  table: ElementTable,
  periods: readonly Period[],
): Promise<void> {
  await client.query(statements[table].change, [jsonOf(periods)])
}

export async function addElements(client: PoolClient, table: ElementTable, periods: readonly Period[]): Promise<void> {
  await client.query(statements[table].add, [jsonOf(periods)])
}

/** Strikes out what is known of an element from this beginning on. */
export async function removeElement(
  client: PoolClient,
  table: ElementTable,
  id: string,
  validFrom: number,
): Promise<void> {
  await client.query(statements[table].remove, [id, instantOf(validFrom)])
}

const jsonOf = (periods: readonly Period[]): string =>
  JSON.stringify(periods.map((period) => ({ ...period, ...boundsOf(period) })))

/** As the database takes them: null for what has no bound. */
export const boundsOf = ({ valid_from, valid_to }: Period) => ({
  valid_from: instantOf(valid_from),
  valid_to: instantOf(valid_to),
})

const instantOf = (instant: number): string | null =>
  Number.isFinite(instant) ? new Date(instant).toISOString() : null
