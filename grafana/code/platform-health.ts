import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { variables } from '../../platform/runtime/environment-variables.ts'
import { conditionKinds } from '../../platform/wire/condition-kinds.ts'
import { annotationOf } from './annotations.ts'
import { barsOverTime } from './bars-over-time.ts'
import type { DashboardContent } from './dashboard.ts'
import { connections, deadRows, hits, sizes, totalSize } from './database-panels.ts'
import { figure, inUnit, lines, rowsOf, states } from './panels.ts'
import { byDevice, byReason } from './quarantine-panels.ts'
import { influx, sqlSeries, sqlTable } from './queries.ts'
import { isSinceReadingsBack, readingsBack, sinceReadingsBack } from './roll-ups.ts'
import { colours, colouredText, thresholdOverride, thresholdsOf, type Step } from './thresholds.ts'
import { feeder } from './variables.ts'
import { both } from './words.ts'

const silentAfterSeconds = variables.SILENT_AFTER_SECONDS.default

/** From here on the node telemetry watch, as it is placed, says that a consumer is behind. */
const behindSeconds = 300

const behindSteps: readonly Step[] = [
  { from: behindSeconds / 5, colour: colours.near },
  { from: behindSeconds, colour: colours.beyond },
]

const lastCommit = figure({
  title: both('Última gravação há', 'Last commit'),
  description: both(
    'Tempo entre a última gravação de leituras no PostgreSQL e o fim do período. Cresce quando a entrada para: broker, fluxo ou banco.',
    'Time between the last commit of readings and the end of what is shown. It grows where nothing comes in.',
  ),
  ...{ unit: units.Seconds, decimals: 0, thresholds: thresholdsOf(behindSteps) },
  queries: [
    sqlTable(`
    select greatest(0, extract(epoch from $__timeTo()::timestamptz - committed_at)) as "Última gravação há"
    from batch_log where committed_at <= $__timeTo()::timestamptz order by committed_at desc limit 1`),
  ],
})

const rate = figure({
  title: both('Leituras por minuto', 'Readings a minute'),
  description: both(
    'Leituras gravadas por minuto, em média, nos dez minutos até o fim do período.',
    'Readings committed a minute, mean of the ten minutes up to the end of what is shown.',
  ),
  ...{ unit: units.RecordsPerMinute, decimals: 0, thresholds: thresholdsOf([], colours.neutral) },
  queries: [
    sqlTable(`
    select coalesce(sum(readings), 0) / 10.0 as "Leituras" from batch_log
    where committed_at > $__timeTo()::timestamptz - interval '10 minutes' and committed_at <= $__timeTo()::timestamptz`),
  ],
})

const silent = figure({
  title: both('Dispositivos silenciosos', 'Silent devices'),
  description: both(
    `Dispositivos ativos dos alimentadores escolhidos de que nada chegou nos últimos ${silentAfterSeconds} s (SILENT_AFTER_SECONDS) ou que se disseram desconectados, como na visão geral do console.`,
    'Active devices of the chosen feeders that nothing came of within that time, or that said to be offline, as the overview counts them.',
  ),
  ...{ unit: units.Short, thresholds: thresholdsOf([{ from: 1, colour: colours.near }]) },
  queries: [
    sqlTable(`
    select count(*) filter (where not reports) as "Silenciosos", count(*) as "De todos"
    from (
      select coalesce(l.received_at > $__timeTo()::timestamptz - interval '${silentAfterSeconds} s', false)
        and coalesce(p.online or p.received_at < l.received_at - interval '5 seconds', true) as reports
      from device d left join latest_reading l using (device_key) left join device_presence p using (device_key)
      where d.status = 'active' and d.kind is not null and d.feeder_id in (\${feeder:sqlstring})
    ) heard`),
  ],
  columns: { 'De todos': [thresholdOverride([], colours.neutral)] },
})

/** What followers of the log of commits have not taken: consumer, commits and readings behind, and since when the oldest waits. */
const consumersBehind = `
    select c.consumer, c.updated_at, count(b.position) as commits, coalesce(sum(b.readings), 0) as readings,
      coalesce(extract(epoch from $__timeTo()::timestamptz - min(b.committed_at)), 0) as oldest_s
    from consumer_cursor c left join batch_log b on b.position > c.position and b.committed_at <= $__timeTo()::timestamptz
    where c.log = 'batch_log' group by c.consumer, c.updated_at`

const mostBehind = figure({
  title: both('Consumidor mais atrasado', 'Consumer most behind'),
  description: both(
    `Há quanto a gravação mais antiga espera por quem segue o registro de gravações: InfluxDB, agregados, janelas, interrupções. A partir de ${behindSeconds} s a plataforma alarma.`,
    'How long the oldest commit has been waiting for one of those that follow the log.',
  ),
  ...{ unit: units.Seconds, decimals: 0, thresholds: thresholdsOf(behindSteps) },
  queries: [sqlTable(`select max(oldest_s) as "Atraso" from (${consumersBehind}) behind`)],
})

