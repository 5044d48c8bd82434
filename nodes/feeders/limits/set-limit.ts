import { may, type Identity } from '../../../platform/access/identity.ts'
import { lackOf } from '../../../platform/access/roles.ts'
import { isTimeZone } from '../../../platform/clock/civil-day.ts'
import { badField, conflict, notFound, Problem, titleOf } from '../../../platform/http/problem.ts'
import { lockImports } from '../../../platform/network/import/repository.ts'
import { doesNotGo, newStrains } from '../../../platform/network/registry-check.ts'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import type { Database } from '../../../platform/storage/database.ts'
import type { LimitSettings, SetLimit } from '../domain/limits-in-force.ts'
import { feederStrains, type FeederStrain } from './configuration-check.ts'
import { findFeeder } from './feeder-repository.ts'
import { findLimit, insertLimit, limitsOf, removeLimit, type StoredLimit } from './limit-repository.ts'

/** What somebody asks for; instants in UTC milliseconds. */
export interface WantedLimit extends Omit<SetLimit, 'limitId' | 'validFrom'> {
  /** Undefined: from now on. */
  readonly validFrom: number | undefined
  readonly reason: string
}

/** Who asks, and when: by the platform's clock, and by the wall's. */
export interface Asked {
  readonly identity: Identity
  readonly at: number
  readonly wallAt: number
}

const dayMs = 86_400_000
/** What ends within so many days, and is in no schedule, is temporary: whoever operates may set it. */
const temporaryDays = 7
const mostStanding = 100

export const isTemporary = ({ validUntil, schedule }: Pick<SetLimit, 'validUntil' | 'schedule'>, at: number): boolean =>
  schedule === null && validUntil !== null && validUntil - at <= temporaryDays * dayMs

/**
 * Sets a limit. One that lasts is refused where the fallbacks of the devices and what nobody steers exceed it; one that does not is
 * set all the same, since nobody sets it but to make room at once, and the answer warns of what it asks for.
 * @throws Problem 400, 403, 404, 409
 */
export function setLimit(
  database: Database,
  wanted: WantedLimit,
  asked: Asked,
  settings: LimitSettings,
): Promise<{ readonly limitId: number; readonly warnings: readonly FeederStrain[] }> {
  const { identity, at, wallAt } = asked
  const validFrom = wanted.validFrom ?? at
  const limit = { ...wanted, validFrom, setBy: identity.username, setAt: wallAt }
  check(limit, at)
  const temporary = isTemporary(limit, at)
  allowed(identity, temporary)
  return database.transaction(async (client) => {
    const queries = queriesOf(client)
    // Alone among changes of the registry: what fits is judged by what it says.
    await lockImports(client)
    const feeder = await findFeeder(queries, wanted.feederId)
    if (!feeder) throw notFound('feeder', 'path.feederId', wanted.feederId)
    if (wanted.unit === 'a' && feeder.nominalVoltageV === null)
      throw badField('body.unit', 'a', 'needs the nominalVoltageV of the feeder in the registry')
    if ((await limitsOf(queries, wanted.feederId, at)).length >= mostStanding)
      throw conflict(`${mostStanding} limits of feeder ${wanted.feederId} stand already: take some back first`)
    const strains = (): Promise<FeederStrain[]> => feederStrains(queries, at, settings, { withTemporary: temporary })
    const before = await strains()
    const limitId = await insertLimit(queries, limit)
    const after = await strains()
    const worse = new Set(newStrains(before, after).map(({ of }) => of))
    const warnings = after.filter(({ of }) => worse.has(of))
    if (!temporary && warnings.length > 0) throw doesNotGo(warnings)
    return { limitId, warnings }
  })
}

/** Takes a limit back. @throws Problem 403, 404, 409 */
export function takeBack(
  database: Database,
  feederId: string,
  limitId: number,
  reason: string | null,
  { identity, wallAt }: Asked,
): Promise<StoredLimit> {
  return database.transaction(async (client) => {
    const queries: Queries = queriesOf(client)
    const limit = await findLimit(queries, feederId, limitId)
    if (!limit) throw notFound('limit', 'path.limitId', limitId)
    allowed(identity, isTemporary(limit, limit.validFrom))
    const removal = { reason, removedBy: identity.username, removedAt: wallAt }
    if (limit.removedAt !== null || !(await removeLimit(queries, limitId, removal)))
      throw conflict(`limit ${limitId} was taken back already`)
    return limit
  })
}

function allowed(identity: Identity, temporary: boolean): void {
  const right = temporary ? 'operate' : 'configure-feeders'
  if (!may(identity, right)) throw new Problem(403, titleOf(403), { detail: lackOf(identity.role, right) })
}

function check({ validFrom, validUntil, schedule }: Omit<SetLimit, 'limitId'>, at: number): void {
  const shown = (instant: number): string => new Date(instant).toISOString()
  if (validUntil !== null && validUntil <= at)
    throw badField('body.validUntil', shown(validUntil), `must be after now, ${shown(at)}`)
  if (validUntil !== null && validUntil <= validFrom)
    throw badField('body.validUntil', shown(validUntil), `must be after validFrom, ${shown(validFrom)}`)
  if (!schedule) return
  if (schedule.from === schedule.until)
    throw badField(
      'body.schedule.until',
      schedule.until,
      'must be another time than from; a whole day is 00:00 to 24:00',
    )
  if (schedule.timeZone !== null && !isTimeZone(schedule.timeZone))
    throw badField('body.schedule.timeZone', schedule.timeZone, 'must be a zone of the IANA, such as America/Manaus')
}
