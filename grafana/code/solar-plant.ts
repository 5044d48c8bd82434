import * as units from '@grafana/grafana-foundation-sdk/units'
import { usualQuestion } from '../../nodes/solar/domain/maintenance/forecast.ts'
import { annotationOf } from './annotations.ts'
import type { DashboardContent } from './dashboard.ts'
import { dashboardAddress, linkTo } from './links.ts'
import { barGauges, bars, dial, figure, inUnit, lines, rowsOf, yesOrNo } from './panels.ts'
import { influx, sqlTable } from './queries.ts'
import { anomalies, anomaliesInTime } from './solar-anomalies.ts'
import { colours, colouredText, thresholdOverride, thresholdsOf, type Step } from './thresholds.ts'
import { chosenFrom } from './variables.ts'
import { both } from './words.ts'

/** From this share of what it should give on, a panel is not due: the threshold of the maintenance forecast, %. */
const duePct = 100 * usualQuestion.thresholdShare

/** Performance index in percent: red where a panel is due, yellow half the way to nothing lost. */
const indexSteps: readonly Step[] = [
  { from: duePct, colour: colours.near },
  { from: (duePct + 100) / 2, colour: colours.good },
]

/** The newest civil day of the chosen plant in what is shown, with its figures as the node solar performance makes them. */
const newestDay = `
  select *, greatest(0, expected_wh - daylight_wh) / 1000 as lost_kwh from solar_site_day
  where site_id in (\${site:sqlstring}) and begins_at <= $__timeTo()::timestamptz
  order by begins_at desc limit 1`

const powerNow = figure({
  title: both('Potência gerada e esperada', 'Power, generated and expected'),
  description: both(
    'A última fatia de cinco minutos: o que a usina gerou e o que se esperava dela sob a irradiância conhecida.',
    'The newest slot of five minutes: what the plant generated, and what was expected of it under the irradiance that is known.',
  ),
  ...{ unit: units.Watt, decimals: 0, width: 6, height: 6 },
  queries: [
    sqlTable(`
    select power_w as "Gerada", expected_w as "Esperada" from solar_plant_slot
    where plant_id in (\${site:sqlstring}) and $__timeFilter(at) order by at desc limit 1`),
  ],
})

const indexToday = dial({
  title: both('Índice de desempenho do dia', 'Performance index of the day'),
  description: both(
    `Energia à luz do dia em relação à esperada (IEC 61724-1): 100 % é nada perdido. Vermelho abaixo de ${duePct} %, a partir de onde a manutenção é devida.`,
    `Energy in daylight by what was expected of it (IEC 61724-1): 100 % is nothing lost. Red below ${duePct} %, where maintenance is due.`,
  ),
  ...{ unit: units.Percent, decimals: 1, min: 0, max: 120, width: 4 },
  thresholds: thresholdsOf(indexSteps, colours.beyond),
  queries: [
    sqlTable(`select 100 * daylight_wh / nullif(expected_wh, 0) as "Índice de desempenho" from (${newestDay}) day`),
  ],
})

const energyToday = figure({
  title: both('Energia do dia', 'Energy of the day'),
  description: both(
    'Gerada e perdida (esperada à luz do dia e não gerada) no dia civil mais recente do período.',
    'Generated, and lost (expected in daylight and not generated), on the newest civil day of what is shown.',
  ),
  ...{ unit: units.KiloWattHour, decimals: 1, width: 5, height: 6 },
  queries: [sqlTable(`select energy_wh / 1000 as "Gerada", lost_kwh as "Perdida" from (${newestDay}) day`)],
})

const lossToday = figure({
  title: both('Perda do dia', 'Loss of the day'),
  description: both(
    'A energia perdida no dia mais recente pela tarifa do local, em R$.',
    'The energy lost on the newest day by the tariff of the site, in R$.',
  ),
  ...{ unit: units.Real, decimals: 2, width: 3, height: 6 },
  queries: [sqlTable(`select lost_kwh * tariff_brl_kwh as "Perda" from (${newestDay}) day`)],
})

const reporting = figure({
  title: both('Painéis reportando', 'Panels reporting'),
  description: both(
    'Painéis cujas leituras valeram na última fatia de cinco minutos, e quantos a usina tem.',
    'Panels whose readings counted in the newest slot of five minutes, and how many the plant has.',
  ),
  ...{ unit: units.Short, width: 3, height: 6 },
  queries: [
    sqlTable(`
    select reporting as "Reportando", panels as "Painéis" from solar_plant_slot
    where plant_id in (\${site:sqlstring}) and $__timeFilter(at) order by at desc limit 1`),
  ],
})

