import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { anomalyWords } from '../../nodes/solar/domain/anomaly-words.ts'
import { annotationOf } from './annotations.ts'
import { rowsOf } from './panels.ts'
import { sqlTable } from './queries.ts'
import { colours, colouredText } from './thresholds.ts'
import { both } from './words.ts'

const kinds: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(anomalyWords).map(([kind, { pt }], index) => [kind, { text: pt, index }]),
    ),
  },
]
const severities: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      high: { text: 'alta', color: colours.beyond, index: 0 },
      medium: { text: 'média', color: 'orange', index: 1 },
      low: { text: 'baixa', color: colours.near, index: 2 },
    },
  },
]

/** Anomalies of the chosen plant in what is shown, those that last first. */
export const anomalies = rowsOf({
  title: both('Anomalias', 'Anomalies'),
  description: both(
    'O que os detectores acharam no período, o que dura primeiro: painéis, tipo, gravidade e desde quando.',
    'What the detectors found in the period, what lasts first: panels, kind, severity and since when.',
  ),
  ...{ unit: units.NoUnit, width: 14 },
  columns: {
    Tipo: [{ id: 'mappings', value: kinds }],
    Gravidade: [{ id: 'mappings', value: severities }, colouredText],
  },
  queries: [
    sqlTable(`
    select array_to_string(panel_ids, ', ') as "Painéis", kind as "Tipo", severity as "Gravidade", began_at as "Início", found_at as "Achada",
      ended_at as "Fim"
    from solar_anomaly
    where plant_id in (\${site:sqlstring}) and began_at <= $__timeTo()::timestamptz
      and coalesce(ended_at, $__timeTo()::timestamptz) >= $__timeFrom()::timestamptz
    order by ended_at desc nulls first, began_at desc, anomaly_id limit 200`),
  ],
})

/** The same on the charts, from beginning to end. */
export const anomaliesInTime = annotationOf(
  both('Anomalias', 'Anomalies'),
  `
  select began_at as time, coalesce(ended_at, $__timeTo()::timestamptz) as timeend,
    kind || ' · ' || array_to_string(panel_ids, ', ') as text, concat_ws(',', kind, severity) as tags
  from solar_anomaly
  where plant_id in (\${site:sqlstring}) and began_at <= $__timeTo()::timestamptz
    and coalesce(ended_at, $__timeTo()::timestamptz) >= $__timeFrom()::timestamptz
  order by began_at desc limit 200`,
  'red',
)
