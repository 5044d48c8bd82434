import * as units from '@grafana/grafana-foundation-sdk/units'
import { variables } from '../../platform/runtime/environment-variables.ts'
import { commands, events, interruptions } from './annotations.ts'
import type { DashboardContent } from './dashboard.ts'
import { below, dersOverTime, loadAndLimitNow, loadingSteps, loadOverTime } from './feeder-load.ts'
import { interruptedNow, interruptedOverTime, interruptionsInPeriod } from './interrupted-units.ts'
import { dashboardAddress, linkTo } from './links.ts'
import { barGauges, figure, inUnit, lines, rowsOf } from './panels.ts'
import { sqlTable } from './queries.ts'
import { alarmsByPriority, standingAlarms } from './standing-alarms.ts'
import { colours, colouredText, thresholdOverride, thresholdsOf } from './thresholds.ts'
import { steeredByFeeder } from './steered-ders.ts'
import { feeder } from './variables.ts'
import { bandsOfMeters } from './voltage-bands.ts'
import { both } from './words.ts'

const silentAfterSeconds = variables.SILENT_AFTER_SECONDS.default

const loadNow = figure({
  title: both('Carga total', 'Total load'),
  description: both(
    'Soma da carga dos alimentadores escolhidos, cada medidor contado uma vez, pelas últimas leituras. Positivo é consumo.',
    'Load of the chosen feeders, each meter counted once, by the newest readings. Positive is consumption.',
  ),
  ...{ unit: units.KiloWatt, decimals: 1 },
  queries: [
    sqlTable(`
    ${loadAndLimitNow}, ${below.trim()}
    select sum(l.load_kw) as "Carga total" from load_now l
    -- What is below another chosen one is in it already.
    where not exists (select from below b where b.under = l.feeder_id and b.feeder_id <> l.feeder_id)`),
  ],
})

const alarms = figure({
  title: both('Alarmes ativos por prioridade', 'Standing alarms by priority'),
  description: both(
    'Alarmes ativos agora, reconhecidos ou não, por prioridade (ISA-18.2).',
    'Alarms that are active now, acknowledged or not, by priority (ISA-18.2).',
  ),
  ...{ unit: units.Short, width: 8 },
  columns: {
    Críticos: [thresholdOverride([{ from: 1, colour: colours.beyond }])],
    Altos: [thresholdOverride([{ from: 1, colour: 'orange' }])],
    Médios: [thresholdOverride([{ from: 1, colour: colours.near }])],
    Baixos: [thresholdOverride([], colours.neutral)],
  },
  queries: [alarmsByPriority],
})

const silent = figure({
  title: both('Dispositivos silenciosos', 'Silent devices'),
  description: both(
    `Dispositivos ativos sem leitura há mais de ${silentAfterSeconds} s no fim do período mostrado.`,
    `Active devices without a reading for more than ${silentAfterSeconds} s at the end of what is shown.`,
  ),
  unit: units.Short,
  thresholds: thresholdsOf([{ from: 1, colour: colours.near }]),
  queries: [
    sqlTable(`
    select count(*) as "Dispositivos silenciosos"
    from device d left join latest_reading r using (device_key)
    where d.status = 'active' and d.feeder_id in (\${feeder:sqlstring})
      and (r.at is null or r.at < $__timeTo()::timestamptz - interval '${silentAfterSeconds} s')`),
  ],
})

const eventsInForce = figure({
  title: both('Eventos de resposta da demanda', 'Demand-response events'),
  description: both(
    'Eventos em vigor no fim do período mostrado, e os que vêm nas 24 horas depois dele.',
    'Events in force at the end of what is shown, and those that come within 24 hours of it.',
  ),
  ...{ unit: units.Short, width: 4 },
  columns: { 'Em vigor': [thresholdOverride([{ from: 1, colour: 'blue' }], colours.neutral)] },
  queries: [
    sqlTable(`
    select count(*) filter (where starts_at <= $__timeTo()::timestamptz) as "Em vigor",
      count(*) filter (where starts_at > $__timeTo()::timestamptz) as "Em 24 h"
    from dr_event_report
    where (feeder_id is null or feeder_id in (\${feeder:sqlstring})) and ends_at > $__timeTo()::timestamptz and ends_at > starts_at
      and starts_at <= $__timeTo()::timestamptz + interval '24 hours'`),
  ],
})

