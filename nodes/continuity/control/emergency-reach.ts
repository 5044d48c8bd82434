import { badField } from '../../../platform/http/problem.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { unitsOutside, type EmergencyReach, type ReachedInterruption } from './control-repository.ts'

const mostNamed = 5

/**
 * Whether an interruption can be of a situation of emergency: it began in its period, and the units are in its area.
 * @param field  which names what is at fault otherwise
 * @throws Problem 400
 */
export async function checkWithin(
  queries: Queries,
  situation: EmergencyReach,
  { interruptionId, startedAt }: ReachedInterruption,
  unitIds: readonly string[],
  field: string,
): Promise<void> {
  const { startsAt, endsAt } = situation
  const [from, until, at] = [startsAt, endsAt, startedAt].map((instant) => new Date(instant).toISOString())
  if (startedAt < startsAt || startedAt >= endsAt)
    throw badField(
      field,
      interruptionId,
      `is of a situation from ${from} to ${until}, and interruption ${interruptionId} began at ${at}`,
    )
  const outside = await unitsOutside(queries, unitIds, situation, mostNamed)
  if (outside.length > 0)
    throw badField(
      field,
      interruptionId,
      `is of a situation in whose area ${outside.join(', ')} of interruption ${interruptionId} are not: exclude it unit by unit`,
    )
}