const refused = figure({
  title: both('Em quarentena', 'In quarantine'),
  description: both(
    'Mensagens que foram recusadas até agora, e quantos dispositivos tiveram alguma dentro do período.',
    'Messages that were refused so far, and how many devices had one within the span.',
  ),
  ...{ unit: units.Short, decimals: 0, thresholds: thresholdsOf([], colours.neutral) },
  queries: [
    sqlTable(`
    select coalesce(sum(count), 0) as "Recusadas", count(distinct device_id) filter (where $__timeFilter(last_at)) as "Dispositivos no período"
    from quarantine_count`),
  ],
})

const intake = lines({
  title: both('Entrada no PostgreSQL, últimas 6 horas', 'Intake of PostgreSQL, last 6 hours'),
  description: both(
    'Leituras e eventos gravados por minuto, do registro de gravações, que tem várias por segundo.',
    'Readings and events committed a minute, of the log of commits, which has several a second.',
  ),
  ...{ unit: units.RecordsPerMinute, min: 0, interval: '1m', timeFrom: readingsBack },
  queries: [
    sqlSeries(`
    select $__timeGroup(committed_at, $__interval) as time, sum(readings) * 60000.0 / $__interval_ms as "Leituras",
      sum(events) * 60000.0 / $__interval_ms as "Eventos"
    from batch_log where $__timeFilter(committed_at) and ${isSinceReadingsBack('committed_at')} group by 1 order by 1`),
  ],
})

const delay = lines({
  title: both('Da medição à gravação, últimas 6 horas', 'From measurement to commit, last 6 hours'),
  description: both(
    'Tempo entre a leitura mais nova de cada gravação e a gravação: média e o mais longo. Cresce com rede lenta, fila no broker ou banco ocupado.',
    'Time between the newest reading of a commit and the commit: mean and longest.',
  ),
  ...{ unit: units.Seconds, min: 0, interval: '1m', timeFrom: readingsBack },
  queries: [
    sqlSeries(`
    select $__timeGroup(committed_at, $__interval) as time, avg(greatest(0, extract(epoch from committed_at - last_at))) as "média",
      max(greatest(0, extract(epoch from committed_at - last_at))) as "mais longo"
    from batch_log where $__timeFilter(committed_at) and ${isSinceReadingsBack('committed_at')} group by 1 order by 1`),
  ],
})

const counted = (measurement: string, field: string): string =>
  `SELECT count("${field}") FROM "${measurement}" WHERE $timeFilter AND ${sinceReadingsBack} GROUP BY time($__interval) fill(none)`

const points = barsOverTime({
  title: both('Pontos no InfluxDB, últimas 6 horas', 'Points in InfluxDB, last 6 hours'),
  description: both(
    'Pontos que o InfluxDB tem, por dez minutos e espécie. Falta aqui o que o PostgreSQL tem: o consumidor influxdb está atrasado.',
    'Points that InfluxDB has, by ten minutes and kind. What is missing here and stands in PostgreSQL is on its way.',
  ),
  ...{ unit: units.Short, min: 0, interval: '10m', timeFrom: readingsBack },
  queries: [
    influx(counted('meter', 'p_kw'), 'medidores'),
    influx(counted('der', 'p_actual_kw'), 'recursos distribuídos'),
    influx(counted('panel', 'power_w'), 'painéis'),
  ],
})

const consumers = rowsOf({
  title: both('Consumidores das gravações', 'Consumers of the log of commits'),
  description: both(
    'Quem segue o registro de gravações: gravações e leituras que ainda não tomou, há quanto a mais antiga espera, e quando avançou por último.',
    'Who follows the log of commits: what it has not taken, how long the oldest waits, and when it last moved.',
  ),
  ...{ unit: units.NoUnit, width: 12 },
  columns: {
    Espera: [...inUnit(units.Seconds, 0), colouredText, thresholdOverride(behindSteps)],
  },
  queries: [
    sqlTable(`
    select consumer as "Consumidor", commits as "Gravações atrás", readings as "Leituras atrás", oldest_s as "Espera", updated_at as "Avançou"
    from (${consumersBehind}) behind order by oldest_s desc, consumer`),
  ],
})

const lateSteps: readonly Step[] = [{ from: 3600, colour: colours.near }]

