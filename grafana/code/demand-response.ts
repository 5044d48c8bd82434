import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { commands, interruptions } from './annotations.ts'
import type { DashboardContent } from './dashboard.ts'
import { demandEvents } from './demand-events.ts'
import { dersOverTime, loadOverTime } from './feeder-load.ts'
import { dashboardAddress, linkTo } from './links.ts'
import { bars, dial, figure, inUnit, lines, rowsOf, yesOrNo } from './panels.ts'
import { influx, sqlSeries, sqlTable } from './queries.ts'
import { colours, colouredText, thresholdOverride, thresholdsOf, type Step } from './thresholds.ts'
import { steeredByFeeder } from './steered-ders.ts'
import { feeder } from './variables.ts'
import { both } from './words.ts'

/** Delivered by agreed, %: from all that was agreed on nothing is missing, and no penalty is owed. */
const fulfilmentSteps: readonly Step[] = [{ from: 100, colour: colours.good }]

/** Events of the chosen feeders, and of all, that touch what is shown. One that was cancelled before it began never was. */
const touching = `
  select e.*, p.name as program from dr_event_report e left join dr_program_report p using (program_id)
  where (e.feeder_id is null or e.feeder_id in (\${feeder:sqlstring})) and e.starts_at <= $__timeTo()::timestamptz
    and e.ends_at >= $__timeFrom()::timestamptz and e.ends_at > e.starts_at`

/** What came of them, a row for each feeder. */
const results = `
  select e.event_id, e.type, e.program_id, e.program, e.starts_at, e.ends_at, e.mode, r.feeder_id as result_feeder, r.is_final, r.basis,
    r.baseline_kwh, r.actual_kwh, r.delivered_kwh, r.committed_kwh, r.coverage, r.reason, r.detail, (r.money->>'amountBrl')::float8 as amount_brl
  from (${touching}) e join dr_result r using (event_id) where r.feeder_id in (\${feeder:sqlstring})`

const settled = both(
  'Apurado um quarto de hora depois do fim de cada evento, e de novo, em definitivo, um dia depois.',
  'Settled a quarter of an hour after the end of each event, and once more, for good, a day after.',
)

const counts = figure({
  title: both('Eventos', 'Events'),
  description: both(
    'Eventos em vigor no fim do período mostrado, os que vêm nos sete dias depois dele, os encerrados e os cancelados no período.',
    'Events in force at the end of what is shown, those to come within seven days of it, those over and those cancelled in the period.',
  ),
  ...{ unit: units.Short, width: 8, height: 6 },
  columns: { 'Em vigor': [thresholdOverride([{ from: 1, colour: 'blue' }], colours.neutral)] },
  thresholds: thresholdsOf([], colours.neutral),
  queries: [
    sqlTable(`
    select count(*) filter (where starts_at <= $__timeTo()::timestamptz and ends_at > $__timeTo()::timestamptz) as "Em vigor",
      count(*) filter (where starts_at > $__timeTo()::timestamptz and not is_cancelled) as "Em 7 dias",
      count(*) filter (where ends_at <= $__timeTo()::timestamptz and not is_cancelled) as "Encerrados",
      count(*) filter (where is_cancelled) as "Cancelados"
    from dr_event_report
    where (feeder_id is null or feeder_id in (\${feeder:sqlstring})) and ends_at >= $__timeFrom()::timestamptz
      and starts_at <= $__timeTo()::timestamptz + interval '7 days'`),
  ],
})

const yielding = figure({
  title: both('Recursos que cedem agora', 'DERs that give way now'),
  description: both(
    'Recursos que recebem menos do que querem pela última divisão, e quanto lhes falta.',
    'DERs that have less than they want by the last round, and how much they go short of.',
  ),
  ...{ unit: units.Short, width: 4, height: 6, decimals: 0 },
  thresholds: thresholdsOf([], colours.neutral),
  columns: {
    Falta: inUnit(units.KiloWatt, 1),
  },
  queries: [
    sqlTable(`
    select count(*) filter (where deficit_kw > 0) as "Recursos", coalesce(sum(deficit_kw), 0) as "Falta"
    from device_share_report where on_feeder in (\${feeder:sqlstring})`),
  ],
})

const energy = figure({
  title: both('Energia entregue e combinada', 'Energy delivered and agreed on'),
  description: both(
    `Soma do que os eventos do período deixaram de consumir em relação à linha de base, e do que estava combinado. ${settled.pt}`,
    `What the events of the period gave up against their baseline, and what was agreed on, in all. ${settled.en}`,
  ),
  ...{ unit: units.KiloWattHour, decimals: 1, width: 5, height: 6 },
  thresholds: thresholdsOf([], colours.neutral),
  queries: [
    sqlTable(`select sum(delivered_kwh) as "Entregue", sum(committed_kwh) as "Combinada" from (${results}) result`),
  ],
})