const anomaliesNow = figure({
  title: both('Anomalias ativas', 'Standing anomalies'),
  description: both(
    'Anomalias que duram no fim do período mostrado, por gravidade.',
    'Anomalies that last at the end of what is shown, by severity.',
  ),
  ...{ unit: units.Short, width: 3, height: 6 },
  thresholds: thresholdsOf([{ from: 1, colour: colours.beyond }]),
  queries: [
    sqlTable(`
    select count(*) filter (where severity = 'high') as "Graves", count(*) filter (where severity <> 'high') as "Outras"
    from solar_anomaly
    where plant_id in (\${site:sqlstring}) and found_at <= $__timeTo()::timestamptz
      and (ended_at is null or ended_at > $__timeTo()::timestamptz)`),
  ],
})

const power = lines({
  title: both('Potência gerada e esperada no período', 'Power, generated and expected'),
  description: both(
    'Por fatias de cinco minutos: a distância entre as linhas é o que se perde.',
    'By slots of five minutes: what lies between the lines is lost.',
  ),
  ...{ unit: units.Watt, min: 0, interval: '5m', width: 12 },
  queries: [
    influx(
      `SELECT mean("power_w") AS "Gerada", mean("expected_w") AS "Esperada" FROM "solar_site"
       WHERE "site" =~ /^$site$/ AND $timeFilter GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
  ],
})

const irradiance = lines({
  title: both('Irradiância no plano dos painéis', 'Irradiance in the plane of the panels'),
  description: both(
    'Medida, de céu limpo ou deduzida dos painéis: a melhor que se conhece de cada fatia de cinco minutos.',
    'Measured, of a clear sky or deduced from the panels: the best that is known of each slot of five minutes.',
  ),
  ...{ unit: units.WattPerSquareMeter, min: 0, interval: '5m', width: 6 },
  queries: [
    influx(
      `SELECT mean("irradiance_wm2") AS "Irradiância" FROM "solar_site"
       WHERE "site" =~ /^$site$/ AND $timeFilter GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
  ],
})

const reportingOverTime = lines({
  title: both('Painéis reportando no período', 'Panels reporting'),
  description: both(
    'O menor número de painéis cujas leituras valeram, por fatia: quedas são falhas de comunicação ou de sensor.',
    'The least number of panels whose readings counted, by slot: drops are failures of communication or sensors.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0, interval: '5m', width: 6 },
  queries: [
    influx(
      `SELECT min("reporting") AS "Painéis" FROM "solar_site"
       WHERE "site" =~ /^$site$/ AND $timeFilter GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
  ],
})

const energyByDay = bars({
  title: both('Energia por dia', 'Energy by day'),
  description: both(
    'Gerada, e esperada à luz do dia, por dia civil; o dia em curso ainda cresce.',
    'Generated, and expected in daylight, by civil day; the running day still grows.',
  ),
  ...{ unit: units.KiloWattHour, decimals: 1, min: 0 },
  queries: [
    sqlTable(`
    select to_char(day, 'DD/MM') as "Dia", energy_wh / 1000 as "Gerada", expected_wh / 1000 as "Esperada"
    from solar_site_day
    where site_id in (\${site:sqlstring}) and begins_at > $__timeFrom()::timestamptz - interval '1 day'
      and begins_at <= $__timeTo()::timestamptz
    order by day limit 400`),
  ],
})

const ratios = lines({
  title: both('Desempenho por dia', 'Performance by day'),
  description: both(
    'Razão de desempenho, a mesma corrigida a 25 °C, e índice de desempenho (IEC 61724-1); um ponto por dia civil.',
    'Performance ratio, the same corrected to 25 °C, and performance index (IEC 61724-1); a point a civil day.',
  ),
  ...{ unit: units.PercentUnit, decimals: 0, min: 0, interval: '1h' },
  queries: [
    influx(
      `SELECT last("performance_ratio") AS "Razão de desempenho", last("corrected_ratio") AS "Corrigida a 25 °C",
         last("performance_index") AS "Índice de desempenho"
       FROM "solar_site_day" WHERE "site" =~ /^$site$/ AND $timeFilter GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
  ],
})

/** Days of the panels of the chosen plant that begin in what is shown, as sums. */
const panelSums = `
  select d.device_key, d.device_id, d.feeder_id, sum(p.energy_wh) / 1000 as energy_kwh, sum(p.expected_wh) / 1000 as expected_kwh,
    greatest(0, sum(p.expected_wh) - sum(p.daylight_wh)) / 1000 as lost_kwh,
    100 * sum(p.daylight_wh) / nullif(sum(p.expected_wh), 0) as index_pct
  from solar_panel_day p join device d using (device_key)
  where p.plant_id in (\${site:sqlstring}) and p.begins_at > $__timeFrom()::timestamptz - interval '1 day'
    and p.begins_at <= $__timeTo()::timestamptz
  group by d.device_key, d.device_id, d.feeder_id`

const weakest = barGauges({
  title: both('Painéis mais fracos', 'Weakest panels'),
  description: both(
    `Índice de desempenho dos vinte painéis mais fracos no período. Vermelho abaixo de ${duePct} %.`,
    `Performance index of the twenty weakest panels of the period. Red below ${duePct} %.`,
  ),
  ...{ unit: units.Percent, decimals: 0, min: 0, max: 120, width: 8, height: 12 },
  thresholds: thresholdsOf(indexSteps, colours.beyond),
  queries: [
    sqlTable(`
    select device_id as "Painel", index_pct as "Índice de desempenho" from (${panelSums}) panel
    where index_pct is not null order by index_pct, device_id limit 20`),
  ],
})

const panels = rowsOf({
  title: both('Painéis', 'Panels'),
  description: both(
    'Energia, perda e desempenho de cada painel no período, e em quantos dias a manutenção é devida (vazio: não se prevê).',
    'Energy, loss and performance of each panel in the period, and in how many days it is due (empty: not within sight).',
  ),
  ...{ unit: units.NoUnit, width: 16, height: 12 },
  columns: {
    Painel: [
      {
        id: 'links',
        value: [
          linkTo(
            both('Abrir o dispositivo', 'Open the device'),
            dashboardAddress('device', { device: '${__value.text}', feeder: '${__data.fields.Alimentador}' }),
          ).build(),
        ],
      },
    ],
    Gerada: inUnit(units.KiloWattHour, 2),
    Esperada: inUnit(units.KiloWattHour, 2),
    Perdida: inUnit(units.KiloWattHour, 2),
    'Índice de desempenho': [...inUnit(units.Percent, 1), colouredText, thresholdOverride(indexSteps, colours.beyond)],
    'Manutenção em': inUnit(units.Days),
  },
  queries: [
    sqlTable(`
    select p.device_id as "Painel", p.feeder_id as "Alimentador", p.energy_kwh as "Gerada", p.expected_kwh as "Esperada",
      p.lost_kwh as "Perdida", p.index_pct as "Índice de desempenho", m.days_until as "Manutenção em"
    from (${panelSums}) p left join solar_panel_maintenance m using (device_key)
    order by p.lost_kwh desc nulls last, p.device_id limit 500`),
  ],
})

const maintenance = rowsOf({
  title: both('Manutenção da usina', 'Maintenance of the plant'),
  description: both(
    'Previsão de manutenção: painéis devidos, energia que se perderia sem visita, e se limpar compensa.',
    'Forecast of maintenance: panels that are due, energy that would be lost without a visit, and whether cleaning pays.',
  ),
  ...{ unit: units.NoUnit, width: 10 },
  columns: {
    'Perda sem visita': inUnit(units.KiloWattHour, 1),
    Evitável: inUnit(units.Real, 2),
    'Limpar compensa': yesOrNo,
  },
  queries: [
    sqlTable(`
    select plant_id as "Usina", due_panels as "Painéis devidos", panels as "Painéis", lost_kwh as "Perda sem visita", avoided_brl as "Evitável",
      cleaning_pays as "Limpar compensa", day as "Dia"
    from solar_plant_maintenance where plant_id in (\${site:sqlstring}) order by plant_id`),
  ],
})

const visits = annotationOf(
  both('Visitas', 'Visits'),
  `
  select done_at as time, concat_ws(' · ', what, panel_id) as text, what as tags from solar_visit_report
  where $__timeFilter(done_at) and plant_id in (\${site:sqlstring}) order by done_at desc limit 200`,
  'green',
)

/** One solar plant: what it gives and should give, which panels lose it, what to do. */
export const solarPlant: DashboardContent = {
  name: 'solar-plant',
  description: both(
    'Uma usina: geração contra o esperado, desempenho, painéis fracos, anomalias e manutenção.',
    'A plant: generation against what is expected, performance, weak panels, anomalies and maintenance.',
  ),
  tags: ['solar'],
  ...{ from: 'now-7d', refresh: '5m', consolePage: 'solar' },
  variables: [
    chosenFrom({
      name: 'site',
      label: both('Usina', 'Plant'),
      query: `
      select site_id as __value, concat_ws(' · ', site_id, name) as __text from site s
      where exists (select from device d where d.site_id = s.site_id and d.kind = 'panel')
      order by exists (select from solar_plant_slot p where p.plant_id = s.site_id) desc, site_id`,
    }),
  ],
  annotations: [anomaliesInTime, visits],
  sections: [
    {
      title: both('Agora', 'Now'),
      panels: [powerNow, indexToday, energyToday, lossToday, reporting, anomaliesNow],
    },
    { title: both('Geração', 'Generation'), panels: [power, irradiance, reportingOverTime, energyByDay, ratios] },
    { title: both('Por painel', 'By panel'), panels: [weakest, panels] },
    { title: both('Anomalias e manutenção', 'Anomalies and maintenance'), panels: [anomalies, maintenance] },
  ],
}
