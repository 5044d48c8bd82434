import type { Database } from '../../../platform/storage/database.ts'
import { queriesOf } from '../../../platform/storage/queries.ts'
import { fencingRefusal, setpointRefusal, type AskedSetpoint } from '../domain/setpoint.ts'
import { ensureMonth, raiseFences, setpointDevices, writeSetpoints } from './setpoint-repository.ts'

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
 * Has devices follow what is asked: those that can, the others are refused. Of several for one device the last holds. What comes
 * under a lease is refused where a higher token of the lease was seen before; that is looked at, and kept, in the transaction that
 * sets it.
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
  if (newest.length > 0) await ensureMonth(database, recordedAt)
  return database.transaction(async (client) => {
    const queries = queriesOf(client)
    const known = await setpointDevices(
      queries,
      newest.map(({ deviceId }) => deviceId),
    )
    const devices = new Map(known.map((device) => [device.deviceId, device]))
    const fences = await raiseFences(
      queries,
      newest.flatMap(({ fencing }) => (fencing ? [fencing] : [])),
      now,
    )
    const judged = newest.map((one) => {
      const highest = one.fencing ? fences.get(one.fencing.lease)! : 0
      return { one, problem: fencingRefusal(one, highest) ?? setpointRefusal(one, devices.get(one.deviceId), now) }
    })
    const set = judged.flatMap(({ one, problem }) => (problem === undefined ? [one] : []))
    if (set.length > 0) await writeSetpoints(queries, set, username, now, recordedAt)
    const refused = judged.flatMap(({ one: { deviceId }, problem }) =>
      problem === undefined ? [] : [{ deviceId, problem }],
    )
    return { set, refused }
  })
}
