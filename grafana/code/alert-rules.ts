import { influx, sqlTable, type PanelQuery } from './queries.ts'
import { both, type BothLanguages } from './words.ts'

/** A rule over the platform's own health, that Grafana looks at by itself. */
export interface AlertRule {
  readonly uid: string
  readonly title: BothLanguages
  /** What it means, and what to do. */
  readonly summary: BothLanguages
  readonly severity: 'critical' | 'warning'
  /** One number a row, whose other columns name what it is of. */
  readonly query: PanelQuery
  /** It is at fault above this. */
  readonly above: number
  /** What the number counts. */
  readonly unit: 's' | '%' | 'devices' | 'commands' | 'points'
  /** So long it must stay there, as `5m`. */
  readonly lasting: string
  /** How far back the query looks, seconds. */
  readonly looksBackS: number
  /** What it means that the data source does not answer: a fault of what is watched, or of the watching. */
  readonly unanswered: 'Alerting' | 'Error'
}

const to = '$__timeTo()::timestamptz'

/** Each is one row or more in any system, also in an empty one: that no data come is a fault of the rule. */
export const alertRules: readonly AlertRule[] = [
  {
    uid: 'linhaviva-ingest-stopped',
    title: both('Ingestão parada', 'Ingest has stopped'),
    summary: both(
      'Nenhuma leitura foi gravada há mais de 5 minutos. Verifique o broker, o Node-RED e /api/health.',
      'No reading has been stored for more than 5 minutes. Look at the broker, Node-RED and /api/health.',
    ),
    ...{ severity: 'critical', above: 300, unit: 's', lasting: '1m', looksBackS: 600, unanswered: 'Error' },
    query: sqlTable(`
      select coalesce(extract(epoch from ${to} - max(committed_at)), 0)::float8 as "Segundos" from batch_log`),
  },
  {
    uid: 'linhaviva-devices-silent',
    title: both('Dispositivos em silêncio', 'Devices are silent'),
    summary: both(
      'Mais de 20 % dos dispositivos que já enviaram leituras estão em silêncio há mais de 30 minutos e de três vezes o seu intervalo usual.',
      'More than 20 % of the devices that have ever sent readings have been silent for more than 30 minutes and three times their usual interval.',
    ),
    ...{ severity: 'warning', above: 20, unit: '%', lasting: '5m', looksBackS: 600, unanswered: 'Error' },
    query: sqlTable(`
      select coalesce(100.0 * count(*) filter (where
          ${to} - l.received_at > greatest(interval '30 minutes', make_interval(secs => 3 * coalesce(i.usual_s, 3600))))
        / nullif(count(*), 0), 0)::float8 as "Porcentagem"
      from latest_reading l left join device_interval i using (device_key)
      where l.kind <> 'switch'`),
  },
  {
    uid: 'linhaviva-quarantine-grows',
    title: both('Quarentena cresce', 'Quarantine grows'),
    summary: both(
      'Leituras de mais de 10 dispositivos (ou motivos) foram recusadas nos últimos 10 minutos. Veja a quarentena no console.',
      'Readings of more than 10 devices (or for as many reasons) were refused in the last 10 minutes. Look at the quarantine.',
    ),
    ...{ severity: 'warning', above: 10, unit: 'devices', lasting: '5m', looksBackS: 600, unanswered: 'Error' },
    query: sqlTable(`
      select count(*)::float8 as "Origens" from quarantine_count
      where last_at between ${to} - interval '10 minutes' and ${to}`),
  },
  {
    uid: 'linhaviva-consumer-behind',
    title: both('Consumidor atrasado', 'A consumer is behind'),
    summary: both(
      'O mais antigo do que um consumidor ainda não leu espera há mais de 5 minutos: agregados, janelas de tensão, interrupções ou InfluxDB.',
      'The oldest of what a consumer has not taken has waited for more than 5 minutes: roll-ups, voltage windows, interruptions or InfluxDB.',
    ),
    ...{ severity: 'warning', above: 300, unit: 's', lasting: '5m', looksBackS: 600, unanswered: 'Error' },
    query: sqlTable(`
      select 'todos' as "Consumidor", 0::float8 as "Segundos"
      union all
      select c.consumer, coalesce(extract(epoch from ${to} - next.committed_at), 0)::float8
      from consumer_cursor c
      left join lateral (
        select committed_at from batch_log b where b.position > c.position order by b.position limit 1
      ) next on true
      where c.log = 'batch_log'`),
  },
  {
    uid: 'linhaviva-control-stopped',
    title: both('Controle de alimentadores parado', 'Control of feeders has stopped'),
    summary: both(
      'Ninguém controla um alimentador raiz há mais de 2 minutos: a licença de quem o controlava expirou.',
      'Nobody has controlled a root feeder for more than 2 minutes: the lease of whoever did has run out.',
    ),
    ...{ severity: 'critical', above: 120, unit: 's', lasting: '1m', looksBackS: 600, unanswered: 'Error' },
    query: sqlTable(`
      select 'todos' as "Raiz", 0::float8 as "Segundos"
      union all
      select root_id, greatest(extract(epoch from ${to} - expires_at), 0)::float8 from control_lease`),
  },
  {
    uid: 'linhaviva-commands-stuck',
    title: both('Comandos sem desfecho', 'Commands without an outcome'),
    summary: both(
      'Há comandos a caminho há mais de 15 minutos no mesmo estado. Veja a página de comandos do console.',
      'Commands have been on their way for more than 15 minutes in one state. Look at the page of commands of the console.',
    ),
    ...{ severity: 'warning', above: 0, unit: 'commands', lasting: '1m', looksBackS: 900, unanswered: 'Error' },
    query: sqlTable(`
      select count(*)::float8 as "Comandos" from command_report
      where in_flight and state_since < ${to} - interval '15 minutes'`),
  },
  {
    uid: 'linhaviva-database-away',
    title: both('PostgreSQL não responde', 'PostgreSQL does not answer'),
    summary: both(
      'O Grafana não consegue ler o banco de dados; a ingestão espera no broker enquanto ele estiver fora.',
      'Grafana cannot read the database; while it is away, what the field sends waits at the broker.',
    ),
    ...{ severity: 'critical', above: 0, unit: 'points', lasting: '1m', looksBackS: 60, unanswered: 'Alerting' },
    query: sqlTable(`select 0::float8 as "Falta"`),
  },
  {
    uid: 'linhaviva-series-away',
    title: both('InfluxDB não responde', 'InfluxDB does not answer'),
    summary: both(
      'O Grafana não consegue ler as séries temporais. Se só a gravação falha, o aviso é "Consumidor atrasado".',
      'Grafana cannot read the time series. Where only writing fails, "A consumer is behind" says so.',
    ),
    ...{ severity: 'warning', above: 1e12, unit: 'points', lasting: '2m', looksBackS: 600, unanswered: 'Alerting' },
    query: influx('SELECT count("p_kw") FROM "meter" WHERE $timeFilter'),
  },
]
