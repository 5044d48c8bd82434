import * as units from '@grafana/grafana-foundation-sdk/units'
import { reasons } from '../../platform/wire/reasons.ts'
import { dashboardAddress, linkTo } from './links.ts'
import { bars, rowsOf } from './panels.ts'
import { sqlTable } from './queries.ts'
import { both } from './words.ts'

/** The reason of a column as the reader sees it. */
const reasonWord = `case reason::text ${Object.entries(reasons)
  .map(([reason, { pt }]) => `when '${reason}' then '${pt}'`)
  .join(' ')} else reason::text end`

/** What was refused, and why. */
export const byReason = bars({
  title: both('Quarentena por motivo', 'Quarantine by reason'),
  description: both(
    'Mensagens recusadas até agora e as que ainda são guardadas, por motivo. As guardadas podem ser reenviadas quando a causa acabar.',
    'Messages that were refused so far and those that are kept, by reason.',
  ),
  ...{ unit: units.Short, min: 0, decimals: 0 },
  queries: [
    sqlTable(
      `select ${reasonWord} as "Motivo", sum(count)::float8 as "Recusadas", sum(kept)::float8 as "Guardadas" from quarantine_count group by 1 order by 2 desc, 1`,
    ),
  ],
})

/** Whose messages were refused. */
export const byDevice = rowsOf({
  title: both('Quarentena por dispositivo', 'Quarantine by device'),
  description: both(
    'De quem mais se recusou e por quê; a última vez mostra se ainda acontece.',
    'Whose messages were refused most, and why; the last time says whether it still goes on.',
  ),
  ...{ unit: units.NoUnit, width: 12 },
  columns: {
    Dispositivo: [
      {
        id: 'links',
        value: [
          linkTo(
            both('Abrir o dispositivo', 'Open the device'),
            dashboardAddress('device', { device: '${__value.text}' }),
          ).build(),
        ],
      },
    ],
  },
  queries: [
    sqlTable(`
    select coalesce(nullif(device_id, ''), 'não cadastrados') as "Dispositivo", ${reasonWord} as "Motivo", count as "Recusadas", first_at as "Primeira", last_at as "Última"
    from quarantine_count order by last_at desc, count desc limit 100`),
  ],
})
