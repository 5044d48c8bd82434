import { LineInterpolation, StackingMode } from '@grafana/grafana-foundation-sdk/common'
import { parcels as allParcels } from '../../nodes/continuity/domain/parcels.ts'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { barsOverTime } from './bars-over-time.ts'
import { comparableMonths, conjuntoYears } from './continuity-parcels.ts'
import { events, interruptions } from './annotations.ts'
import type { DashboardContent } from './dashboard.ts'
import { consoleAddress, dashboardAddress, linkTo } from './links.ts'
import { barGauges, bars, figure, inUnit, lines, rowsOf, yesOrNo } from './panels.ts'
import { influx, sqlSeries, sqlTable } from './queries.ts'
import { colours, colouredText, limitLine, thresholdOverride, thresholdsOf, type Step } from './thresholds.ts'
import { conjunto, feeder, zone } from './variables.ts'
import { both } from './words.ts'

/** Of a yearly limit, percent: yellow from where the node continuity indicators says so as it is placed, red beyond the limit. */
const shareSteps: readonly Step[] = [
  { from: 80, colour: colours.near },
  { from: 100.0001, colour: colours.beyond },
]

const sources = both(
  'Parcelas IP e IND, como se comparam com o limite (PRODIST, Módulo 8, item 186). Limite: registro de limites anuais.',
  'Parcels IP and IND, as they are compared with the limit. Limit: register of yearly limits.',
)

const share = (indicator: 'dec' | 'fec'): ReturnType<typeof barGauges> =>
  barGauges({
    title: both(`${indicator.toUpperCase()}: parte do limite anual`, `${indicator.toUpperCase()}: share of the limit`),
    description: both(
      `O ${indicator.toUpperCase()} do ano até o fim do período, em porcento do limite do conjunto. ${sources.pt}`,
      `The year up to the end of what is shown, in percent of the limit. ${sources.en}`,
    ),
    ...{ unit: units.Percent, decimals: 1, min: 0, max: 120, width: 8, height: 7 },
    thresholds: thresholdsOf(shareSteps),
    queries: [
      sqlTable(
        `select name as "Conjunto", 100 * ${indicator}_share as "${indicator.toUpperCase()}" from (${conjuntoYears}) year order by 2 desc nulls last, 1`,
      ),
    ],
  })

const interruptedNow = figure({
  title: both('UCs sem fornecimento', 'Units without supply'),
  description: both(
    'Unidades consumidoras de interrupções que duram no fim do período, dos alimentadores escolhidos.',
    'Consumer units of interruptions that last at the end of what is shown.',
  ),
  ...{ unit: units.Short, height: 7 },
  thresholds: thresholdsOf([{ from: 1, colour: colours.beyond }]),
  queries: [
    sqlTable(`
    select coalesce(sum(units), 0) as "UCs", count(*) as "Interrupções" from interruption
    where not void and feeder_id in (\${feeder:sqlstring}) and started_at <= $__timeTo()::timestamptz
      and (ended_at is null or ended_at > $__timeTo()::timestamptz)`),
  ],
})

const owed = figure({
  title: both('Compensação do mês', 'Compensation of the month'),
  description: both(
    'O que as violações de DIC, FIC, DMIC e DICRI do mês até agora custam, em reais, das unidades escolhidas. Definitivo só no fechamento.',
    'What the violations of the month come to so far, R$, of the chosen units. Final only when the month is closed.',
  ),
  ...{ unit: units.Real, decimals: 2, height: 7 },
  thresholds: thresholdsOf([{ from: 0.01, colour: colours.near }]),
  queries: [
    sqlTable(`
    select coalesce(sum(c.compensation_brl), 0) as "Compensação" from unit_continuity c join unit_report u using (unit_id)
    where u.feeder_id in (\${feeder:sqlstring}) and u.conjunto_id in (\${conjunto:sqlstring})
      and c.month = (select max(month) from unit_continuity where month <= $__timeTo()::timestamptz)`),
  ],
})

const percent = [...inUnit(units.Percent, 1), colouredText, thresholdOverride(shareSteps)]
const hours = inUnit(units.Hours, 2)

const ranking = rowsOf({
  title: both('Conjuntos por DGC', 'Conjuntos by DGC'),
  description: both(
    `Desempenho global de continuidade: a média das partes dos dois limites (PRODIST, Módulo 8, itens 205 a 208), o melhor primeiro. ${sources.pt}`,
    `Mean of what is used of both limits, the best first. ${sources.en}`,
  ),
  ...{ unit: units.NoUnit, width: 24, height: 6 },
  columns: {
    ...{ DEC: hours, 'Limite de DEC': hours, 'DEC do limite': percent, 'FEC do limite': percent },
    ...{ FEC: [{ id: 'decimals', value: 2 }], 'Limite de FEC': [{ id: 'decimals', value: 2 }] },
    DGC: percent,
  },
  queries: [
    sqlTable(`
    select name as "Conjunto", dec as "DEC", dec_limit as "Limite de DEC", 100 * dec_share as "DEC do limite", fec as "FEC",
      fec_limit as "Limite de FEC", 100 * fec_share as "FEC do limite", 50 * (dec_share + fec_share) as "DGC"
    from (${conjuntoYears}) year order by dec_share + fec_share nulls last, name`),
  ],
})

