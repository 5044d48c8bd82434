import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import type { AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard'
import { postgresql } from './data-sources.ts'
import { tidy } from './queries.ts'
import { both, type BothLanguages } from './words.ts'

/** What is marked in time on every chart of a dashboard. */
export type Annotation = Builder<AnnotationQuery>

/**
 * Annotations from SQL with the columns `time`, `text`, `tags` (separated by commas), and `timeend` where they last.
 * @param colour  of the marks, as Grafana names it
 */
export function annotationOf(name: BothLanguages, rawSql: string, colour: string): Annotation {
  const text = tidy(rawSql)
  const query = {
    ...{ name: name.pt, datasource: postgresql, enable: true, iconColor: colour },
    // By `rawQuery` 9.4 knows it; later releases take it over into `target`.
    rawQuery: text,
    target: { refId: 'Anno', rawSql: text, rawQuery: true, editorMode: 'code', format: 'table' },
  }
  return { build: () => query as unknown as AnnotationQuery }
}

/** What the devices of the chosen feeders reported, or the chosen device alone. */
export const events = (of: 'feeder' | 'device'): Annotation =>
  annotationOf(
    both('Eventos do campo', 'Field events'),
    `
    select e.at as time,
      concat_ws(' · ', d.device_id, e.type, e.phases, e.cause) as text,
      concat_ws(',', e.type, d.feeder_id) as tags
    from field_event e join device d using (device_key)
    where $__timeFilter(e.at) and d.${of}_id in (\${${of}:sqlstring})
    order by e.at desc limit 200`,
    'orange',
  )

/** Interruptions of supply of the chosen feeders, from beginning to end. */
export const interruptions: Annotation = annotationOf(
  both('Interrupções', 'Interruptions'),
  `
  select started_at as time, coalesce(ended_at, $__timeTo()::timestamptz) as timeend,
    concat_ws(' · ', element_id, cause, units || ' UC') as text,
    concat_ws(',', feeder_id, element_kind) as tags
  from interruption
  where feeder_id in (\${feeder:sqlstring}) and not void
    and started_at <= $__timeTo()::timestamptz and coalesce(ended_at, $__timeTo()::timestamptz) >= $__timeFrom()::timestamptz
  order by started_at desc limit 200`,
  'red',
)

/** Commands to devices of the chosen feeders, or to the chosen device alone; without who asked for them. */
export const commands = (of: 'feeder' | 'device'): Annotation =>
  annotationOf(
    both('Comandos', 'Commands'),
    `
    select requested_at as time, concat_ws(' · ', device_id, type, state) as text, concat_ws(',', type, state) as tags
    from command_report
    where $__timeFilter(requested_at) and ${of}_id in (\${${of}:sqlstring})
    order by requested_at desc limit 200`,
    'blue',
  )
