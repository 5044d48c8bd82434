import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { LineInterpolation } from '@grafana/grafana-foundation-sdk/common'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { commands, events, interruptions } from './annotations.ts'
import type { DashboardContent } from './dashboard.ts'
import { demandEvents } from './demand-events.ts'
import { dersOverTime, loadAndLimitNow, loadingSteps, loadOverTime } from './feeder-load.ts'
import { interruptedNow, interruptionsInPeriod } from './interrupted-units.ts'
import { dashboardAddress, linkTo } from './links.ts'
import { dial, figure, lines, rowsOf } from './panels.ts'
import { influx, sqlTable } from './queries.ts'
import { standingAlarms } from './standing-alarms.ts'
import { limitLine, thresholdsOf } from './thresholds.ts'
import { feederWithDevices } from './variables.ts'
import { bandsOfMeters } from './voltage-bands.ts'
import { both } from './words.ts'

/** Names of the lines that bound the load, import above and export below zero. */
const importLimit = 'Limite de consumo'
const exportLimit = 'Limite de injeção'

const loading = dial({
  title: both('Carregamento', 'Loading'),
  description: both(
    'Carga pelas últimas leituras, em % do menor limite em vigor para consumo. Vermelho: sobrecarga.',
    'Load by the newest readings, in % of the least limit in force for what is drawn. Red: overloaded.',
  ),
  ...{ unit: units.Percent, decimals: 0, min: 0, max: 120, width: 5 },
  thresholds: thresholdsOf(loadingSteps),
  queries: [
    sqlTable(`
    ${loadAndLimitNow}
    select 100 * abs(load_kw) / nullif(limit_kw, 0) as "Carregamento" from load_now join limit_now using (feeder_id)`),
  ],
})

const room = figure({
  title: both('Carga, limite e folga', 'Load, limit and room'),
  description: both(
    'Carga pelas últimas leituras, o menor limite em vigor para consumo (cadastro, limites de operação, eventos, programações) e o que falta até ele.',
    'Load by the newest readings, the least limit in force for what is drawn (registry, persons, events, schedules), and what is left up to it.',
  ),
  ...{ unit: units.KiloWatt, decimals: 1, width: 9, height: 6 },
  queries: [
    sqlTable(`
    ${loadAndLimitNow}
    select load_kw as "Carga", limit_kw as "Limite", limit_kw - load_kw as "Folga" from load_now join limit_now using (feeder_id)`),
  ],
})

const newestTracking = (columns: string): string => `
  select ${columns} from feeder_tracking
  where tracked_feeder in (\${feeder:sqlstring}) and at <= $__timeTo()::timestamptz and at >= $__timeFrom()::timestamptz
  order by at desc limit 1`

const fairness = figure({
  title: both('Divisão (índice de Jain)', "Fairness (Jain's index)"),
  description: both(
    'Índice de Jain do que cada recurso recebeu do que quer, na última divisão: 100 % quando todos têm a mesma parte.',
    "Jain's index of what each DER has of what it wants, as last shared out: 100 % where all have the same part of it.",
  ),
  ...{ unit: units.PercentUnit, decimals: 0, width: 3, height: 6 },
  queries: [sqlTable(newestTracking('jain_index as "Índice de Jain"'))],
})

const lastRound = figure({
  title: both('Última divisão há', 'Last shared out'),
  description: both(
    'Tempo desde a última divisão do alimentador entre os recursos controlados; o intervalo normal é o da malha de controle.',
    'Time since the feeder was last shared out among steered DERs; usual is the interval of the control loop.',
  ),
  ...{ unit: units.Seconds, decimals: 0, width: 3, height: 6 },
  queries: [
    sqlTable(`
    select greatest(0, extract(epoch from $__timeTo()::timestamptz - max(at)))::float8 as "Última divisão há"
    from device_share_report where on_feeder in (\${feeder:sqlstring}) having max(at) is not null`),
  ],
})

