import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common'
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { targets, type FigureName } from '../../nodes/alarms/domain/kpis/key-figures.ts'
import {
  came,
  chatter,
  figureSteps,
  floodShare,
  priorityWords,
  spanDays,
  spanTenMinutes,
  told,
} from './alarm-figures.ts'
import { frequent, standing } from './alarm-lists.ts'
import { annotationOf, interruptions } from './annotations.ts'
import { barsOverTime, withThresholdLines } from './bars-over-time.ts'
import type { DashboardContent } from './dashboard.ts'
import { figure, inUnit, lines } from './panels.ts'
import { sqlSeries, sqlTable, type PanelQuery } from './queries.ts'
import { colours, thresholdOverride, thresholdsOf } from './thresholds.ts'
import { chosenFrom, zone } from './variables.ts'
import { both } from './words.ts'

const perOperator = both(
  'A meta vale para cada operador (EEMUA 191 e ANSI/ISA-18.2).',
  'The target is meant for each operator (EEMUA 191 and ANSI/ISA-18.2).',
)

/** A key figure with the title, the unit and the target that the alarms area judges it by. */
function keyFigure(
  name: FigureName,
  said: { readonly pt: string; readonly en: string },
  query: PanelQuery,
): ReturnType<typeof figure> {
  const { title, unit, good, most, sense } = targets[name]
  const { steps, below } = figureSteps(name)
  const bound =
    sense === 'atLeast' ? `ao menos ${good}` : good === most ? `até ${good}` : `bom até ${good}, no máximo ${most}`
  return figure({
    title,
    description: both(
      `${said.pt} Meta: ${bound}${unit === '%' ? ' %' : ''}. ${perOperator.pt}`,
      `${said.en} ${perOperator.en}`,
    ),
    ...{ unit: unit === '%' ? units.Percent : units.Short, decimals: unit === '%' ? 1 : 0, min: 0, height: 5 },
    thresholds: thresholdsOf(steps, below),
    queries: [query],
  })
}

const perDay = keyFigure(
  'alarms-per-day',
  both(
    'Alarmes de que o operador foi avisado, por dia do período.',
    'Alarms that operators were told of, by day of the span.',
  ),
  sqlTable(`select count(*) / ${spanDays} as "Por dia" ${told}`),
)

const aboveTen = keyFigure(
  'ten-minutes-above-ten',
  both('Períodos de dez minutos com mais de dez alarmes, de todos.', 'Ten minutes with more than ten alarms, of all.'),
  sqlTable(`
  select 100.0 * count(*) / ${spanTenMinutes} as "Acima de dez"
  from (select date_bin('10 minutes', o.at, 'epoch') ${told} group by 1 having count(*) > 10) above`),
)

const inFlood = keyFigure(
  'time-in-flood',
  both(
    'Parte do tempo em avalanche: começa com dez alarmes em dez minutos e termina abaixo de cinco.',
    'Share of time in a flood: begins at ten alarms in ten minutes, ends below five.',
  ),
  sqlTable(floodShare),
)

const frequentShare = keyFigure(
  'ten-most-frequent',
  both('O que os dez alarmes mais frequentes são de todos.', 'What the ten most frequent are of all.'),
  sqlTable(`
  select 100 * sum(alarms) filter (where place <= 10) / sum(alarms) as "Dez mais frequentes"
  from (select count(*) as alarms, row_number() over (order by count(*) desc) as place ${told} group by o.alarm_id) ranked`),
)

const chattering = keyFigure(
  'chattering',
  both('Alarmes com três ativações ou mais em um minuto.', 'Alarms with three activations or more within a minute.'),
  sqlTable(`select count(*) as "Intermitentes" from (${chatter}) chatter`),
)

const stale = keyFigure(
  'stale',
  both(
    'Alarmes que no fim do período duram há mais de 24 horas, sem os ocultos.',
    'Alarms that have stood for more than 24 hours at the end, hidden ones not counted.',
  ),
  sqlTable(`
  select count(*) as "Obsoletos" from alarm a
  where a.area in (\${area:sqlstring}) and coalesce(a.feeder_id, '') in (\${feeder:sqlstring})
    and (a.state in ('B', 'C') and a.active_since < $__timeTo()::timestamptz - interval '24 hours'
      or a.alarm_id in (select alarm_id from alarm_occurrence_report
        where returned_at - began_at > interval '24 hours' and returned_at >= $__timeTo()::timestamptz and annunciated
          and began_at < $__timeTo()::timestamptz - interval '24 hours'))`),
)

