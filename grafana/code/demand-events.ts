import { annotationOf } from './annotations.ts'
import { both } from './words.ts'

/** Demand-response events of the chosen feeders and of all, from beginning to end; those that never began are left out. */
export const demandEvents = annotationOf(
  both('Eventos de resposta da demanda', 'Demand-response events'),
  `
  select starts_at as time, ends_at as timeend,
    concat_ws(' · ', type, feeder_id, limit_kw || ' kW', 'menos ' || target_shed_kw || ' kW', 'R$ ' || price_brl_kwh || '/kWh') as text,
    concat_ws(',', mode, feeder_id) as tags
  from dr_event_report
  where (feeder_id is null or feeder_id in (\${feeder:sqlstring})) and ends_at > starts_at
    and starts_at <= $__timeTo()::timestamptz and ends_at >= $__timeFrom()::timestamptz
  order by starts_at desc limit 200`,
  'purple',
)
