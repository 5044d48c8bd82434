import assert from 'node:assert/strict'
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { before, describe, it } from 'mocha'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { dashboardOf } from './dashboard.ts'
import { demandResponse } from './demand-response.ts'
import { rowsOfSql } from './shown-rows.fixture.ts'

const panels = dashboardOf(demandResponse).panels as Panel[]
const looked = {
  chosen: { feeder: ['f-1'] },
  from: Date.parse('2026-11-23T12:00:00Z'),
  to: Date.parse('2026-11-24T12:00:00Z'),
}

describe('dashboard of demand response', function () {
  this.timeout(60_000)
  const test = useDatabase()
  const shown = <Row extends object>(title: string) => {
    const [{ rawSql }] = panels.find((each) => each.title === title)!.targets as unknown as [{ rawSql: string }]
    return rowsOfSql<Row>(test.database, rawSql, looked)
  }

  // The worked example of docs/demand-response.md, an event that nobody can judge, one to come, and one that never was.
  before(async () => {
    const { database } = test
    await database.query(
      `insert into feeder (feeder_id) values ('f-1'), ('f-2');
       insert into dr_program (name, mode, feeder_id, time_zone, target_shed_kw, incentive_brl_kwh, penalty_brl_kwh, snapback_minutes,
         active, source, request_hash, changed_by, changed_at)
       values ('Ponta', 'shed', 'f-1', 'America/Sao_Paulo', 40, 0.9, 0.45, 0, true, 'test', 'x', 'ana', '2026-11-20Z');
       insert into dr_event (type, feeder_id, mode, limit_kw, target_shed_kw, starts_at, ends_at, cancelled_at, cancelled_by, program_id,
         incentive_brl_kwh, penalty_brl_kwh, program_version, terms_since, snapback_minutes, source, request_hash, entered_by, entered_at,
         changed_by)
       select type, feeder, case when shed is null then 'limit' else 'shed' end::demand_mode, case when shed is null then 50 end, shed,
         starts, ends, cancelled, case when cancelled is not null then 'ana' end, program, program * 0.9, program * 0.45, program,
         case when program is not null then timestamptz '2026-11-20Z' end, 0, 'test', 'x', 'ana', '2026-11-23Z', 'ana'
       from (values
         (1, 'ponta', 'f-1', 40, timestamptz '2026-11-23T21:00Z', timestamptz '2026-11-23T23:00Z', null::timestamptz, 1),
         (2, 'manhã', 'f-1', null, '2026-11-24T10:00Z', '2026-11-24T11:00Z', null, null),
         (3, 'amanhã', 'f-1', null, '2026-11-25T10:00Z', '2026-11-25T11:00Z', null, null),
         (4, 'nunca', 'f-1', null, '2026-11-24T02:00Z', '2026-11-24T03:00Z', '2026-11-23T20:00Z', null),
         (5, 'outro', 'f-2', null, '2026-11-23T21:00Z', '2026-11-23T23:00Z', null, null)
       ) e (number, type, feeder, shed, starts, ends, cancelled, program) order by number;
       insert into dr_result (event_id, feeder_id, computed_at, is_final, basis, baseline_kwh, actual_kwh, delivered_kwh, committed_kwh,
         coverage, reason, detail, money)
       values (1, 'f-1', '2026-11-23T23:15Z', false, 'devices', 202, 142, 60, 80, 1, null,
           '{"parts": [{"from": "2026-11-23T21:00:00Z", "baselineKw": 106, "actualKw": 70},
             {"from": "2026-11-23T22:00:00Z", "baselineKw": 96, "actualKw": 72}]}', '{"amountBrl": 45.00}'),
         (2, 'f-1', '2026-11-24T11:15Z', false, 'head', null, null, null, null, 0, 'fewer than 3 like days', '{"parts": []}', null)`,
    )
  })

  it('counts what is over, to come and cancelled, of the chosen feeder', async () =>
    assert.deepEqual(await shown('Eventos'), [{ 'Em vigor': '0', 'Em 7 dias': '1', Encerrados: '2', Cancelados: '1' }]))

  it('shows the worked example as it is settled', async () => {
    assert.deepEqual(await shown('Energia entregue e combinada'), [{ Entregue: 60, Combinada: 80 }])
    assert.deepEqual(await shown('Cumprimento'), [{ Cumprimento: 75 }])
    assert.deepEqual(await shown('Valor devido'), [{ 'Valor devido': 45 }])
    const [program] = await shown<{ Eventos: string; Entregue: number; Valor: number }>('Programas')
    assert.deepEqual([program!.Eventos, program!.Entregue, program!.Valor], ['1', 60, 45])
  })

  it('draws baseline and measured by the parts of the event', async () => {
    const rows = await shown<{ time: Date; metric: string; value: number }>('Linha de base e medido')
    assert.deepEqual(
      rows.map(({ time, metric, value }) => [time.getUTCHours(), metric, value]),
      [
        [21, 'evento 1 f-1 linha de base', 106],
        [21, 'evento 1 f-1 medido', 70],
        [22, 'evento 1 f-1 linha de base', 96],
        [22, 'evento 1 f-1 medido', 72],
      ],
    )
  })

  it('lists events with what came of them, or why nobody can say', async () => {
    const rows = await shown<Record<string, unknown>>('Eventos e resultados')
    assert.deepEqual(
      rows.map((row) => [row['Nome'], row['Situação'], row['Valor'], row['Sem resultado porque']]),
      [
        ['amanhã', 'por vir', null, null],
        ['manhã', 'apurado, provisório', null, 'fewer than 3 like days'],
        ['nunca', 'cancelado', null, null],
        ['ponta', 'apurado, provisório', 45, null],
      ],
    )
  })
})