const priorityColours = { low: 'blue', medium: colours.near, high: 'orange', critical: colours.beyond } as const
const priorityColumns = Object.fromEntries(
  Object.entries(priorityWords).map(([priority, word]): [string, DynamicConfigValue[]] => [
    word,
    [{ id: 'color', value: { mode: 'fixed', fixedColor: priorityColours[priority as keyof typeof priorityColours] } }],
  ]),
)

const priorityShares = figure({
  title: both('Prioridades', 'Priorities'),
  description: both(
    `Parte de cada prioridade em todos os alarmes. Metas: baixa ao menos ${targets['low-priority'].good} %, média até ${targets['medium-priority'].good} %, alta e crítica até ${targets['high-priority'].good} %. ${perOperator.pt}`,
    `Share of each priority in all alarms, against its target. ${perOperator.en}`,
  ),
  ...{ unit: units.Percent, decimals: 1, width: 12, height: 5 },
  columns: Object.fromEntries(
    (
      [
        ['Baixa', 'low-priority'],
        ['Média', 'medium-priority'],
        ['Alta e crítica', 'high-priority'],
      ] as const
    ).map(([column, name]) => [column, [thresholdOverride(figureSteps(name).steps, figureSteps(name).below)]]),
  ),
  queries: [
    sqlTable(`
    select 100.0 * count(*) filter (where o.priority = 'low') / nullif(count(*), 0) as "Baixa",
      100.0 * count(*) filter (where o.priority = 'medium') / nullif(count(*), 0) as "Média",
      100.0 * count(*) filter (where o.priority in ('high', 'critical')) / nullif(count(*), 0) as "Alta e crítica"
    ${told}`),
  ],
})

const toAcknowledge = figure({
  title: both('Tempo até o reconhecimento', 'Time to acknowledge'),
  description: both(
    'Média e mediana, dos alarmes do período que foram reconhecidos; ao lado, quantos ainda não foram.',
    'Mean and median of those alarms of the span that were acknowledged; beside them how many were not.',
  ),
  ...{ unit: units.Seconds, width: 12, height: 5, thresholds: thresholdsOf([], colours.neutral) },
  columns: { 'Não reconhecidos': inUnit(units.Short) },
  queries: [
    sqlTable(`
    select avg(took) as "Média", percentile_cont(0.5) within group (order by took) as "Mediana",
      count(*) filter (where is_newest and (acknowledged_at is null or acknowledged_at >= $__timeTo()::timestamptz)) as "Não reconhecidos"
    from (select o.acknowledged_at, o.occurrence = max(o.occurrence) over (partition by o.alarm_id) as is_newest,
      extract(epoch from o.acknowledged_at - o.at) as took ${told}) answered`),
  ],
})

const tenMinutes = withThresholdLines(
  barsOverTime({
    title: both('Alarmes por dez minutos', 'Alarms by ten minutes'),
    description: both(
      'Alarmes de que o operador foi avisado em cada dez minutos do relógio, por prioridade. Acima da linha ninguém acompanha (EEMUA 191: dez em dez minutos).',
      'Alarms that operators were told of in each ten minutes of the clock, by priority. Above the line nobody can follow.',
    ),
    ...{ unit: units.Short, min: 0, decimals: 0, interval: '10m', width: 24, columns: priorityColumns },
    thresholds: thresholdsOf([{ from: 10.000001, colour: colours.beyond }]),
    queries: [
      sqlSeries(`
      select date_bin('10 minutes', o.at, 'epoch') as time,
        ${Object.entries(priorityWords)
          .map(([priority, word]) => `count(*) filter (where o.priority = '${priority}') as "${word}"`)
          .join(', ')}
      ${told} group by 1 order by 1`),
    ],
  }),
)

const days = withThresholdLines(
  barsOverTime({
    title: both('Alarmes de cada dia', 'Alarms of each day'),
    description: both(
      `Alarmes de que o operador foi avisado em cada dia, contra ${targets['alarms-per-day'].good} (bom) e ${targets['alarms-per-day'].most} (no máximo). ${perOperator.pt}`,
      `Alarms of each day against both targets. ${perOperator.en}`,
    ),
    ...{ unit: units.Short, min: 0, decimals: 0, interval: '1d' },
    thresholds: thresholdsOf(figureSteps('alarms-per-day').steps),
    queries: [
      sqlSeries(
        `select date_trunc('day', o.at, ${zone}) as time, a.area as metric, count(*) as value ${told} group by 1, 2 order by 1, 2`,
      ),
    ],
  }),
)

