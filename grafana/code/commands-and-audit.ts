import * as units from '@grafana/grafana-foundation-sdk/units'
import { annotationOf, commands, interruptions } from './annotations.ts'
import { access, approvals, auditEntries, auditLength, refusals, tags } from './audit-panels.ts'
import { barsOverTime } from './bars-over-time.ts'
import { doneStates, endStates, listed, stateMappings, stateWord } from './command-words.ts'
import type { DashboardContent } from './dashboard.ts'
import { consoleAddress, dashboardAddress, linkTo } from './links.ts'
import { figure, inUnit, rowsOf } from './panels.ts'
import { sqlSeries, sqlTable } from './queries.ts'
import { colours, colouredText, thresholdsOf } from './thresholds.ts'
import { chosenFrom, feeder } from './variables.ts'
import { both } from './words.ts'

/** Commands of the span to devices of what is chosen. */
const asked = `from command_report c
    where $__timeFilter(c.requested_at) and c.feeder_id in (\${feeder:sqlstring}) and c.type in (\${type:sqlstring})`

const count = figure({
  title: both('Comandos pedidos', 'Commands asked for'),
  description: both(
    'Comandos pedidos no período, por pessoas e por fluxos, dos alimentadores e tipos escolhidos.',
    'Commands that were asked for in the span.',
  ),
  ...{ unit: units.Short, thresholds: thresholdsOf([], colours.neutral) },
  queries: [sqlTable(`select count(*) as "Comandos" ${asked}`)],
})

const doneShare = figure({
  title: both('Comandos cumpridos', 'Commands done'),
  description: both(
    'Dos comandos do período que terminaram, a parte que foi feita: verificada pelo efeito, ou apurada depois.',
    'Of those that ended, the share that was done: seen by its effect, or found out later.',
  ),
  ...{ unit: units.Percent, decimals: 1, min: 0, max: 100 },
  thresholds: thresholdsOf(
    [
      { from: 80, colour: colours.near },
      { from: 95, colour: colours.good },
    ],
    colours.beyond,
  ),
  queries: [
    sqlTable(
      `select 100.0 * count(*) filter (where c.state in (${listed(doneStates)})) / nullif(count(*), 0) as "Cumpridos" ${asked} and c.state in (${listed(endStates)})`,
    ),
  ],
})

/** Of now, whenever they were asked for. */
const openNow = (
  title: Parameters<typeof figure>[0]['title'],
  description: Parameters<typeof figure>[0]['description'],
  which: string,
  colour: string,
): ReturnType<typeof figure> =>
  figure({
    ...{ title, description, unit: units.Short, thresholds: thresholdsOf([{ from: 1, colour }]) },
    queries: [
      sqlTable(
        `select count(*) as "Comandos" from command_report c where c.feeder_id in (\${feeder:sqlstring}) and c.type in (\${type:sqlstring}) and ${which}`,
      ),
    ],
  })

const inDoubt = openNow(
  both('Em dúvida agora', 'In doubt now'),
  both(
    'Comandos que talvez tenham agido, e ninguém sabe: o dispositivo não aceita outro até que se apure (docs: commands).',
    'Commands that may have acted, and nobody knows: the device takes no other one.',
  ),
  "c.state = 'unknown'",
  colours.beyond,
)

const underWay = openNow(
  both('Em curso agora', 'Under way now'),
  both(
    'Comandos que não terminaram: aguardam aprovação, estão na fila, foram enviados, ou o efeito é esperado.',
    'Commands that are not over: waiting for an approval, queued, sent, or their effect is awaited.',
  ),
  `c.state not in (${listed(endStates)}) and c.state <> 'unknown'`,
  colours.near,
)

