import type { Queries } from '../storage/queries.ts'
import type { ElementTable } from './import/elements.ts'

/** A period of something of the network as the API shows it. Null: without bound. */
export type ElementRecord = Readonly<Record<string, string | boolean | null>> & {
  readonly validFrom: string | null
  readonly validTo: string | null
}

type Row = Omit<ElementRecord, 'validFrom' | 'validTo'> & {
  readonly validFrom: Date | null
  readonly validTo: Date | null
}

const stored: Readonly<
  Record<ElementTable, { from: string; id: string; idField: string; columns: string; filter: string }>
> = {
  sources: {
    ...{ from: 'network_source', id: 'source_id', idField: 'sourceId', filter: 'feeder_id = $4' },
    columns: 'section_id as "sectionId", feeder_id as "feederId", substation_id as "substationId", phases, recloses',
  },
  switches: {
    ...{ from: 'network_switch', id: 'switch_id', idField: 'switchId', filter: '$4 in (section_a, section_b)' },
    columns: `section_a as "sectionA", section_b as "sectionB", normally_closed as "normallyClosed",
      load_break as "loadBreak", phases, recloses`,
  },
  earthings: {
    ...{ from: 'network_earth_switch', id: 'earth_switch_id', idField: 'earthSwitchId', filter: 'section_id = $4' },
    columns: 'section_id as "sectionId"',
  },
  transformers: {
    ...{ from: 'network_transformer', id: 'transformer_id', idField: 'transformerId', filter: 'section_id = $4' },
    columns: 'section_id as "sectionId", phases',
  },
  supplies: {
    ...{ from: 'unit_supply', id: 'unit_id', idField: 'unitId', filter: 'transformer_id = $4' },
    columns: 'transformer_id as "transformerId", section_id as "sectionId"',
  },
}

const began = `coalesce(lower(validity), '-infinity')`

function statementsOf(table: ElementTable) {
  const { from, id, idField, columns, filter } = stored[table]
  const select = `select ${id} as "${idField}", ${columns},
      case when lower(validity) > '-infinity' then lower(validity) end as "validFrom",
      case when upper(validity) < 'infinity' then upper(validity) end as "validTo"
    from ${from}`
  return {
    list: `${select}
      where ($1::text is null or (${id}, ${began}) > ($1, $2::timestamptz)) and ($3::text is null or ${id} = $3)
        and ($4::text is null or ${filter}) and ($5::float8 is null or validity @> to_timestamp($5::float8 / 1000))
      order by ${id}, ${began} limit $6`,
    find: `${select} where ${id} = $1 and ${began} = coalesce($2::timestamptz, '-infinity')`,
  }
}
const statements = {
  sources: statementsOf('sources'),
  switches: statementsOf('switches'),
  earthings: statementsOf('earthings'),
  transformers: statementsOf('transformers'),
  supplies: statementsOf('supplies'),
}

export interface ElementFilter {
  readonly id?: string | undefined
  /** What the kind's filter names. */
  readonly at?: number | undefined
  readonly within?: string | undefined
}

/** Periods by identifier, and of one in the order of time; `after` the last one seen. @param filter.at  those valid then, UTC milliseconds */
export async function listElements(
  queries: Queries,
  table: ElementTable,
  { id, within, at }: ElementFilter,
  page: { after: { id: string; validFrom: string } | undefined; limit: number },
): Promise<ElementRecord[]> {
  const rows = await queries.query<Row>(statements[table].list, [
    ...[page.after?.id ?? null, page.after?.validFrom ?? null, id ?? null, within ?? null, at ?? null, page.limit],
  ])
  return rows.map(recordOf)
}

/** @param validFrom  null: without beginning @returns undefined where there is none */
export async function findElement(
  queries: Queries,
  table: ElementTable,
  id: string,
  validFrom: string | null,
): Promise<ElementRecord | undefined> {
  const [row] = await queries.query<Row>(statements[table].find, [id, validFrom])
  return row && recordOf(row)
}

const recordOf = ({ validFrom, validTo, ...rest }: Row): ElementRecord => ({
  ...(rest as Record<string, string | boolean | null>),
  validFrom: validFrom?.toISOString() ?? null,
  validTo: validTo?.toISOString() ?? null,
})
