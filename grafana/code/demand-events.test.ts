import assert from 'node:assert/strict'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { demandEvents } from './demand-events.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'

describe('demand-response events on charts', function () {
  this.timeout(60_000)
  const test = useDatabase()

  before(() =>
    test.database.query(
      `insert into feeder (feeder_id) values ('f-1'), ('f-2');
       insert into dr_event (type, feeder_id, mode, limit_kw, target_shed_kw, starts_at, ends_at, cancelled_at, cancelled_by,
         snapback_minutes, source, request_hash, entered_by, entered_at, changed_by)
       select type, feeder, mode::demand_mode, case mode when 'limit' then kw end, case mode when 'shed' then kw end, starts, ends,
         cancelled, case when cancelled is not null then 'ana' end, 0, 'test', 'x', 'ana', '2026-11-23Z', 'ana'
       from (values
         ('ponta', 'f-1', 'shed', 40, timestamptz '2026-11-23T21:00Z', timestamptz '2026-11-23T23:00Z', null::timestamptz),
         ('todos', null, 'limit', 50, '2026-11-24T10:00Z', '2026-11-24T11:00Z', '2026-11-24T10:30Z'),
         ('nunca', 'f-1', 'limit', 50, '2026-11-24T02:00Z', '2026-11-24T03:00Z', '2026-11-23T20:00Z'),
         ('outro', 'f-2', 'limit', 50, '2026-11-23T21:00Z', '2026-11-23T23:00Z', null),
         ('depois', 'f-1', 'limit', 50, '2026-11-25T21:00Z', '2026-11-25T23:00Z', null)
       ) e (type, feeder, mode, kw, starts, ends, cancelled)`,
    ),
  )

  it('are those of the chosen feeder and of all, until they ended or were cancelled; those that never began are none', async () => {
    const { rawQuery } = demandEvents.build() as unknown as { rawQuery: string }
    const rows = await rowsOfSql<{ text: string; timeend: Date }>(test.database, rawQuery, {
      ...{ chosen: { feeder: ['f-1'] }, from: Date.parse('2026-11-23T12:00Z'), to: Date.parse('2026-11-24T12:00Z') },
    })
    assert.deepEqual(
      rows.map(({ text, timeend }) => [text, timeend.toISOString()]),
      [
        ['todos · 50 kW', '2026-11-24T10:30:00.000Z'],
        ['ponta · f-1 · menos 40 kW', '2026-11-23T23:00:00.000Z'],
      ],
    )
  })
})