const waiting = figure({
  title: both('Aprovações pendentes', 'Approvals that wait'),
  description: both(
    'Propostas de que uma segunda pessoa ainda não decidiu e que não venceram, de toda a plataforma.',
    'Proposals that a second person has not decided on, of the whole platform.',
  ),
  ...{ unit: units.Short, thresholds: thresholdsOf([{ from: 1, colour: colours.near }]) },
  queries: [
    sqlTable(
      `select count(*) as "Propostas" from approval_report where status = 'proposed' and proposed_at <= $__timeTo()::timestamptz`,
    ),
  ],
})

const tagsHanging = figure({
  title: both('Etiquetas postas', 'Tags that hang'),
  description: both(
    'Etiquetas que no fim do período impedem comandos: licença de trabalho, linha viva, não opere, religamento bloqueado.',
    'Tags that forbid commands at the end of what is shown.',
  ),
  ...{ unit: units.Short, thresholds: thresholdsOf([{ from: 1, colour: colours.near }]) },
  queries: [
    sqlTable(`
    select count(*) as "Etiquetas" from tag_report
    where placed_at <= $__timeTo()::timestamptz and (removed_at is null or removed_at > $__timeTo()::timestamptz)`),
  ],
})

/** What became of commands, as columns: their name, their states, their colour. */
const outcomes = [
  ['cumpridos', `in (${listed(doneStates)})`, colours.good],
  ['sem êxito', "in ('rejected', 'failed', 'reconciled_not_done')", colours.beyond],
  ['vencidos ou retirados', "in ('expired', 'cancelled', 'superseded')", 'orange'],
  ['em dúvida', "= 'unknown'", 'purple'],
  ['em curso', `not in (${listed(endStates)}, 'unknown')`, 'blue'],
] as const

const ends = barsOverTime({
  title: both('O que foi feito dos comandos', 'What became of commands'),
  description: both(
    'Comandos por hora do pedido e pelo que foi feito deles até agora.',
    'Commands by the hour in which they were asked for, and by what became of them so far.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0, interval: '1h' },
  columns: Object.fromEntries(
    outcomes.map(([name, , fixedColor]) => [name, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]]),
  ),
  queries: [
    sqlSeries(`
    select date_trunc('hour', c.requested_at) as time,
      ${outcomes.map(([name, states]) => `count(*) filter (where c.state ${states}) as "${name}"`).join(',\n      ')}
    ${asked} group by 1 order by 1`),
  ],
})

