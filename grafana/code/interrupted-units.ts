import { LineInterpolation } from '@grafana/grafana-foundation-sdk/common'
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { figure, inUnit, lines, rowsOf, yesOrNo } from './panels.ts'
import { sqlSeries, sqlTable } from './queries.ts'
import { colours, thresholdsOf } from './thresholds.ts'
import { both } from './words.ts'

/** Interruptions of units of the chosen feeders that touch the time that is shown. */
const touching = `
  select i.unit_id, u.feeder_id, i.started_at, i.ended_at
  from unit_interruption i join unit_report u using (unit_id)
  where u.feeder_id in (\${feeder:sqlstring}) and i.started_at <= $__timeTo()::timestamptz
    and coalesce(i.ended_at, $__timeTo()::timestamptz) >= $__timeFrom()::timestamptz`

/** Consumer units without supply at the end of what is shown. */
export const interruptedNow = (width: number, height = 4): ReturnType<typeof figure> =>
  figure({
    title: both('UC sem energia', 'Units without supply'),
    description: both(
      'Unidades consumidoras interrompidas no fim do período mostrado, pelos medidores e pela topologia da rede.',
      'Consumer units interrupted at the end of what is shown, by meters and by the topology of the network.',
    ),
    ...{ unit: units.Short, width, height },
    thresholds: thresholdsOf([{ from: 1, colour: colours.beyond }]),
    queries: [
      sqlTable(`
      select count(distinct unit_id) as "UC sem energia" from (${touching}) i
      where ended_at is null or ended_at > $__timeTo()::timestamptz`),
    ],
  })

/** How many units were without supply, a step at each beginning and end. */
export const interruptedOverTime = (width: number): timeseries.PanelBuilder =>
  lines({
    title: both('UC sem energia no período', 'Units without supply'),
    description: both(
      'Quantas unidades consumidoras estavam sem energia ao mesmo tempo, por alimentador.',
      'How many consumer units were without supply at the same time, by feeder.',
    ),
    ...{ unit: units.Short, min: 0, decimals: 0, width },
    queries: [
      sqlSeries(`
      with touching as materialized (${touching}), changes as (
        select greatest(started_at, $__timeFrom()::timestamptz) as at, feeder_id, 1 as change from touching
        union all select ended_at, feeder_id, -1 from touching where ended_at <= $__timeTo()::timestamptz
        union all select at, f.feeder_id, 0
        from feeder f cross join (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) edge (at)
        where f.feeder_id in (\${feeder:sqlstring}) and exists (select from unit_report u where u.feeder_id = f.feeder_id)
      )
      select at as time, feeder_id as metric, (sum(sum(change)) over (partition by feeder_id order by at))::float8 as value
      from changes group by at, feeder_id order by at, feeder_id`),
    ],
  }).lineInterpolation(LineInterpolation.StepAfter)

/** Interruptions of the time that is shown, newest first. */
export const interruptionsInPeriod = (): ReturnType<typeof rowsOf> =>
  rowsOf({
    title: both('Interrupções', 'Interruptions'),
    description: both(
      'Interrupções que tocam o período mostrado, as mais recentes primeiro, com o elemento interrompido e as unidades atingidas.',
      'Interruptions that touch the time that is shown, newest first, with the element that is out and the units.',
    ),
    ...{ unit: units.NoUnit, width: 12, height: 9 },
    columns: {
      Duração: inUnit(units.Seconds),
      UC: inUnit(units.Short),
      Programada: yesOrNo,
      'Em curso': yesOrNo,
    },
    queries: [
      sqlTable(`
    select started_at as "Início", extract(epoch from coalesce(ended_at, $__timeTo()::timestamptz) - started_at)::float8 as "Duração",
      feeder_id as "Alimentador", element_id as "Elemento", units as "UC", cause as "Causa", programmed as "Programada",
      ended_at is null as "Em curso"
    from interruption
    where feeder_id in (\${feeder:sqlstring}) and not void and started_at <= $__timeTo()::timestamptz
      and coalesce(ended_at, $__timeTo()::timestamptz) >= $__timeFrom()::timestamptz
    order by started_at desc, interruption_id desc limit 100`),
    ],
  })