const hidden = barsOverTime({
  title: both('Avisados e ocultos', 'Told and hidden'),
  description: both(
    'De tudo o que veio, por hora: o que foi avisado, o que outro alarme explicou, e o que estava arquivado, suprimido ou fora de serviço.',
    'Of all that came, by hour: what was told, what another alarm explained, and what was hidden otherwise.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0, interval: '1h' },
  queries: [
    sqlSeries(`
    select date_trunc('hour', o.at) as time, count(*) filter (where o.annunciated) as "avisados",
      count(*) filter (where not o.annunciated and o.root_alarm_id is not null) as "explicados por outro",
      count(*) filter (where not o.annunciated and o.root_alarm_id is null) as "ocultos"
    ${came} group by 1 order by 1`),
  ],
})

const actions = barsOverTime({
  title: both('O que se fez com alarmes', 'What was done with alarms'),
  description: both(
    'Reconhecimentos, arquivamentos e outros atos por hora, e o que escalou sem resposta; sem quem os fez.',
    'Acknowledgements, shelving and other acts by hour, and what escalated without an answer; without who did it.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0, interval: '1h' },
  queries: [
    sqlSeries(`
    select date_trunc('hour', t.at) as time,
      case t.kind when 'acknowledged' then 'reconhecidos' when 'shelved' then 'arquivados' when 'unshelved' then 'desarquivados'
        when 'escalated' then 'escalados' when 'suppressed' then 'suprimidos' when 'taken-out' then 'tirados de serviço'
        when 'returned-to-service' then 'de volta ao serviço' when 'reset' then 'rearmados' when 're-alarmed' then 'lembrados' end as metric,
      count(*) as value
    from alarm_transition_report t join alarm a using (alarm_id)
    where $__timeFilter(t.at) and a.area in (\${area:sqlstring}) and coalesce(a.feeder_id, '') in (\${feeder:sqlstring})
      and t.kind in ('acknowledged', 'shelved', 'unshelved', 'escalated', 'suppressed', 'taken-out', 'returned-to-service', 'reset', 're-alarmed')
    group by 1, 2 order by 1, 2`),
  ],
})

const acknowledgement = lines({
  title: both('Tempo até o reconhecimento, por hora', 'Time to acknowledge, by hour'),
  description: both(
    'Mediana e o mais longo, dos alarmes que vieram em cada hora e foram reconhecidos.',
    'Median and the longest, of the alarms that came in each hour and were acknowledged.',
  ),
  ...{ unit: units.Seconds, min: 0, interval: '1h' },
  queries: [
    sqlSeries(`
    select date_trunc('hour', o.at) as time,
      percentile_cont(0.5) within group (order by extract(epoch from o.acknowledged_at - o.at)) as "mediana",
      max(extract(epoch from o.acknowledged_at - o.at)) as "mais longo"
    ${told} and o.acknowledged_at is not null group by 1 order by 1`),
  ],
}).showPoints(VisibilityMode.Auto)

/** Critical alarms of what is chosen. */
const criticalAlarms = annotationOf(
  both('Alarmes críticos', 'Critical alarms'),
  `
  select o.at as time, concat_ws(' · ', a.kind, a.subject, a.feeder_id) as text, concat_ws(',', a.area, a.kind) as tags
  ${told} and o.priority = 'critical' order by o.at desc limit 200`,
  'purple',
)

/** How good the alarms of a period are, by what EEMUA 191 and ANSI/ISA-18.2 ask for. */
export const alarmKpis: DashboardContent = {
  name: 'alarm-kpis',
  description: both(
    'Indicadores do sistema de alarmes contra as metas da EEMUA 191 e da ANSI/ISA-18.2, e de onde os alarmes vêm.',
    'Key figures of alarms against the targets of EEMUA 191 and ANSI/ISA-18.2, and where alarms come from.',
  ),
  tags: ['alarmes'],
  ...{ from: 'now-24h', refresh: '1m', consolePage: 'alarms' },
  variables: [
    chosenFrom({
      name: 'area',
      label: both('Área', 'Area'),
      query: 'select distinct area as __value, area as __text from alarm order by 1',
      several: true,
    }),
    chosenFrom({
      name: 'feeder',
      label: both('Alimentador', 'Feeder'),
      query: `
      select feeder_id as __value, concat_ws(' · ', feeder_id, name) as __text from feeder
      union all select '', 'sem alimentador' where exists (select from feeder) order by 1`,
      several: true,
    }),
  ],
  annotations: [criticalAlarms, interruptions],
  sections: [
    {
      title: both('Indicadores do período', 'Key figures of the span'),
      panels: [perDay, aboveTen, inFlood, frequentShare, chattering, stale, priorityShares, toAcknowledge],
    },
    { title: both('No tempo', 'Over time'), panels: [tenMinutes, days, hidden, actions, acknowledgement] },
    { title: both('Quais', 'Which'), panels: [standing, frequent] },
  ],
}