const results = rowsOf({
  title: both('Até onde cada cálculo chegou', 'How far each calculation has come'),
  description: both(
    'O resultado mais novo de cada cálculo e sua idade no fim do período: janelas de tensão, alocação, acompanhamento, usina solar, mapa de interrupções, continuidade.',
    'The newest result of each calculation, and its age at the end of what is shown.',
  ),
  ...{ unit: units.NoUnit, width: 12 },
  columns: {
    Idade: [...inUnit(units.Seconds, 0), colouredText, thresholdOverride(lateSteps)],
  },
  queries: [
    sqlTable(`
    select name as "Cálculo", at as "Mais novo", greatest(0, extract(epoch from $__timeTo()::timestamptz - at)) as "Idade"
    from (
      select 'janelas de tensão' as name, max(at) as at from voltage_window
      union all select 'alocação de alimentadores', max(at) from feeder_allocation
      union all select 'acompanhamento de setpoints', max(at) from tracking_round
      union all select 'desempenho solar', max(at) from solar_plant_slot
      union all select 'mapa de interrupções', max(slot_at) from outage_map_snapshot
      union all select 'indicadores de continuidade', max(computed_at) from conjunto_continuity
    ) result where at is not null order by 3 desc, 1`),
  ],
})

const presence = states({
  title: both('Presença dos dispositivos', 'Presence of devices'),
  description: both(
    'Quedas e voltas no período: os vinte dispositivos dos alimentadores escolhidos que mais vezes ficaram sem comunicação, pelos alarmes de dispositivo silencioso.',
    'The twenty devices of the chosen feeders that were silent most often, by the alarms of silent devices.',
  ),
  ...{ unit: units.NoUnit, width: 12 },
  mappings: [
    {
      type: MappingType.ValueToText,
      options: {
        '0': { text: 'ouvido', color: colours.good, index: 0 },
        '1': { text: 'silencioso', color: colours.beyond, index: 1 },
      },
    },
  ],
  queries: [
    sqlSeries(`
    with often as materialized (
      select alarm_id, a.device_id from alarm a join alarm_transition_report t using (alarm_id)
      where a.kind = 'device-offline' and a.feeder_id in (\${feeder:sqlstring}) and $__timeFilter(t.at) and t.kind in ('activated', 'returned')
      group by alarm_id, a.device_id order by count(*) desc, a.device_id limit 20
    ), step as materialized (
      select alarm_id, t.at, max((t.kind = 'activated')::int) as silent
      from often join alarm_transition_report t using (alarm_id)
      where $__timeFilter(t.at) and t.kind in ('activated', 'returned') group by alarm_id, t.at
    ), known as (
      select * from step
      -- Before its first change it was the other.
      union all select alarm_id, $__timeFrom()::timestamptz, 1 - (array_agg(silent order by at))[1] from step
      group by alarm_id having min(at) > $__timeFrom()::timestamptz
    ), moment as (select at from known union select $__timeTo()::timestamptz from known), carried as (
      -- A state lasts until the next one of the same device: where there is none for a moment, Grafana would end it.
      select device_id, alarm_id, at, silent, count(silent) over (partition by alarm_id order by at) as stretch
      from moment cross join often left join known using (alarm_id, at)
    )
    select at as time, device_id as metric, max(silent) over (partition by alarm_id, stretch) as value
    from carried order by 1, 2`),
  ],
})

/** Kinds of alarms about the platform itself and not about the grid. */
const ownKinds: readonly string[] = [
  ...conditionKinds.platform,
  ...conditionKinds.alarms,
  ...(['loop-stalled', 'loop-overrun'] as const satisfies readonly (typeof conditionKinds.feeders)[number][]),
  ...([
    'quarantine-flood',
    'clock-skew',
    'consumer-behind',
  ] as const satisfies readonly (typeof conditionKinds.telemetry)[number][]),
]

/** The platform's own alarms. */
const ownAlarms = annotationOf(
  both('Alarmes da plataforma', 'Alarms of the platform'),
  `
  select o.at as time, o.returned_at as timeend, concat_ws(' · ', a.kind, a.subject) as text, a.kind as tags
  from alarm_occurrence_report o join alarm a using (alarm_id)
  where $__timeFilter(o.at) and o.annunciated and a.kind in (${ownKinds.map((kind) => `'${kind}'`).join(', ')})
  order by o.at desc limit 200`,
  'red',
)

/** Whether the platform itself works: what comes in, what is late, what is refused, and how the databases are. */
export const platformHealth: DashboardContent = {
  name: 'platform-health',
  description: both(
    'Entrada de leituras, atrasos, quarentena, dispositivos silenciosos, consumidores e bancos de dados.',
    'Intake of readings, delays, quarantine, silent devices, consumers and databases.',
  ),
  tags: ['plataforma'],
  ...{ from: 'now-6h', refresh: '30s', consolePage: 'system' },
  variables: [feeder(true)],
  annotations: [ownAlarms],
  sections: [
    { title: both('Agora', 'Now'), panels: [lastCommit, rate, silent, mostBehind, refused, totalSize] },
    { title: both('Entrada', 'Intake'), panels: [intake, delay, points, presence] },
    { title: both('Consumidores e cálculos', 'Consumers and calculations'), panels: [consumers, results] },
    { title: both('Quarentena', 'Quarantine'), panels: [byReason, byDevice] },
    { title: both('Banco de dados', 'Database'), panels: [hits, connections, deadRows, sizes] },
  ],
}
