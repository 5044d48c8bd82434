import * as units from '@grafana/grafana-foundation-sdk/units'
import { lines } from './panels.ts'
import { influx } from './queries.ts'
import { both } from './words.ts'

/** What steered DERs of each chosen feeder were told, and what they did; a panel of its own for each dashboard. */
export const steeredByFeeder = (): ReturnType<typeof lines> =>
  lines({
    title: both('Recursos controlados: medido e setpoint', 'Steered DERs: measured and setpoint'),
    description: both(
      'O que foi dito aos recursos controlados e o que fizeram, por alimentador, médias dos últimos 15 minutos a cada minuto (nó tracking).',
      'What steered DERs were told and what they did, by feeder, means of the last 15 minutes each minute (node tracking).',
    ),
    ...{ unit: units.KiloWatt, interval: '1m' },
    queries: [
      influx(
        `SELECT mean("setpoint_kw") AS "setpoint", mean("actual_kw") AS "medido" FROM "feeder_tracking_error"
       WHERE "feeder" =~ /^$feeder$/ AND $timeFilter GROUP BY time($__interval), "feeder" fill(none)`,
        '$tag_feeder $col',
      ),
    ],
  })
