import type { Database } from '../../platform/storage/database.ts'
import { brokenMeasurement } from './domain/letter.fixture.ts'

export interface SeededMeasurement {
  readonly unitId: string
  readonly kind?: 'sample' | 'complaint' | 'inspection'
  /** First day of the quarter, of a sample. */
  readonly quarter?: string
  readonly status?: 'running' | 'complete'
  /** By phase A, B, C. */
  readonly precarious: readonly [number, number, number]
  readonly critical: readonly [number, number, number]
}

const startsAt = '2026-08-10T03:00:00Z'
const endedAt = '2026-08-17T05:00:00Z'

/** A unit of three phases at 220 V with a meter. */
export async function seedUnit(database: Database, unitId: string): Promise<void> {
  await database.query("insert into consumer_unit (unit_id, nominal_voltage_v, phases) values ($1, 220, 'ABC')", [
    unitId,
  ])
  await database.query("insert into device (device_id, kind, status) values ($1, 'meter', 'active')", [
    `meter-${unitId}`,
  ])
}

/** An official measurement with its result. @returns its number */
export async function seedMeasurement(database: Database, measurement: SeededMeasurement): Promise<number> {
  const { unitId, kind = 'complaint', quarter = null, status = 'complete', precarious, critical } = measurement
  const [row] = await database.query<{ id: number }>(
    `insert into voltage_measurement (unit_id, kind, quarter, class, serial, calibrated_on, calibration_valid_until, device_key,
       portable, reference_v, phases, starts_at, gives_up_at, status, taken_until, scheduled_by, scheduled_at)
     select $1, $2, $3, 'A', 'PQ-0815', '2026-02-03', '2027-02-03', device_key, false, 220, 'ABC', $4,
       $4::timestamptz + interval '30 days', $5, $6, 'operator', $4
     from device where device_id = $7 returning measurement_id as id`,
    [unitId, kind, quarter, startsAt, status, endedAt, `meter-${unitId}`],
  )
  const [nlp, nlc] = [Math.max(...precarious), Math.max(...critical)]
  const [drp, drc] = [(100 * nlp) / 1_008, (100 * nlc) / 1_008]
  if (status === 'complete')
    await database.query(
      `insert into measurement_result (measurement_id, version, computed_at, ended_at, valid, invalid, precarious, critical,
         nlp, nlc, drp_pct, drc_pct, drp_violated, drc_violated)
       values ($1, 1, $2, $2, 1008, 12, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [row!.id, endedAt, precarious, critical, nlp, nlc, drp, drc, drp > 3, drc > 0.5],
    )
  return row!.id
}

/** The violation that a measurement found, with what is booked for each month, R$. */
export async function seedCase(
  database: Database,
  measurementId: number,
  months: Readonly<Record<string, number>>,
): Promise<void> {
  const [row] = await database.query<{ id: number; unitId: string }>(
    `insert into voltage_case (unit_id, opened_by, opened_at, drp_due_on, drc_due_on, choices)
     select unit_id, measurement_id, $2, '2026-11-15', '2026-09-01', '{}' from voltage_measurement where measurement_id = $1
     returning case_id as id, unit_id as "unitId"`,
    [measurementId, endedAt],
  )
  for (const [month, amount] of Object.entries(months))
    await database.query(
      `insert into voltage_compensation (case_id, unit_id, month, revision, measurement_id, result_version, amount_brl, delta_brl,
         explained, cause, booked_at)
       values ($1, $2, $3, 1, $4, 1, $5, $5, $6, 'due', $7)`,
      [row!.id, row!.unitId, month, measurementId, amount, JSON.stringify(brokenMeasurement.compensation), endedAt],
    )
}