const steps = barsOverTime({
  title: both('Passos dos comandos', 'Steps of commands'),
  description: both(
    'Passos por hora, pelo estado a que levaram: envios, respostas dos dispositivos, efeitos vistos, recusas, vencimentos.',
    'Steps by hour, by the state that they led to.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0, interval: '1h' },
  queries: [
    sqlSeries(`
    select date_trunc('hour', s.at) as time, ${stateWord('s.to_state')} as metric, count(*) as value
    from command_step_report s
    where $__timeFilter(s.at) and s.feeder_id in (\${feeder:sqlstring}) and s.type in (\${type:sqlstring})
    group by 1, 2 order by 1, 2`),
  ],
})

const byType = rowsOf({
  title: both('Por tipo de comando', 'By type of command'),
  description: both(
    'De cada tipo, no período: pedidos, cumpridos, recusados ou sem êxito, vencidos ou retirados, em dúvida, tentativas em média, e a mediana até o envio e até a execução.',
    'Of each type: asked for, done, refused or failed, expired or taken back, in doubt, mean attempts, median until sent and until executed.',
  ),
  ...{ unit: units.NoUnit, width: 24, height: 8 },
  columns: {
    'Até o envio': inUnit(units.Seconds, 1),
    'Até a execução': inUnit(units.Seconds, 1),
    Tentativas: [{ id: 'decimals', value: 2 }],
  },
  queries: [
    sqlTable(`
    select c.type as "Tipo", count(*) as "Pedidos", count(*) filter (where c.state in (${listed(doneStates)})) as "Cumpridos",
      count(*) filter (where c.state in ('rejected', 'failed', 'reconciled_not_done')) as "Sem êxito",
      count(*) filter (where c.state in ('expired', 'cancelled', 'superseded')) as "Vencidos ou retirados",
      count(*) filter (where c.state = 'unknown') as "Em dúvida", avg(c.attempts) as "Tentativas",
      percentile_cont(0.5) within group (order by extract(epoch from c.first_dispatched_at - c.requested_at)) as "Até o envio",
      percentile_cont(0.5) within group (order by extract(epoch from c.executed_at - c.first_dispatched_at)) as "Até a execução"
    ${asked} group by c.type order by 2 desc, 1`),
  ],
})

const list = rowsOf({
  title: both('Comandos', 'Commands'),
  description: both(
    'Os mais recentes primeiro: dispositivo, tipo, estado, tentativas, do pedido ao envio e do envio à execução. Quem pediu e por quê está no console, para quem pode ver.',
    'Newest first. Who asked and why is shown in the console, to whom it may concern.',
  ),
  ...{ unit: units.NoUnit, height: 10 },
  columns: {
    Estado: [{ id: 'mappings', value: stateMappings }, colouredText],
    ...{
      'Até o envio': inUnit(units.Seconds),
      'Até a execução': inUnit(units.Seconds),
    },
    Dispositivo: [
      {
        id: 'links',
        value: [
          linkTo(
            both('Abrir o dispositivo', 'Open the device'),
            dashboardAddress('device', { device: '${__value.text}', feeder: '${__data.fields.Alimentador}' }),
          ).build(),
          linkTo(both('Abrir no console', 'Open in the console'), consoleAddress('commands')).build(),
        ],
      },
    ],
  },
  queries: [
    sqlTable(`
    select c.requested_at as "Pedido", c.device_id as "Dispositivo", c.feeder_id as "Alimentador", c.type as "Tipo",
      ${stateWord('c.state')} as "Estado", c.attempts as "Tentativas",
      extract(epoch from c.first_dispatched_at - c.requested_at) as "Até o envio",
      extract(epoch from c.executed_at - c.first_dispatched_at) as "Até a execução", c.state_since as "Desde", c.expires_at as "Vence"
    ${asked} order by c.requested_at desc, c.command_id limit 300`),
  ],
})

/** Decisions that took two persons. */
const decisions = annotationOf(
  both('Decisões', 'Decisions'),
  `
  select decided_at as time, concat_ws(' · ', kind, status) as text, kind as tags from approval_report
  where $__timeFilter(decided_at) order by decided_at desc limit 200`,
  'purple',
)

/** What the field was told to do and what became of it, and what was entered into the audit: without persons. */
export const commandsAndAudit: DashboardContent = {
  name: 'commands-and-audit',
  description: both(
    'Comandos ao campo e o que foi feito deles, aprovações, etiquetas, e o que entrou na auditoria e no registro de acessos; sem pessoas.',
    'Commands to the field and what became of them, approvals, tags, and what entered the audit and the access log; without persons.',
  ),
  tags: ['comandos', 'auditoria'],
  ...{ from: 'now-24h', refresh: '1m', consolePage: 'commands' },
  variables: [
    feeder(true),
    chosenFrom({
      name: 'type',
      label: both('Tipo', 'Type'),
      query: 'select distinct type as __value, type as __text from command_report order by 1',
      several: true,
    }),
  ],
  annotations: [commands('feeder'), decisions, interruptions],
  sections: [
    { title: both('Agora', 'Now'), panels: [count, doneShare, inDoubt, underWay, waiting, tagsHanging] },
    { title: both('Comandos', 'Commands'), panels: [ends, steps, byType, list] },
    { title: both('Duas pessoas e etiquetas', 'Two persons and tags'), panels: [approvals, tags] },
    { title: both('Auditoria e acessos', 'Audit and access'), panels: [auditLength, auditEntries, access, refusals] },
  ],
}