const withinMonth = (indicator: 'dec' | 'fec'): ReturnType<typeof lines> =>
  lines({
    title: both(
      `${indicator.toUpperCase()} do mês, como cresce`,
      `${indicator.toUpperCase()} of the month as it grows`,
    ),
    description: both(
      `O ${indicator.toUpperCase()} do mês até cada instante, por conjunto; recomeça com o mês. A linha é um doze avos do menor limite anual dos escolhidos: o ritmo que o esgota.`,
      'Of the month up to each instant, by conjunto; begins anew with the month. The line is a twelfth of the lowest yearly limit of the chosen.',
    ),
    ...{ unit: indicator === 'dec' ? units.Hours : units.Short, decimals: 2, min: 0, interval: '10m' },
    columns: { 'Limite ÷ 12': limitLine },
    queries: [
      influx(
        `SELECT max("${indicator === 'dec' ? 'dec_h' : 'fec'}") FROM "continuity_conjunto"
         WHERE "conjunto" =~ /^$conjunto$/ AND $timeFilter GROUP BY time($__interval), "conjunto" fill(previous)`,
        'Conjunto $tag_conjunto',
      ),
      sqlSeries(`
      select at as time, min(l.${indicator}_hundredths) / 1200.0 as "Limite ÷ 12"
      from (values ($__timeFrom()::timestamptz), ($__timeTo()::timestamptz)) ends (at)
      join conjunto_limit l on l.year = extract(year from at at time zone ${zone}) and l.conjunto_id in (\${conjunto:sqlstring})
      group by at order by at`),
    ],
  })

const byMonth = bars({
  title: both('DEC e FEC por mês', 'DEC and FEC by month'),
  description: both(
    `Horas e interrupções por unidade em cada mês dos doze até o fim do período, média dos conjuntos escolhidos, ponderada pelas unidades (itens 190 a 195). ${sources.pt}`,
    `Hours and interruptions a unit in each of the twelve months, mean of the chosen conjuntos, weighted by units. ${sources.en}`,
  ),
  ...{ unit: units.Hours, decimals: 2, min: 0 },
  queries: [
    sqlTable(`
    select to_char(month, 'YYYY-MM') as "Mês", sum(dec * units) / sum(units) as "DEC (h)", sum(fec * units) / sum(units) as "FEC"
    from (${comparableMonths("c.month > $__timeTo()::timestamptz - interval '12 months' and c.month <= $__timeTo()::timestamptz")}) m
    group by month order by month`),
  ],
  columns: { FEC: inUnit(units.Short) },
})

const parcelBars = bars({
  title: both('Parcelas do DEC no ano', 'Parcels of DEC in the year'),
  description: both(
    'Horas por unidade em cada parcela, também as que não contam contra o limite: IP e IND internas; INE emergência; INC e IPC dia crítico; INO racionamento; X… externas.',
    'Hours a unit of each parcel, those too that do not count against the limit.',
  ),
  ...{ unit: units.Hours, decimals: 2, min: 0 },
  queries: [
    sqlTable(`
    select coalesce(k.name, c.conjunto_id) as "Conjunto", ${allParcels
      .map(
        (parcel) => `sum(coalesce((c.parcels->'${parcel}'->>'ms')::numeric, 0) / (3600000.0 * c.units)) as "${parcel}"`,
      )
      .join(', ')}
    from conjunto_continuity c join conjunto k using (conjunto_id)
    where c.units > 0 and c.conjunto_id in (\${conjunto:sqlstring})
      and date_part('year', c.month) = date_part('year', $__timeTo()::timestamptz at time zone k.time_zone)
    group by 1 order by 1`),
  ],
}).stacking(StackingMode.Normal)

const worstUnits = rowsOf({
  title: both('Unidades com os maiores DIC', 'Units with the highest DIC'),
  description: both(
    'DIC, FIC e DMIC do mês em que o período termina, com o que foi violado e a compensação até agora (PRODIST, Módulo 8, itens 187 a 189). Sem o titular.',
    'DIC, FIC and DMIC of the month in which the span ends, what was violated and the compensation so far. Without the holder.',
  ),
  ...{ unit: units.NoUnit, width: 24, height: 9 },
  columns: {
    ...{ DIC: hours, DMIC: hours, Compensação: inUnit(units.Real) },
    Unidade: [
      {
        id: 'links',
        value: [
          linkTo(
            both('Tensão da unidade', 'Voltage of the unit'),
            dashboardAddress('voltage-quality', { unit: '${__value.text}' }),
          ).build(),
        ],
      },
    ],
  },
  queries: [
    sqlTable(`
    select c.unit_id as "Unidade", u.conjunto_id as "Conjunto", u.feeder_id as "Alimentador", c.dic_ms / 3600000.0 as "DIC", c.fic as "FIC",
      c.dmic_ms / 3600000.0 as "DMIC", array_to_string(c.violated, ', ') as "Violados", c.compensation_brl as "Compensação"
    from unit_continuity c join unit_report u using (unit_id)
    where u.feeder_id in (\${feeder:sqlstring}) and u.conjunto_id in (\${conjunto:sqlstring})
      and c.month = (select max(month) from unit_continuity where month <= $__timeTo()::timestamptz)
    order by c.dic_ms desc, c.unit_id limit 100`),
  ],
})