const loading = barGauges({
  title: both('Carregamento por alimentador', 'Loading by feeder'),
  description: both(
    'Carga pelas últimas leituras, em % do menor limite em vigor (cadastro, limites de operação, eventos). Vermelho: sobrecarga.',
    'Load by the newest readings, in % of the least limit in force (registry, set by persons, events). Red: overloaded.',
  ),
  ...{ unit: units.Percent, decimals: 0, min: 0, max: 120, width: 8, height: 9 },
  thresholds: thresholdsOf(loadingSteps),
  queries: [
    sqlTable(`
    ${loadAndLimitNow}
    select feeder_id as "Alimentador", 100 * abs(load_kw) / limit_kw as "Carregamento"
    from load_now join limit_now using (feeder_id) where limit_kw > 0 and load_kw is not null
    order by 2 desc, feeder_id limit 50`),
  ],
})

const feeders = rowsOf({
  title: both('Alimentadores', 'Feeders'),
  description: both(
    'Cada alimentador: carga e limite para consumo (kW), carregamento, unidades sem energia, alarmes ativos e dispositivos silenciosos.',
    'Each feeder: load and limit for what is drawn, loading, units without supply, standing alarms and silent devices.',
  ),
  ...{ unit: units.NoUnit, width: 16, height: 9 },
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
    Carga: inUnit(units.KiloWatt, 1),
    Limite: inUnit(units.KiloWatt),
    Carregamento: [...inUnit(units.Percent, 0), colouredText, thresholdOverride(loadingSteps)],
    'UC sem energia': [colouredText, thresholdOverride([{ from: 1, colour: colours.beyond }], colours.neutral)],
  },
  queries: [
    sqlTable(`
    ${loadAndLimitNow}
    select f.feeder_id as "Alimentador", f.name as "Nome", l.load_kw as "Carga", m.limit_kw as "Limite",
      100 * abs(l.load_kw) / nullif(m.limit_kw, 0) as "Carregamento",
      (select count(distinct i.unit_id) from unit_interruption i join unit_report u using (unit_id)
       where u.feeder_id = f.feeder_id and i.started_at <= $__timeTo()::timestamptz
         and (i.ended_at is null or i.ended_at > $__timeTo()::timestamptz)) as "UC sem energia",
      (select count(*) from alarm a where a.feeder_id = f.feeder_id and a.state in ('B', 'C')) as "Alarmes",
      (select count(*) from device d left join latest_reading r using (device_key)
       where d.feeder_id = f.feeder_id and d.status = 'active'
         and (r.at is null or r.at < $__timeTo()::timestamptz - interval '${silentAfterSeconds} s')) as "Silenciosos"
    from load_now l join limit_now m using (feeder_id) join feeder f using (feeder_id)
    order by 5 desc nulls last, f.feeder_id`),
  ],
})

const loads = lines({
  title: both('Carga dos alimentadores', 'Load of the feeders'),
  description: both(
    'Carga de cada alimentador com os que estão abaixo dele: medidor da saída ou, sem ele, a soma das unidades e dos recursos sem medidor. Médias de 5 minutos; além de 6 horas, de hora em hora.',
    'Load of each feeder with those below it: the head meter, or the sum of units and unmetered DERs. Means of 5 minutes; beyond 6 hours, of hours.',
  ),
  unit: units.KiloWatt,
  queries: [loadOverTime()],
})

const ders = lines({
  title: both('Recursos distribuídos por tipo', 'DERs by type'),
  description: both(
    'Potência de veículos, baterias e inversores fotovoltaicos abaixo dos alimentadores escolhidos. Geração e descarga são negativas.',
    'Power of vehicles, batteries and PV inverters below the chosen feeders. Generation and discharge are negative.',
  ),
  unit: units.KiloWatt,
  queries: [dersOverTime()],
})

/** The grid at a glance: what it carries, where supply is out, what is alarmed. */
export const gridOverview: DashboardContent = {
  name: 'grid-overview',
  description: both(
    'A rede num relance: carga contra limites, interrupções, alarmes, tensão e recursos distribuídos.',
    'The grid at a glance: load against limits, interruptions, alarms, voltage and distributed resources.',
  ),
  tags: ['operação'],
  ...{ from: 'now-6h', refresh: '30s', consolePage: 'overview' },
  variables: [feeder(true)],
  annotations: [interruptions, events('feeder'), commands('feeder')],
  sections: [
    { title: both('Agora', 'Now'), panels: [loadNow, interruptedNow(4), alarms, silent, eventsInForce] },
    { title: both('Alimentadores', 'Feeders'), panels: [feeders, loading] },
    {
      title: both('Alarmes e interrupções', 'Alarms and interruptions'),
      panels: [standingAlarms(), interruptionsInPeriod()],
    },
    {
      title: both('No período', 'In the period'),
      panels: [loads, interruptedOverTime(12), steeredByFeeder(), ders, bandsOfMeters()],
    },
  ],
}
