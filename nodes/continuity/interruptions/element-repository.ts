import type { Queries } from '../../../platform/storage/queries.ts'
import type { NetworkElement } from '../domain/element.ts'

/** Whether the network has, or had at an instant (UTC milliseconds), an element of this name. */
export async function hasElement(queries: Queries, { kind, id }: NetworkElement, at: number): Promise<boolean> {
  const [row] = await queries.query<{ known: boolean }>(
    `select case $1
       when 'source' then exists (select from network_source where source_id = $2 and validity @> moment)
       when 'switch' then exists (select from network_switch where switch_id = $2 and validity @> moment)
       when 'transformer' then exists (select from network_transformer where transformer_id = $2 and validity @> moment)
       when 'unit' then exists (select from consumer_unit where unit_id = $2)
       else exists (select from network_source where section_id = $2 and validity @> moment)
         or exists (select from network_switch where $2 in (section_a, section_b) and validity @> moment)
         or exists (select from network_transformer where section_id = $2 and validity @> moment)
         or exists (select from unit_supply where section_id = $2 and validity @> moment)
       end as known
     from (select to_timestamp($3::float8 / 1000) as moment) m`,
    [kind, id, at],
  )
  return row!.known
}

/** Whether the network had an earth switch of this name at an instant, UTC milliseconds: interruptions do not follow from it. */
export async function hasEarthSwitch(queries: Queries, id: string, at: number): Promise<boolean> {
  const rows = await queries.query(
    'select from network_earth_switch where earth_switch_id = $1 and validity @> to_timestamp($2::float8 / 1000)',
    [id, at],
  )
  return rows.length > 0
}

/** Of some units those that nobody knows. */
export async function unknownUnits(queries: Queries, unitIds: readonly string[]): Promise<string[]> {
  const rows = await queries.query<{ unitId: string }>(
    `select unit_id as "unitId" from unnest($1::text[]) as asked (unit_id)
     where not exists (select from consumer_unit u where u.unit_id = asked.unit_id)`,
    [unitIds],
  )
  return rows.map(({ unitId }) => unitId)
}

/** Units that hang on a section or a transformer at an instant (UTC milliseconds), or the unit itself. */
export async function unitsHangingOn(queries: Queries, { kind, id }: NetworkElement, at: number): Promise<string[]> {
  const rows = await queries.query<{ unitId: string }>(
    `select unit_id as "unitId" from unit_connection
     where validity @> to_timestamp($3::float8 / 1000)
       and case $1 when 'section' then section_id when 'transformer' then transformer_id else unit_id end = $2
     union
     select unit_id from consumer_unit where $1 = 'unit' and unit_id = $2
     order by 1`,
    [kind, id, at],
  )
  return rows.map(({ unitId }) => unitId)
}
