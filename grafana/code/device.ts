import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard'
import * as units from '@grafana/grafana-foundation-sdk/units'
import { variables } from '../../platform/runtime/environment-variables.ts'
import { alarmLimitsOfDevice } from './alarm-limits.ts'
import { commands, events } from './annotations.ts'
import type { DashboardContent } from './dashboard.ts'
import { figure, inUnit, lines, rowsOf, states, yesOrNo } from './panels.ts'
import { influx, sqlSeries, sqlTable } from './queries.ts'
import { readingsBack, rolledUpOfDevice, sinceReadingsBack } from './roll-ups.ts'
import { colours, limitLine, thresholdsOf } from './thresholds.ts'
import { deviceOfFeeder, feederWithDevices } from './variables.ts'
import { bandLimitsOfDevice, bandLines } from './voltage-limits.ts'
import { both } from './words.ts'

/** From here on a device counts as silent, unless the installation says otherwise. */
const silentAfterSeconds = variables.SILENT_AFTER_SECONDS.default

const bandLimitLines = Object.fromEntries(bandLines.map((line) => [line, limitLine]))

/** Measures that panels of power and of voltage draw, and of which alarm rules may have limits. */
const alarmLimitsOfPower = alarmLimitsOfDevice({ p_actual_kw: 1, p_kw: 1, power_w: -0.001 })
const alarmLimitsOfVoltage = alarmLimitsOfDevice({ va_v: 1, vb_v: 1, vc_v: 1, voltage_volts: 1 })

const facts = rowsOf({
  title: both('Cadastro do dispositivo', 'What the registry says'),
  description: both(
    'O que o cadastro diz do dispositivo: tipo, alimentador, local e potência nominal.',
    'What the registry says of the device: kind, feeder, site and rated power.',
  ),
  ...{ unit: units.NoUnit, width: 16, height: 4 },
  columns: { 'Potência nominal': inUnit('kwatt'), Físico: yesOrNo },
  queries: [
    sqlTable(`
    select d.device_id as "Dispositivo", coalesce(d.der_type, d.kind::text) as "Tipo", d.feeder_id as "Alimentador", d.site_id as "Local",
      d.status as "Situação", d.rated_kw as "Potência nominal", d.is_physical as "Físico"
    from device d where d.device_id in (\${device:sqlstring})`),
  ],
})

const silence = figure({
  title: both('Última leitura há', 'Last reading'),
  description: both(
    'Tempo entre a leitura mais recente e o fim do período mostrado. Depois de dois minutos o dispositivo conta como silencioso.',
    'Time between the newest reading and the end of what is shown. After two minutes the device counts as silent.',
  ),
  unit: units.Seconds,
  thresholds: thresholdsOf([
    { from: silentAfterSeconds, colour: colours.near },
    { from: 10 * silentAfterSeconds, colour: colours.beyond },
  ]),
  queries: [
    sqlTable(`
    select greatest(0, extract(epoch from $__timeTo()::timestamptz - r.at)) as "Última leitura há"
    from latest_reading r join device d using (device_key) where d.device_id in (\${device:sqlstring})`),
  ],
})

const online = figure({
  title: both('Presença', 'Presence'),
  description: both(
    'O que o dispositivo disse por último de si: conectado ou não.',
    'What the device said of itself last: online or not.',
  ),
  unit: units.NoUnit,
  mappings: [
    {
      type: MappingType.ValueToText,
      options: {
        '1': { text: 'conectado', color: colours.good, index: 0 },
        '0': { text: 'desconectado', color: colours.beyond, index: 1 },
      },
    },
  ],
  queries: [
    sqlTable(`
    select coalesce(p.online, r.at > $__timeTo()::timestamptz - interval '${silentAfterSeconds} s')::int as "Presença"
    from device d left join device_presence p using (device_key) left join latest_reading r using (device_key)
    where d.device_id in (\${device:sqlstring})`),
  ],
})

