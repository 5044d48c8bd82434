import * as units from '@grafana/grafana-foundation-sdk/units'
import { events, interruptions } from './annotations.ts'
import { barsOverTime } from './bars-over-time.ts'
import type { DashboardContent } from './dashboard.ts'
import { dashboardAddress, linkTo } from './links.ts'
import { barGauges, dial, figure, inUnit, lines, rowsOf } from './panels.ts'
import { influx, sqlSeries, sqlTable } from './queries.ts'
import { colours, colouredText, thresholdOverride, thresholdsOf } from './thresholds.ts'
import { chosenFrom, conjunto, feeder } from './variables.ts'
import { drcSteps, drpSteps, transgression } from './voltage-limits.ts'
import { both } from './words.ts'

const percentOfWeek = `100.0 / ${transgression.windows}`

/** Meters of the chosen feeders and conjuntos, with the windows of their rolling week in the band, of the phase with most. */
const weeks = `
  select d.device_id, d.feeder_id, w.until, w.valid,
    greatest(w.precarious_a, w.precarious_b, w.precarious_c) * ${percentOfWeek} as drp,
    greatest(w.critical_a, w.critical_b, w.critical_c) * ${percentOfWeek} as drc
  from voltage_week w join device d using (device_key) join meter_report m using (device_key)
  where d.feeder_id in (\${feeder:sqlstring}) and m.conjunto_id in (\${conjunto:sqlstring}) and m.validity @> $__timeTo()::timestamptz`

const validity = both(
  'Indicativo: os sete dias até agora, sobre as 1.008 leituras de uma medição. Oficial é só o que uma medição completa apura.',
  'Indicative: the seven days up to now, of the 1,008 windows of a measurement. Official is only what a complete measurement comes to.',
)

const worst = (indicator: 'drp' | 'drc'): ReturnType<typeof dial> =>
  dial({
    title: both(`${indicator.toUpperCase()} mais alto`, `Highest ${indicator.toUpperCase()}`),
    description: both(`O maior ${indicator.toUpperCase()} dos medidores escolhidos. ${validity.pt}`, validity.en),
    ...{ unit: units.Percent, decimals: 2, min: 0, height: 6, width: 5 },
    max: 2 * (indicator === 'drp' ? transgression.drpLimitPct : transgression.drcLimitPct),
    thresholds: thresholdsOf(indicator === 'drp' ? drpSteps : drcSteps),
    queries: [sqlTable(`select max(${indicator}) as "${indicator.toUpperCase()}" from (${weeks}) week`)],
  })

const beyond = figure({
  title: both('Medidores acima do limite', 'Meters above the limit'),
  description: both(
    `Medidores cujos sete dias estão acima de DRP ${transgression.drpLimitPct} % ou DRC ${transgression.drcLimitPct} %. ${validity.pt}`,
    `Meters whose seven days are above the limits. ${validity.en}`,
  ),
  ...{ unit: units.Short, width: 5, height: 6 },
  thresholds: thresholdsOf([{ from: 1, colour: colours.beyond }]),
  queries: [
    sqlTable(`
    select count(*) filter (where drp > ${transgression.drpLimitPct}) as "DRP", count(*) filter (where drc > ${transgression.drcLimitPct}) as "DRC"
    from (${weeks}) week`),
  ],
})

const ranking = barGauges({
  title: both('DRP por medidor', 'DRP by meter'),
  description: both(
    `Os vinte maiores, contra o limite. ${validity.pt}`,
    `The twenty highest, against the limit. ${validity.en}`,
  ),
  ...{ unit: units.Percent, decimals: 1, min: 0, width: 9, height: 12 },
  thresholds: thresholdsOf(drpSteps),
  queries: [
    sqlTable(`select device_id as "Medidor", drp as "DRP" from (${weeks}) week order by drp desc, device_id limit 20`),
  ],
})

