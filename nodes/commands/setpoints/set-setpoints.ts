import type { Database } from '../../../platform/storage/database.ts'
import { setpointRefusal, type AskedSetpoint } from '../domain/setpoint.ts'
import { ensureMonth, setpointDevices, writeSetpoints } from './setpoint-repository.ts'

export interface RefusedSetpoint {
  readonly deviceId: string
  /** One line that names the device. */
  readonly problem: string
}

/** What became of setpoints that were asked for. */
export interface SetSetpoints {
  readonly set: readonly AskedSetpoint[]
  readonly refused: readonly RefusedSetpoint[]
}

/**
 * Has devices follow what is asked: those that can, the others are refused. Of several for one device the last holds.
 * @param username    a user, or logic as `node <name>`
 * @param now         by the platform's clock, UTC milliseconds
 * @param recordedAt  by the wall's
 */
export async function setSetpoints(
  database: Database,
  asked: readonly AskedSetpoint[],
  username: string,
  now: number,
  recordedAt: number,
): Promise<SetSetpoints> {
  const newest = [...new Map(asked.map((one) => [one.deviceId, one])).values()]
  const known = await setpointDevices(
    database,
    newest.map(({ deviceId }) => deviceId),
  )
  const devices = new Map(known.map((device) => [device.deviceId, device]))
  const judged = newest.map((one) => ({ one, problem: setpointRefusal(one, devices.get(one.deviceId), now) }))
  const set = judged.flatMap(({ one, problem }) => (problem === undefined ? [one] : []))
  if (set.length > 0) {
    await ensureMonth(database, recordedAt)
    await writeSetpoints(database, set, username, now, recordedAt)
  }
  const refused = judged.flatMap(({ one: { deviceId }, problem }) =>
    problem === undefined ? [] : [{ deviceId, problem }],
  )
  return { set, refused }
}