/** Of whatever the device is: the measure that is its power. Panels send W. */
const powerNow = lines({
  title: both('Potência, últimas 6 horas', 'Power, last 6 hours'),
  description: both(
    'Potência ativa e setpoint, leitura por leitura, com os limites das regras de alarme. Positivo é consumo; a geração é negativa.',
    'Active power and setpoint, reading by reading, with the limits of alarm rules. Positive is consumption; generation is negative.',
  ),
  ...{ unit: units.KiloWatt, timeFrom: readingsBack, interval: '10s' },
  queries: [
    influx(
      `SELECT mean("p_actual_kw") AS "Potência", mean("p_setpoint_kw") AS "Setpoint" FROM "der"
       WHERE "device" =~ /^$device$/ AND $timeFilter AND ${sinceReadingsBack} GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
    influx(
      `SELECT mean("p_kw") AS "Potência" FROM "meter"
       WHERE "device" =~ /^$device$/ AND $timeFilter AND ${sinceReadingsBack} GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
    influx(
      `SELECT mean("power_w") / -1000 AS "Potência" FROM "panel"
       WHERE "device" =~ /^$device$/ AND $timeFilter AND ${sinceReadingsBack} GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
    alarmLimitsOfPower,
  ],
})

const voltageNow = lines({
  title: both('Tensão, últimas 6 horas', 'Voltage, last 6 hours'),
  description: both(
    'Tensão por fase do medidor, ou do painel, com as faixas adequada, precária e crítica da tensão de referência (PRODIST, Módulo 8) e os limites das regras de alarme.',
    'Voltage by phase of a meter, or of a panel, with the bounds of the adequate, precarious and critical band of its reference voltage, and the limits of alarm rules.',
  ),
  ...{ unit: units.Volt, timeFrom: readingsBack, interval: '10s', columns: bandLimitLines },
  queries: [
    influx(
      `SELECT mean("va_v") AS "Fase A", mean("vb_v") AS "Fase B", mean("vc_v") AS "Fase C" FROM "meter"
       WHERE "device" =~ /^$device$/ AND $timeFilter AND ${sinceReadingsBack} GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
    influx(
      `SELECT mean("voltage_volts") AS "Painel" FROM "panel"
       WHERE "device" =~ /^$device$/ AND $timeFilter AND ${sinceReadingsBack} GROUP BY time($__interval) fill(none)`,
      '$col',
    ),
    bandLimitsOfDevice(),
    alarmLimitsOfVoltage,
  ],
})

const powerHistory = lines({
  title: both('Potência no período', 'Power'),
  description: both(
    'Média, mínimo e máximo de cada minuto (além de dois dias, de cada hora), com os limites das regras de alarme.',
    'Mean, lowest and highest of each minute (beyond two days, of each hour), with the limits of alarm rules.',
  ),
  unit: units.KiloWatt,
  columns: {
    Mínimo: [{ id: 'color', value: { mode: 'fixed', fixedColor: 'light-blue' } }],
    Máximo: [{ id: 'color', value: { mode: 'fixed', fixedColor: 'light-orange' } }],
  },
  queries: [
    rolledUpOfDevice([
      ...(['p_actual_kw', 'p_kw'] as const).flatMap((measure) => [
        { measure, statistic: 'mean', line: 'Média' } as const,
        { measure, statistic: 'lowest', line: 'Mínimo' } as const,
        { measure, statistic: 'highest', line: 'Máximo' } as const,
      ]),
      // What a panel generates is negative here, and its most is the lowest.
      { measure: 'power_w', statistic: 'mean', line: 'Média', factor: -0.001 },
      { measure: 'power_w', statistic: 'highest', line: 'Mínimo', factor: -0.001 },
      { measure: 'power_w', statistic: 'lowest', line: 'Máximo', factor: -0.001 },
    ]),
    alarmLimitsOfPower,
  ],
})

const voltageHistory = lines({
  title: both('Tensão no período', 'Voltage'),
  description: both(
    'Tensão média por fase, com as faixas da tensão de referência (PRODIST, Módulo 8) e os limites das regras de alarme.',
    'Mean voltage by phase, with the bounds of the bands of its reference voltage and the limits of alarm rules.',
  ),
  ...{ unit: units.Volt, columns: bandLimitLines },
  queries: [
    rolledUpOfDevice([
      { measure: 'va_v', statistic: 'mean', line: 'Fase A' },
      { measure: 'vb_v', statistic: 'mean', line: 'Fase B' },
      { measure: 'vc_v', statistic: 'mean', line: 'Fase C' },
      { measure: 'voltage_volts', statistic: 'mean', line: 'Painel' },
    ]),
    bandLimitsOfDevice(),
    alarmLimitsOfVoltage,
  ],
})

const otherMeasures = rowsOf({
  title: both('Todas as grandezas no período', 'All measures'),
  description: both(
    'Média, mínimo, máximo e número de leituras de cada grandeza, das médias por hora.',
    'Mean, lowest, highest and number of readings of each measure, from hourly roll-ups.',
  ),
  ...{ unit: units.NoUnit, decimals: 2 },
  queries: [
    sqlTable(`
    select r.measure as "Grandeza", sum(r.total) / sum(r.samples) as "Média", min(r.lowest) as "Mínimo", max(r.highest) as "Máximo",
      sum(r.samples) as "Leituras"
    from device d join reading_hour r using (device_key)
    where d.device_id in (\${device:sqlstring})
      and r.at between date_trunc('hour', $__timeFrom()::timestamptz) and $__timeTo()::timestamptz
    group by r.measure order by r.measure`),
  ],
})

const readingsPerHour = states({
  title: both('Leituras por hora', 'Readings an hour'),
  description: both(
    'Quanto o dispositivo reportou em cada hora: lacunas aparecem sem cor.',
    'How much the device reported in each hour: gaps have no colour.',
  ),
  unit: units.Short,
  ...{ width: 24, height: 4 },
  thresholds: thresholdsOf([{ from: 1, colour: colours.good }], colours.beyond),
  queries: [
    // Hours without a row would go on as the one before: they have one, without a value.
    sqlSeries(`
    select hour.at as time, max(r.samples) as "Leituras"
    from generate_series(date_trunc('hour', $__timeFrom()::timestamptz), $__timeTo()::timestamptz, interval '1 hour') hour (at)
    left join (device d join reading_hour r using (device_key)) on r.at = hour.at and d.device_id in (\${device:sqlstring})
    group by hour.at order by hour.at`),
  ],
})

/** One device: as it stands, reading by reading, and as far back as it is kept. */
export const device: DashboardContent = {
  name: 'device',
  description: both(
    'Um dispositivo: situação, leituras recentes e histórico.',
    'One device: how it stands, its recent readings and its history.',
  ),
  tags: ['dispositivo'],
  ...{ from: 'now-24h', refresh: '1m', consolePage: 'field' },
  variables: [feederWithDevices, deviceOfFeeder],
  annotations: [events('device'), commands('device')],
  sections: [
    { title: both('Situação', 'Now'), panels: [facts, silence, online] },
    { title: both('Últimas 6 horas', 'Last 6 hours'), panels: [powerNow, voltageNow] },
    { title: both('Histórico', 'History'), panels: [powerHistory, voltageHistory, readingsPerHour, otherMeasures] },
  ],
}
