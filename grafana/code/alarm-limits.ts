import { drawnAs, sqlSeries, type PanelQuery } from './queries.ts'
import { colours, dashedLine } from './thresholds.ts'

/**
 * Set points of limits that engineers' alarm rules have for the chosen device, at both ends of the time that is shown: as the rules
 * stand in their table, for devices of their kind, type, feeder and name. Without deadband, delay and what a rule combines them with.
 * @param measures  what the panel draws, and how much of a unit of the measure is one of the panel: -0.001 makes kW of a panel's W
 */
export const alarmLimitsOfDevice = (measures: Readonly<Record<string, number>>): PanelQuery =>
  drawnAs(
    dashedLine(colours.near),
    sqlSeries(`
with measures (measure, factor) as (
  values ${Object.entries(measures)
    .map(([measure, factor]) => `('${measure}', ${factor}::float8)`)
    .join(', ')}
), limits as (
  select r.name, leaf->>'level' as level, factor * (leaf->>'setPoint')::float8 as set_point, string_agg(distinct measure, ', ') as measures
  from device d left join site t using (site_id)
  join alarm_rule r on r.criterion#>>'{scope,kind}' = d.kind::text
    and coalesce(r.criterion#>>'{scope,derType}', d.der_type, '') = coalesce(d.der_type, '')
    and (r.criterion#>'{scope,feederIds}' = '[]' or r.criterion#>'{scope,feederIds}' @> to_jsonb(coalesce(d.feeder_id, t.feeder_id)))
    and (r.criterion#>'{scope,deviceIds}' = '[]' or r.criterion#>'{scope,deviceIds}' @> to_jsonb(d.device_id))
  cross join lateral jsonb_array_elements(r.criterion->'leaves') leaf
  join measures on measure = leaf->>'measure'
  where d.device_id in (\${device:sqlstring}) and leaf->>'type' = 'limit'
  group by r.name, level, set_point
), ends (at) as (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz))
select at as time, concat_ws(' ', 'alarme', name, level, measures, set_point) as metric, set_point as value
from ends cross join limits
order by at, metric limit 200`),
  )