const load = lines({
  title: both('Carga e limites', 'Load and limits'),
  description: both(
    'Carga do alimentador com os que estão abaixo dele, e os limites que estavam em vigor: consumo positivo, injeção negativa. Médias de 5 minutos; além de 6 horas, de hora em hora.',
    'Load of the feeder with those below it, and the limits that were in force: import above, export below zero. Means of 5 minutes; beyond 6 hours, of hours.',
  ),
  ...{ unit: units.KiloWatt, interval: '1m', width: 24, height: 10 },
  columns: { [importLimit]: limitLine, [exportLimit]: limitLine },
  queries: [
    loadOverTime(),
    influx(
      `SELECT min("import_kw") AS "${importLimit}" FROM "feeder_limit"
       WHERE "feeder" =~ /^$feeder$/ AND $timeFilter GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
    influx(
      `SELECT min("export_kw") * -1 AS "${exportLimit}" FROM "feeder_limit"
       WHERE "feeder" =~ /^$feeder$/ AND $timeFilter GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
  ],
})

const ofTracking = (fields: string): ReturnType<typeof influx> =>
  influx(
    `SELECT ${fields} FROM "feeder_tracking_error"
     WHERE "feeder" =~ /^$feeder$/ AND $timeFilter GROUP BY time($__interval) fill(none)`,
    '$col',
  )

const steered = lines({
  title: both('Recursos controlados: medido e setpoint', 'Steered DERs: measured and setpoint'),
  description: both(
    'O que foi dito aos recursos controlados e o que fizeram, somados; médias dos últimos 15 minutos, a cada minuto (nó tracking).',
    'What steered DERs were told and what they did, together; means of the last 15 minutes each minute (node tracking).',
  ),
  ...{ unit: units.KiloWatt, interval: '1m' },
  queries: [ofTracking('mean("setpoint_kw") AS "Setpoint", mean("actual_kw") AS "Medido"')],
})

const error = lines({
  title: both('Erro de acompanhamento', 'Tracking error'),
  description: both(
    'Medido menos setpoint: valor eficaz (RMS) e o que passou do setpoint, dos recursos controlados juntos.',
    'Measured less setpoint: root mean square, and what was beyond the setpoint, of all steered DERs together.',
  ),
  ...{ unit: units.KiloWatt, interval: '1m' },
  queries: [ofTracking('mean("rms_kw") AS "RMS", mean("beyond_kw") AS "Além do setpoint"')],
})

const ders = lines({
  title: both('Recursos distribuídos por tipo', 'DERs by type'),
  description: both(
    'Potência de veículos, baterias e inversores fotovoltaicos. Geração e descarga são negativas.',
    'Power of vehicles, batteries and PV inverters. Generation and discharge are negative.',
  ),
  unit: units.KiloWatt,
  queries: [dersOverTime()],
})

const setpoints = lines({
  title: both('Setpoints por recurso', 'Setpoints by DER'),
  description: both(
    'O que foi dito a cada recurso, a partir do instante em que valeu; quando é solto, a linha para.',
    'What each DER was told, from the instant it held; where it was let go its line ends.',
  ),
  ...{ unit: units.KiloWatt, interval: '1m' },
  queries: [
    influx(
      `SELECT last("setpoint_kw") FROM "setpoint"
       WHERE "feeder" =~ /^$feeder$/ AND $timeFilter GROUP BY time($__interval), "device" fill(none)`,
      '$tag_device',
    ),
  ],
}).lineInterpolation(LineInterpolation.StepAfter)

const bindings: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      wanted: { text: 'tem o que quer', index: 0 },
      feeder: { text: 'limite de alimentador', index: 1 },
      shed: { text: 'alívio pedido', index: 2 },
      device: { text: 'o próprio recurso', index: 3 },
      'least-power': { text: 'abaixo da sua potência mínima', index: 4 },
      held: { text: 'tempo mínimo', index: 5 },
      lost: { text: 'não responde', index: 6 },
    },
  },
]

