import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import { rowsOf, yesOrNo } from './panels.ts'
import { sqlTable } from './queries.ts'
import { colouredText } from './thresholds.ts'
import { both } from './words.ts'
import * as units from '@grafana/grafana-foundation-sdk/units'

/** Alarms that stand: active, acknowledged or not (states B and C of ISA-18.2), neither shelved nor suppressed nor out of service. */
const standing = `state in ('B', 'C')`

/** Of the chosen feeders, and those that belong to none. */
const ofFeeders = `(feeder_id is null or feeder_id in (\${feeder:sqlstring}))`

/** Alarms that stand now by their priority, as columns of one row. */
export const alarmsByPriority = sqlTable(`
  select count(*) filter (where priority = 'critical') as "Críticos", count(*) filter (where priority = 'high') as "Altos",
    count(*) filter (where priority = 'medium') as "Médios", count(*) filter (where priority = 'low') as "Baixos"
  from alarm where ${standing} and ${ofFeeders}`)

const words: readonly ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      critical: { text: 'crítica', color: 'dark-red', index: 0 },
      high: { text: 'alta', color: 'red', index: 1 },
      medium: { text: 'média', color: 'orange', index: 2 },
      low: { text: 'baixa', color: 'yellow', index: 3 },
    },
  },
]

/** Alarms that stand, the gravest first. */
export const standingAlarms = (): ReturnType<typeof rowsOf> =>
  rowsOf({
    title: both('Alarmes ativos', 'Standing alarms'),
    description: both(
      'Alarmes ativos agora, reconhecidos ou não, os mais graves primeiro; sem os arquivados, suprimidos ou fora de serviço.',
      'Alarms active now, acknowledged or not, gravest first; without shelved, suppressed and out-of-service ones.',
    ),
    ...{ unit: units.NoUnit, width: 12, height: 9 },
    columns: { Prioridade: [{ id: 'mappings', value: words }, colouredText], Reconhecido: yesOrNo },
    queries: [
      sqlTable(`
    select priority::text as "Prioridade", kind as "Tipo", subject as "Objeto", feeder_id as "Alimentador", active_since as "Desde",
      acknowledged as "Reconhecido"
    from alarm where ${standing} and ${ofFeeders}
    order by alarm.priority desc, active_since desc, alarm_id desc limit 100`),
    ],
  })
