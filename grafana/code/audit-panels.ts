import * as units from '@grafana/grafana-foundation-sdk/units'
import { barsOverTime } from './bars-over-time.ts'
import { figure, rowsOf } from './panels.ts'
import { sqlSeries, sqlTable } from './queries.ts'
import { colours, thresholdsOf } from './thresholds.ts'
import { both } from './words.ts'

/** What took two persons, and how long it took. */
export const approvals = rowsOf({
  title: both('Decisões de duas pessoas', 'Decisions of two persons'),
  description: both(
    'Propostas do período por espécie e resultado, e quanto a decisão demorou na mediana; sem quem propôs e quem decidiu.',
    'Proposals of the span by kind and outcome, and the median time until decided; without who they were.',
  ),
  ...{ unit: units.NoUnit, width: 12, height: 8, columns: { 'Até a decisão': [{ id: 'unit', value: units.Seconds }] } },
  queries: [
    sqlTable(`
    select kind as "Espécie",
      case status::text when 'proposed' then 'pendente' when 'approved' then 'aprovada' when 'rejected' then 'rejeitada'
        when 'withdrawn' then 'retirada' else 'vencida' end as "Resultado",
      count(*) as "Propostas", percentile_cont(0.5) within group (order by extract(epoch from decided_at - proposed_at)) as "Até a decisão"
    from approval_report where $__timeFilter(proposed_at) group by 1, 2 order by 3 desc, 1, 2`),
  ],
})

/** Tags that hung in the span. */
export const tags = rowsOf({
  title: both('Etiquetas do período', 'Tags of the span'),
  description: both(
    'Etiquetas que em algum momento do período impediram comandos, as mais recentes primeiro; de quem são está no console.',
    'Tags that forbade commands at some time of the span, newest first; whose they are is shown in the console.',
  ),
  ...{ unit: units.NoUnit, width: 12, height: 8 },
  queries: [
    sqlTable(`
    select case kind when 'work_permit' then 'licença de trabalho' when 'hot_line' then 'linha viva' when 'do_not_operate' then 'não opere'
        else 'religamento bloqueado' end as "Etiqueta",
      equipment_id as "Equipamento", placed_at as "Posta", removed_at as "Retirada"
    from tag_report
    where placed_at <= $__timeTo()::timestamptz and (removed_at is null or removed_at >= $__timeFrom()::timestamptz)
    order by placed_at desc, tag_id desc limit 200`),
  ],
})

/** How long the chain is. */
export const auditLength = figure({
  title: both('Registros na auditoria', 'Entries of the audit'),
  description: both(
    'Comprimento da cadeia da auditoria no fim do período. Só cresce: se diminuir, alguém mudou o registro (npm run audit -- verify diz onde).',
    'Length of the chain of the audit. It only grows: if it shrinks, somebody has changed the record.',
  ),
  ...{ unit: units.Short, decimals: 0, width: 6, height: 8, thresholds: thresholdsOf([], colours.neutral) },
  queries: [sqlTable(`select max(seq) as "Registros" from audit_report where at <= $__timeTo()::timestamptz`)],
})

/** What entered the chain, by area. */
export const auditEntries = barsOverTime({
  title: both('O que entrou na auditoria', 'What entered the audit'),
  description: both(
    'Registros por hora e por área da plataforma, pelo relógio do banco; nunca o conteúdo.',
    'Entries by hour and by area of the platform, by the clock of the database; never what they say.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0, interval: '1h', width: 18 },
  queries: [
    sqlSeries(
      `select date_trunc('hour', at) as time, source as metric, count(*) as value from audit_report where $__timeFilter(at) group by 1, 2 order by 1, 2`,
    ),
  ],
})

/** Logins, refusals and the like over time. */
export const access = barsOverTime({
  title: both('Acessos', 'Access'),
  description: both(
    'Entradas, entradas que falharam, recusas, leituras de dados pessoais e instalações de fluxos, por hora; sem usuário e sem endereço.',
    'Logins, failed ones, refusals, reads of personal data and deploys, by hour; without user and address.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0, interval: '1h' },
  queries: [
    sqlSeries(
      `select date_trunc('hour', at) as time, event as metric, count(*) as value from access_report where $__timeFilter(at) group by 1, 2 order by 1, 2`,
    ),
  ],
})

/** How often there was each kind of access. */
export const refusals = rowsOf({
  title: both('Acessos por espécie', 'Access by kind'),
  description: both(
    'Quantas vezes cada espécie de acesso houve no período, e quando por último. Quem foi está no registro de acessos do console.',
    'How often each kind of access happened, and when last.',
  ),
  ...{ unit: units.NoUnit, width: 12 },
  queries: [
    sqlTable(
      `select event as "Espécie", count(*) as "Vezes", max(at) as "Última vez" from access_report where $__timeFilter(at) group by 1 order by 2 desc, 1`,
    ),
  ],
})