const meters = rowsOf({
  title: both('Sete dias de cada medidor', 'Seven days of each meter'),
  description: validity,
  ...{ unit: units.NoUnit, width: 15, height: 12 },
  columns: {
    Medidor: [
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
    DRP: [...inUnit(units.Percent, 2), colouredText, thresholdOverride(drpSteps)],
    DRC: [...inUnit(units.Percent, 2), colouredText, thresholdOverride(drcSteps)],
  },
  queries: [
    sqlTable(`
    select device_id as "Medidor", feeder_id as "Alimentador", drp as "DRP", drc as "DRC", valid as "Janelas válidas", until as "Até"
    from (${weeks}) week order by drc desc, drp desc, device_id limit 500`),
  ],
})

const bandsOverTime = lines({
  title: both('Janelas precárias e críticas', 'Precarious and critical windows'),
  description: both(
    'Parte das janelas válidas de dez minutos em cada faixa, por hora, dos medidores escolhidos; vale a pior fase.',
    'Share of the valid ten-minute windows in each band, by hour, of the chosen meters; the worst phase counts.',
  ),
  ...{ unit: units.Percent, min: 0 },
  columns: {
    Precária: [{ id: 'color', value: { mode: 'fixed', fixedColor: colours.near } }],
    Crítica: [{ id: 'color', value: { mode: 'fixed', fixedColor: colours.beyond } }],
  },
  queries: [
    sqlSeries(`
    select date_trunc('hour', w.at) as time,
      100.0 * count(*) filter (where greatest(w.band_a, w.band_b, w.band_c) = 'precarious') / count(*) as "Precária",
      100.0 * count(*) filter (where greatest(w.band_a, w.band_b, w.band_c) = 'critical') / count(*) as "Crítica"
    from voltage_window w join device d using (device_key)
    where $__timeFilter(w.at) and w.invalid_reason is null and d.feeder_id in (\${feeder:sqlstring})
    group by 1 order by 1`),
  ],
})

const invalidWindows = barsOverTime({
  title: both('Janelas inválidas', 'Invalid windows'),
  description: both(
    'Janelas de dez minutos que não contam, por hora e motivo: interrupção, variação de curta duração, leituras de menos.',
    'Ten-minute windows that do not count, by hour and reason: interruption, short-duration variation, too few readings.',
  ),
  ...{ unit: units.Short, min: 0, interval: '1h' },
  queries: [
    sqlSeries(`
    select date_trunc('hour', w.at) as time,
      case w.invalid_reason when 'interruption' then 'interrupção' when 'vtcd' then 'VTCD' else 'cobertura' end as metric,
      count(*) as value
    from voltage_window w join device d using (device_key)
    where $__timeFilter(w.at) and w.invalid_reason is not null and d.feeder_id in (\${feeder:sqlstring})
    group by 1, 2 order by 1, 2`),
  ],
})

const voltages = lines({
  title: both('Tensão da unidade', 'Voltage of the unit'),
  description: both(
    'Tensão eficaz de cada janela de dez minutos da unidade escolhida, por fase.',
    'RMS voltage of each ten-minute window of the chosen unit, by phase.',
  ),
  ...{ unit: units.Volt, interval: '10m', width: 24 },
  queries: [
    influx(
      `SELECT mean("volts") FROM "voltage_window" WHERE "unit" =~ /^$unit$/ AND $timeFilter
       GROUP BY time($__interval), "phase" fill(none)`,
      'Fase $tag_phase',
    ),
  ],
})

const official = rowsOf({
  title: both('Medições oficiais', 'Official measurements'),
  description: both(
    'Medições de sete dias e o que apuraram, as mais recentes primeiro; a última versão de cada uma.',
    'Measurements of seven days and what they came to, newest first; the last version of each.',
  ),
  unit: units.NoUnit,
  columns: {
    DRP: [...inUnit(units.Percent, 2), thresholdOverride(drpSteps), colouredText],
    DRC: [...inUnit(units.Percent, 2), thresholdOverride(drcSteps), colouredText],
  },
  queries: [
    sqlTable(`
    select m.unit_id as "Unidade", u.feeder_id as "Alimentador", m.kind as "Tipo", m.status as "Situação", m.starts_at as "Início",
      r.ended_at as "Fim", r.valid as "Janelas válidas", r.drp_pct as "DRP", r.drc_pct as "DRC"
    from voltage_measurement m join unit_report u using (unit_id)
    left join lateral (
      select * from measurement_result r where r.measurement_id = m.measurement_id order by version desc limit 1
    ) r on true
    where u.feeder_id in (\${feeder:sqlstring}) and u.conjunto_id in (\${conjunto:sqlstring})
      and m.starts_at <= $__timeTo()::timestamptz and coalesce(r.ended_at, m.gives_up_at) >= $__timeFrom()::timestamptz
    order by m.starts_at desc, m.measurement_id desc limit 200`),
  ],
})

/** DRP and DRC of PRODIST Módulo 8: who is close to the limits or beyond, when, and in which band. */
export const voltageQuality: DashboardContent = {
  name: 'voltage-quality',
  description: both(
    'DRP e DRC por medidor, janelas precárias e críticas, medições oficiais (PRODIST, Módulo 8).',
    'DRP and DRC by meter, precarious and critical windows, official measurements (PRODIST, Módulo 8).',
  ),
  tags: ['qualidade'],
  ...{ from: 'now-7d', refresh: '5m', consolePage: 'voltage' },
  variables: [
    feeder(true),
    conjunto(true),
    chosenFrom({
      name: 'unit',
      label: both('Unidade', 'Consumer unit'),
      query: `
      select unit_id as __value, unit_id as __text from unit_report
      where feeder_id in (\${feeder:sqlstring}) and conjunto_id in (\${conjunto:sqlstring}) order by unit_id`,
    }),
  ],
  annotations: [interruptions, events('feeder')],
  sections: [
    { title: both('Sete dias até agora', 'Seven days up to now'), panels: [worst('drp'), worst('drc'), beyond] },
    { title: both('Medidores', 'Meters'), panels: [ranking, meters] },
    { title: both('No período', 'In the period'), panels: [bandsOverTime, invalidWindows, voltages] },
    { title: both('Oficiais', 'Official'), panels: [official] },
  ],
}
