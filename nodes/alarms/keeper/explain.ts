import type { Place, RootCauses } from '../../../platform/conditions/root-causes.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import type { Condition } from '../../../platform/wire/condition.ts'
import type { ConditionPlace, MasterTable } from '../domain/definition.ts'
import { explaining, rootOf, type Explainable, type HoldingCause } from '../domain/explaining.ts'
import type { AlarmChange } from './change-alarms.ts'
import {
  anyRootStands,
  rootlessAlarms,
  standingRoots,
  unexplainedAlarms,
  type AskedAlarm,
} from './explain-repository.ts'

/** What root causes are judged by. */
export interface ExplainedBy {
  readonly table: MasterTable
  readonly causes: readonly RootCauses[]
  /** Now, UTC milliseconds. */
  readonly at: number
}

/** Alarms that are asked at once. */
const atOnce = 5_000

/**
 * Places of conditions in two parts: those that may explain others, and the rest, which is taken when the first are stored: what
 * comes together with its cause is explained from the start. Both keep their order.
 */
export function rootsFirst(conditions: readonly Condition[], table: MasterTable): readonly (readonly number[])[] {
  const kinds = new Set(table.definitions.flatMap(({ explainedBy }) => explainedBy))
  const explains = ({ area, kind }: Condition): boolean => kinds.has(`${area}/${kind}`)
  const { roots = [], others = [] } = Object.groupBy([...conditions.keys()], (index) =>
    explains(conditions[index]!) ? 'roots' : 'others',
  )
  return [roots, others].filter((part) => part.length > 0)
}

/**
 * What conditions do to alarms, each with the alarm that explains it where one does: one query a kind of cause, for all of them
 * together.
 */
export async function explainedChanges(
  queries: Queries,
  conditions: readonly Condition[],
  by: ExplainedBy,
): Promise<readonly AlarmChange[]> {
  const asking = conditions.map(({ state, at, ...condition }) => ({
    ...{ ...condition, feederId: condition.feederId ?? null, unitId: condition.unitId ?? null },
    ...{ deviceId: condition.deviceId ?? null, since: at, ends: state !== 'active' },
  }))
  const roots = await rootsOf(queries, asking, by)
  return conditions.map((condition, index) => ({ condition, by: null, rootAlarmId: roots[index] ?? null }))
}

/**
 * What root causes that came, ended or were explained themselves do to alarms that stand, some thousand at a time: apply each before
 * the next. What is explained now goes under its cause; what is explained by nothing any more comes out once it had the time to end
 * by itself.
 */
export async function* settledChanges(queries: Queries, by: ExplainedBy): AsyncGenerator<readonly AlarmChange[]> {
  const endedBy = by.at - explaining.settlingMs
  yield* judged(queries, by, (afterId) => rootlessAlarms(queries, endedBy, afterId, atOnce))
  const kinds = by.causes.map(({ kind }) => kind)
  if (!(await anyRootStands(queries, kinds))) return
  yield* judged(queries, by, (afterId) => unexplainedAlarms(queries, afterId, atOnce))
}

async function* judged(
  queries: Queries,
  by: ExplainedBy,
  read: (afterId: number) => Promise<AskedAlarm[]>,
): AsyncGenerator<readonly AlarmChange[]> {
  for (let afterId = 0; ;) {
    const alarms = await read(afterId)
    if (alarms.length === 0) return
    afterId = alarms.at(-1)!.alarmId
    const roots = await rootsOf(queries, alarms, by)
    const changes = alarms.flatMap(({ alarmId, rootAlarmId: before }, index): AlarmChange[] => {
      const rootAlarmId = roots[index] ?? null
      return rootAlarmId === before ? [] : [{ alarmId, event: { type: 'explain', rootAlarmId }, by: null }]
    })
    if (changes.length > 0) yield changes
  }
}

interface Asking extends ConditionPlace, Place {
  readonly feederId: string | null
  readonly since: number
  /** The alarm that asks; there may be none yet. */
  readonly alarmId?: number
  readonly key?: string
  /** There is nothing to explain. */
  readonly ends?: boolean
}

/** For each the alarm that explains it now, or null. */
async function rootsOf(
  queries: Queries,
  asking: readonly Asking[],
  { table, causes, at }: ExplainedBy,
): Promise<readonly (number | null)[]> {
  const explainable = asking.map((one): Explainable => ({
    explainedBy: one.ends ? [] : table.definitionOf(one).explainedBy,
    since: one.since,
  }))
  const holding: HoldingCause[][] = asking.map(() => [])
  for (const one of causes) {
    const indices = [...asking.keys()].filter((index) => explainable[index]!.explainedBy.includes(one.kind))
    await findHolding(queries, one, asking, indices, at, holding)
  }
  return explainable.map((one, index) => rootOf(one, holding[index]!))
}

/** Adds what of one kind holds at the places. */
async function findHolding(
  queries: Queries,
  causes: RootCauses,
  asking: readonly Asking[],
  indices: readonly number[],
  at: number,
  holding: readonly HoldingCause[][],
): Promise<void> {
  if (indices.length === 0) return
  const places = indices.map((index) => placeOf(asking[index]!))
  const found = await causes.at(queries, places, at)
  const keys = [...new Set(found.flatMap((cause) => cause?.key ?? []))]
  if (keys.length === 0) return
  const roots = new Map((await standingRoots(queries, keys)).map((root) => [root.key, root]))
  for (const [place, cause] of found.entries()) {
    const root = cause && roots.get(cause.key)
    const index = indices[place]!
    // Nothing explains itself, nor what explains it.
    if (!root || root.key === asking[index]!.key || root.rootAlarmId === asking[index]!.alarmId) continue
    holding[index]!.push({ kind: causes.kind, since: cause.since, rootAlarmId: root.rootAlarmId })
  }
}

const placeOf = ({ feederId, unitId, deviceId }: Place): Place => ({ feederId, unitId, deviceId })
