import * as units from '@grafana/grafana-foundation-sdk/units'
import { lines } from './panels.ts'
import { sqlSeries } from './queries.ts'
import { colours } from './thresholds.ts'
import { both } from './words.ts'

/** How many meters of the chosen feeders were outside the adequate band. */
export const bandsOfMeters = lines({
  title: both('Tensão fora da faixa adequada', 'Voltage outside the adequate band'),
  description: both(
    'Medidores com tensão precária ou crítica na pior fase, por janela válida de dez minutos; além de dois dias, o máximo de cada hora (PRODIST, Módulo 8).',
    'Meters with precarious or critical voltage in their worst phase, by valid window of ten minutes; beyond two days the most of each hour.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0 },
  columns: {
    Precária: [{ id: 'color', value: { mode: 'fixed', fixedColor: colours.near } }],
    Crítica: [{ id: 'color', value: { mode: 'fixed', fixedColor: colours.beyond } }],
  },
  queries: [
    sqlSeries(`
    with windows as (
      select w.at, count(*) filter (where greatest(w.band_a, w.band_b, w.band_c) = 'precarious') as precarious,
        count(*) filter (where greatest(w.band_a, w.band_b, w.band_c) = 'critical') as critical
      from voltage_window w join device d using (device_key)
      where $__timeFilter(w.at) and w.invalid_reason is null and d.feeder_id in (\${feeder:sqlstring})
      group by w.at
    )
    select case when $__timeTo()::timestamptz - $__timeFrom()::timestamptz > interval '2 days' then date_trunc('hour', at) else at end as time,
      max(precarious) as "Precária", max(critical) as "Crítica"
    from windows group by 1 order by 1`),
  ],
})