/** Interruptions of the chosen feeders that touch the span. */
const inSpan = `not void and feeder_id in (\${feeder:sqlstring}) and started_at <= $__timeTo()::timestamptz
      and coalesce(ended_at, $__timeTo()::timestamptz) >= $__timeFrom()::timestamptz`

const withoutSupply = lines({
  title: both('UCs sem fornecimento no período', 'Units without supply over time'),
  description: both(
    'Unidades consumidoras interrompidas em cada instante, por alimentador; uma interrupção conta do início ao fim.',
    'Consumer units interrupted at each instant, by feeder.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0 },
  queries: [
    sqlSeries(`
    select at as time, feeder_id as metric, sum(sum(change)) over (partition by feeder_id order by at) as value
    from (
      select greatest(started_at, $__timeFrom()::timestamptz) as at, feeder_id, units as change from interruption where ${inSpan}
      union all
      select ended_at, feeder_id, -units from interruption where ${inSpan} and ended_at <= $__timeTo()::timestamptz
      union all
      select $__timeTo()::timestamptz, feeder_id, 0 from interruption where ${inSpan}
    ) step group by at, feeder_id order by at, feeder_id`),
  ],
}).lineInterpolation(LineInterpolation.StepAfter)

const customerHours = barsOverTime({
  title: both('Consumidor hora interrompido por dia', 'Customer-hours interrupted by day'),
  description: both(
    'CHI: unidades vezes horas das interrupções que começaram em cada dia, por alimentador, antes de expurgos.',
    'Units times hours of the interruptions that began on each day, by feeder, before exclusions.',
  ),
  ...{ unit: units.Hours, decimals: 1, min: 0 },
  queries: [
    sqlSeries(`
    select date_trunc('day', started_at, ${zone}) as time, feeder_id as metric,
      sum(units * extract(epoch from coalesce(ended_at, $__timeTo()::timestamptz) - started_at) / 3600) as value
    from interruption where not void and feeder_id in (\${feeder:sqlstring}) and $__timeFilter(started_at)
    group by 1, 2 order by 1, 2`),
  ],
})

const list = rowsOf({
  title: both('Interrupções', 'Interruptions'),
  description: both(
    'As que tocam o período, as mais recentes primeiro: início, duração em minutos, unidades, CHI, causa e origem.',
    'Those that touch the span, newest first: begin, duration in minutes, units, customer-hours, cause and origin.',
  ),
  ...{ unit: units.NoUnit, height: 9 },
  columns: {
    Duração: inUnit(units.Minutes),
    CHI: hours,
    Programada: yesOrNo,
    Elemento: [
      {
        id: 'links',
        value: [linkTo(both('Abrir no console', 'Open in the console'), consoleAddress('continuity')).build()],
      },
    ],
  },
  queries: [
    sqlTable(`
    select started_at as "Início", ended_at as "Fim", feeder_id as "Alimentador", element_id as "Elemento", units as "UCs",
      extract(epoch from coalesce(ended_at, $__timeTo()::timestamptz) - started_at) / 60 as "Duração",
      units * extract(epoch from coalesce(ended_at, $__timeTo()::timestamptz) - started_at) / 3600 as "CHI",
      coalesce(cause, 'não informada') as "Causa", case origin when 'external' then 'externa' else 'interna' end as "Origem",
      programmed as "Programada"
    from interruption where ${inSpan} order by started_at desc, interruption_id desc limit 300`),
  ],
})

/** DEC and FEC of conjuntos against their yearly limits, and the interruptions and units that make them. */
export const continuity: DashboardContent = {
  name: 'continuity',
  description: both(
    'DEC e FEC dos conjuntos contra os limites anuais, DIC e FIC das unidades, interrupções e compensação (PRODIST, Módulo 8, Seção 8.2).',
    'DEC and FEC of conjuntos against their yearly limits, DIC and FIC of units, interruptions and compensation.',
  ),
  tags: ['continuidade'],
  ...{ from: 'now-30d', refresh: '5m', consolePage: 'continuity' },
  variables: [feeder(true), conjunto(true)],
  annotations: [interruptions, events('feeder')],
  sections: [
    {
      title: both('Ano até agora', 'Year so far'),
      panels: [share('dec'), share('fec'), interruptedNow, owed, ranking],
    },
    { title: both('Meses', 'Months'), panels: [withinMonth('dec'), withinMonth('fec'), byMonth, parcelBars] },
    { title: both('Unidades', 'Units'), panels: [worstUnits] },
    { title: both('Interrupções', 'Interruptions'), panels: [withoutSupply, customerHours, list] },
  ],
}
