import { MappingType, type DynamicConfigValue, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { chatter, priorityWord, told } from './alarm-figures.ts'
import { consoleAddress, linkTo } from './links.ts'
import { inUnit, rowsOf } from './panels.ts'
import { sqlTable } from './queries.ts'
import { colours, colouredText } from './thresholds.ts'
import { both } from './words.ts'

const onConsole: DynamicConfigValue[] = [
  { id: 'links', value: [linkTo(both('Abrir no console', 'Open in the console'), consoleAddress('alarms')).build()] },
]

const stateWords: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      [
        ['B', 'não reconhecido', colours.beyond],
        ['C', 'reconhecido', colours.near],
        ['D', 'normalizado, não reconhecido', 'orange'],
        ['E', 'retido, não reconhecido', colours.beyond],
        ['F', 'retido, reconhecido', colours.near],
        ['G', 'arquivado', 'purple'],
        ['H', 'suprimido', 'purple'],
        ['I', 'fora de serviço', 'purple'],
      ].map(([letter, text, color], index) => [letter, { text, color, index }]),
    ),
  },
]

/** What is not normal now. */
export const standing = rowsOf({
  title: both('Alarmes que estão', 'Alarms that stand'),
  description: both(
    'O que agora não está normal, o mais urgente primeiro: estado (ISA-18.2), desde quando, valor e limite.',
    'What is not normal now, the most urgent first: state (ISA-18.2), since when, value and limit.',
  ),
  ...{ unit: units.NoUnit, width: 14, height: 10 },
  columns: {
    Estado: [{ id: 'mappings', value: stateWords }, colouredText],
    Sobre: onConsole,
  },
  queries: [
    sqlTable(`
    select ${priorityWord('a.priority')} as "Prioridade", a.state::text as "Estado", a.kind as "Tipo", a.subject as "Sobre",
      a.feeder_id as "Alimentador", coalesce(a.active_since, a.annunciated_at, a.changed_at) as "Desde", a.value as "Valor", a.limit_value as "Limite",
      a.value_unit as "Unidade"
    from alarm a where a.state <> 'A' and a.area in (\${area:sqlstring}) and coalesce(a.feeder_id, '') in (\${feeder:sqlstring})
    order by a.priority desc, 6 limit 200`),
  ],
})

/** What came most often in the span. */
export const frequent = rowsOf({
  title: both('Mais frequentes', 'Most frequent'),
  description: both(
    'Os alarmes que mais vezes vieram no período, sua parte em todos, e quantas ativações foram intermitentes (três em um minuto).',
    'Alarms that came most often, their share in all, and how many activations were chattering.',
  ),
  ...{ unit: units.NoUnit, width: 10, height: 10 },
  columns: {
    Parte: inUnit(units.Percent, 1),
    Sobre: onConsole,
  },
  queries: [
    sqlTable(`
    select a.kind as "Tipo", a.subject as "Sobre", f.alarms as "Vezes", 100.0 * f.alarms / f.total as "Parte", coalesce(c.times, 0) as "Intermitente"
    from (select o.alarm_id, count(*) as alarms, sum(count(*)) over () as total ${told} group by o.alarm_id order by 2 desc, 1 limit 20) f
    join alarm a using (alarm_id) left join (${chatter}) c using (alarm_id) order by f.alarms desc, a.alarm_id`),
  ],
})