const shares = rowsOf({
  title: both('Divisão atual', 'As it is shared out'),
  description: both(
    'O que cada recurso recebeu na última divisão, o que lhe foi dito, o que lhe falta e o que o segura; quem mais falta primeiro.',
    'What each DER has by the last round, what it was told, what it went short of and what keeps it from more; who lacks most first.',
  ),
  ...{ unit: units.KiloWatt, decimals: 1, width: 24, height: 9 },
  columns: {
    Recurso: [
      {
        id: 'links',
        value: [
          linkTo(
            both('Abrir o dispositivo', 'Open the device'),
            dashboardAddress('device', { device: '${__value.text}', feeder: '${feeder}' }),
          ).build(),
        ],
      },
    ],
    'O que segura': [{ id: 'mappings', value: bindings }],
  },
  queries: [
    sqlTable(`
    select s.device_id as "Recurso", s.power_kw as "Recebeu", s.told_kw as "Dito", s.told_until as "Vale até", s.deficit_kw as "Falta",
      s.binding as "O que segura"
    from device_share_report s where s.on_feeder in (\${feeder:sqlstring})
    order by s.deficit_kw desc nulls last, s.device_id limit 200`),
  ],
})

const limits = rowsOf({
  title: both('Limites', 'Limits'),
  description: both(
    'Limites do cadastro, postos por pessoas e de eventos, que valem no fim do período mostrado ou depois dele.',
    'Limits of the registry, set by persons and of events, in force at the end of what is shown or later.',
  ),
  ...{ unit: units.NoUnit, width: 12 },
  queries: [
    sqlTable(`
    select * from (
      select 'cadastro' as "Fonte", 'total' as "Linha", 'ambos' as "Sentido", limit_kw as "Valor", 'kW' as "Unidade",
        null::timestamptz as "De", null::timestamptz as "Até", null as "Horário"
      from feeder where feeder_id in (\${feeder:sqlstring}) and limit_kw is not null
      union all
      select 'operação', line, case direction when 'import' then 'consumo' else 'injeção' end, value,
        case unit when 'kw' then 'kW' when 'kva' then 'kVA' else upper(unit) end, valid_from, valid_until, from_time || '–' || until_time
      from feeder_limit_report
      where feeder_id in (\${feeder:sqlstring}) and (valid_until is null or valid_until > $__timeTo()::timestamptz)
      union all
      select 'evento ' || event_id, 'total', case direction when 'import' then 'consumo' else 'injeção' end, limit_kw, 'kW', starts_at, ends_at, null
      from dr_event_report
      where mode = 'limit' and feeder_id in (\${feeder:sqlstring}) and ends_at > $__timeTo()::timestamptz and ends_at > starts_at
    ) given order by "De" nulls first, "Fonte"`),
  ],
})

/** One feeder: what it carries and may carry, how it is shared, where it is out. */
export const feeder: DashboardContent = {
  name: 'feeder',
  description: both(
    'Um alimentador: carga contra limites, divisão entre recursos, tensão, interrupções e alarmes.',
    'One feeder: load against limits, how it is shared, voltage, interruptions and alarms.',
  ),
  tags: ['operação'],
  ...{ from: 'now-6h', refresh: '30s', consolePage: 'feeders' },
  variables: [feederWithDevices],
  annotations: [interruptions, demandEvents, events('feeder'), commands('feeder')],
  sections: [
    { title: both('Agora', 'Now'), panels: [loading, room, interruptedNow(4, 6), fairness, lastRound] },
    { title: both('Carga', 'Load'), panels: [load, ders, bandsOfMeters()] },
    { title: both('Controle', 'Control'), panels: [steered, error, setpoints, limits, shares] },
    {
      title: both('Alarmes e interrupções', 'Alarms and interruptions'),
      panels: [standingAlarms(), interruptionsInPeriod()],
    },
  ],
}