const fulfilment = dial({
  title: both('Cumprimento', 'Fulfilment'),
  description: both(
    'Entregue em % do combinado, dos eventos em que algo foi combinado e a linha de base é conhecida. Abaixo de 100 % há multa.',
    'Delivered in % of what was agreed on, of events where something was agreed on and the baseline is known. Below 100 % a penalty is owed.',
  ),
  ...{ unit: units.Percent, decimals: 0, min: 0, max: 150, width: 4 },
  thresholds: thresholdsOf(fulfilmentSteps, colours.near),
  queries: [
    sqlTable(`
    select 100 * sum(delivered_kwh) / nullif(sum(committed_kwh), 0) as "Cumprimento"
    from (${results}) result where delivered_kwh is not null and committed_kwh is not null`),
  ],
})

const money = figure({
  title: both('Valor devido', 'Sum owed'),
  description: both(
    `Incentivo pelo entregue menos multa pelo que faltou, dos eventos do período. ${settled.pt}`,
    `Incentive for what was delivered less the penalty for what was missing, of the events of the period. ${settled.en}`,
  ),
  ...{ unit: units.Real, decimals: 2, width: 3, height: 6 },
  queries: [sqlTable(`select sum(amount_brl) as "Valor devido" from (${results}) result`)],
})

const load = lines({
  title: both('Carga dos alimentadores e limites', 'Load of the feeders and limits'),
  description: both(
    'Carga de cada alimentador e o menor limite de consumo em vigor; eventos são as faixas roxas. Médias de 5 minutos; além de 6 horas, de hora em hora.',
    'Load of each feeder and the least limit for what is drawn; events are the purple regions. Means of 5 minutes; beyond 6 hours, of hours.',
  ),
  ...{ unit: units.KiloWatt, interval: '1m', width: 24, height: 10 },
  queries: [
    loadOverTime(),
    influx(
      `SELECT min("import_kw") FROM "feeder_limit"
       WHERE "feeder" =~ /^$feeder$/ AND $timeFilter GROUP BY time($__interval), "feeder" fill(none)`,
      'limite $tag_feeder',
    ),
  ],
})

const ders = lines({
  title: both('Recursos por tipo', 'DERs by type'),
  description: both(
    'Potência de veículos, baterias e inversores abaixo dos alimentadores escolhidos: quem cedeu durante os eventos.',
    'Power of vehicles, batteries and inverters below the chosen feeders: who gave way during events.',
  ),
  unit: units.KiloWatt,
  queries: [dersOverTime()],
})

const baseline = lines({
  title: both('Linha de base e medido', 'Baseline and measured'),
  description: both(
    'De cada parte de um evento: a linha de base (média de até dez dias semelhantes, ajustada ao nível do dia) e o que foi medido.',
    'Of each part of an event: the baseline (mean of up to ten like days, at the level of the day) and what was measured.',
  ),
  unit: units.KiloWatt,
  queries: [
    sqlSeries(`
    select (part->>'from')::timestamptz as time, 'evento ' || event_id || ' ' || result_feeder || ' ' || line as metric, kw as value
    from (${results}) result cross join lateral jsonb_array_elements(detail->'parts') part
    cross join lateral (values ('linha de base', (part->>'baselineKw')::float8), ('medido', (part->>'actualKw')::float8)) given (line, kw)
    order by 1, 2`),
  ],
})

const byEvent = bars({
  title: both('Entregue e combinada por evento', 'Delivered and agreed on, by event'),
  description: both(
    `Os trinta eventos mais recentes com resultado; sem barra de entregue a linha de base não é conhecida. ${settled.pt}`,
    `The thirty newest events with a result; without a bar of what was delivered its baseline is not known. ${settled.en}`,
  ),
  ...{ unit: units.KiloWattHour, decimals: 1, min: 0 },
  queries: [
    sqlTable(`
    select * from (
      select event_id || ' ' || result_feeder as "Evento", delivered_kwh as "Entregue", committed_kwh as "Combinada"
      from (${results}) result order by starts_at desc, event_id desc, result_feeder limit 30
    ) newest order by "Evento"`),
  ],
})

const modes: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      limit: { text: 'limite', index: 0 },
      shed: { text: 'alívio', index: 1 },
      price: { text: 'preço', index: 2 },
    },
  },
]

