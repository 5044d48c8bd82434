/** A named set of alarms that somebody answers for; null: any. Feeders come with those below them. */
export interface ResponsibilityArea {
  readonly name: string
  readonly feederIds: readonly string[] | null
  readonly conditionAreas: readonly string[] | null
}

/**
 * What somebody answers for: `feeder/area` each, with `*` for any, and a role for what has escalated to it; null: everything. As an
 * array it is what the SQL functions `answers_for` take.
 */
export type Scope = ReadonlySet<string> | null

/** Of an alarm, what its responsibility goes by. */
export interface Responsible {
  readonly feederId: string | null
  /** That says the condition. */
  readonly area: string
  /** Roles that it has escalated to. */
  readonly escalatedTo?: readonly string[]
}

/**
 * What the areas of somebody come to, together.
 * @param areas  none: everything
 * @param below  the feeders below a feeder, at any depth
 * @param role   theirs; null: areas have none
 */
export function scopeOf(
  areas: readonly Omit<ResponsibilityArea, 'name'>[],
  below: (feederId: string) => Iterable<string>,
  role: string | null = null,
): Scope {
  if (areas.length === 0) return null
  return new Set([
    ...(role === null ? [] : [role]),
    ...areas.flatMap(({ feederIds, conditionAreas }) => {
      const feeders = feederIds?.flatMap((feederId) => [feederId, ...below(feederId)]) ?? ['*']
      return feeders.flatMap((feeder) => (conditionAreas ?? ['*']).map((area) => `${feeder}/${area}`))
    }),
  ])
}

/** Whether an alarm is among them. One on no feeder is only where every feeder is, or where it has escalated to. */
export function answersFor(scope: Scope, { feederId, area, escalatedTo = [] }: Responsible): boolean {
  if (scope === null || scope.has('*/*') || scope.has(`*/${area}`)) return true
  if (escalatedTo.some((role) => scope.has(role))) return true
  return feederId !== null && (scope.has(`${feederId}/*`) || scope.has(`${feederId}/${area}`))
}