const events = rowsOf({
  title: both('Eventos e resultados', 'Events and results'),
  description: both(
    `Eventos que tocam o período e os que vêm nos sete dias depois dele, os mais recentes primeiro, com o que resultou ou por que não se pode dizer. ${settled.pt}`,
    `Events that touch the period, newest first, with what came of them, or why nobody can say. ${settled.en}`,
  ),
  ...{ unit: units.NoUnit, width: 24, height: 10 },
  columns: {
    Alimentador: [
      {
        id: 'links',
        value: [
          linkTo(
            both('Abrir o alimentador', 'Open the feeder'),
            dashboardAddress('feeder', { feeder: '${__value.text}' }),
          ).build(),
        ],
      },
    ],
    Modo: [{ id: 'mappings', value: modes }],
    'Pede (kW ou R$/kWh)': [{ id: 'decimals', value: 2 }],
    Entregue: inUnit(units.KiloWattHour, 1),
    Combinada: inUnit(units.KiloWattHour, 1),
    Cumprimento: [...inUnit(units.Percent, 0), colouredText, thresholdOverride(fulfilmentSteps, colours.near)],
    Medido: inUnit(units.PercentUnit, 0),
    Valor: inUnit(units.Real, 2),
  },
  queries: [
    sqlTable(`
    select e.event_id as "Evento", e.type as "Nome", p.name as "Programa", coalesce(r.feeder_id, e.feeder_id) as "Alimentador", e.mode::text as "Modo",
      coalesce(e.limit_kw, e.target_shed_kw, e.price_brl_kwh) as "Pede (kW ou R$/kWh)", e.starts_at as "Início", e.ends_at as "Fim",
      case when e.is_cancelled then 'cancelado' when e.starts_at > $__timeTo()::timestamptz then 'por vir'
        when e.ends_at > $__timeTo()::timestamptz then 'em vigor' when r.is_final then 'apurado' when r.event_id is not null then 'apurado, provisório'
        else 'encerrado' end as "Situação",
      r.delivered_kwh as "Entregue", r.committed_kwh as "Combinada", 100 * r.delivered_kwh / nullif(r.committed_kwh, 0) as "Cumprimento",
      r.coverage as "Medido", (r.money->>'amountBrl')::float8 as "Valor", r.reason as "Sem resultado porque"
    from dr_event_report e left join dr_program_report p using (program_id)
    left join dr_result r on r.event_id = e.event_id and r.feeder_id in (\${feeder:sqlstring})
    where (e.feeder_id is null or e.feeder_id in (\${feeder:sqlstring})) and e.ends_at >= $__timeFrom()::timestamptz
      and e.starts_at <= $__timeTo()::timestamptz + interval '7 days'
    order by e.starts_at desc, e.event_id desc limit 200`),
  ],
})

const programs = rowsOf({
  title: both('Programas', 'Programs'),
  description: both(
    'O que foi combinado em cada programa, e o que os eventos dele no período entregaram e custaram.',
    'What was agreed on in each program, and what its events in the period delivered and cost.',
  ),
  ...{ unit: units.NoUnit, width: 24, height: 7 },
  columns: {
    Modo: [{ id: 'mappings', value: modes }],
    Ativo: yesOrNo,
    Alívio: inUnit(units.KiloWatt),
    Limite: inUnit(units.KiloWatt),
    Incentivo: inUnit(units.Real),
    Multa: inUnit(units.Real),
    Entregue: inUnit(units.KiloWattHour, 1),
    Valor: inUnit(units.Real, 2),
  },
  queries: [
    sqlTable(`
    select p.name as "Programa", p.feeder_id as "Alimentador", p.mode::text as "Modo", p.target_shed_kw as "Alívio", p.limit_kw as "Limite",
      p.incentive_brl_kwh::float8 as "Incentivo", p.penalty_brl_kwh::float8 as "Multa", p.active as "Ativo",
      count(distinct r.event_id) as "Eventos", sum(r.delivered_kwh) as "Entregue", sum(r.amount_brl) as "Valor"
    from dr_program_report p left join (${results}) r using (program_id)
    where p.feeder_id is null or p.feeder_id in (\${feeder:sqlstring})
    group by p.program_id, p.name, p.feeder_id, p.mode, p.target_shed_kw, p.limit_kw, p.incentive_brl_kwh, p.penalty_brl_kwh, p.active
    order by p.active desc, p.name limit 200`),
  ],
})

/** Demand response: who was asked for what, who gave way, what it came to. */
export const demandResponse: DashboardContent = {
  name: 'demand-response',
  description: both(
    'Eventos e programas de resposta da demanda: o que pediram, o que os recursos fizeram, o que entregaram e valem.',
    'Events and programs of demand response: what they asked for, what DERs did, what they delivered and come to.',
  ),
  tags: ['operação'],
  ...{ from: 'now-24h', refresh: '1m', consolePage: 'feeders' },
  variables: [feeder(true)],
  annotations: [demandEvents, interruptions, commands('feeder')],
  sections: [
    { title: both('Resumo', 'Summary'), panels: [counts, yielding, energy, fulfilment, money] },
    { title: both('Eventos e programas', 'Events and programs'), panels: [events, programs] },
    { title: both('No período', 'In the period'), panels: [load, steeredByFeeder(), ders] },
    { title: both('Resultados', 'Results'), panels: [baseline, byEvent] },
  ],
}
