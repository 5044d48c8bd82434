import type { PoolClient } from 'pg'
import { queriesOf } from '../../../platform/storage/queries.ts'
import type { MasterTable } from '../domain/definition.ts'
import { answersFor } from '../domain/responsibility.ts'
import { scopeOfArea } from '../responsibility/responsibility-repository.ts'
import { growthStep, noticeOf, tells, type ChannelFilter } from '../domain/notification.ts'
import {
  insertClearings,
  insertNotifications,
  stepsBetween,
  toldRoots,
  type LoggedStep,
  type NewNotification,
} from './outbox-repository.ts'

/** A channel, as far as it decides what is told. */
export interface TellingChannel {
  readonly name: string
  readonly filter: ChannelFilter
  /** Area of responsibility whose alarms it tells of; null: of any. */
  readonly responsibility: string | null
}

/**
 * Puts what a channel has to tell of some of the log of alarms into the outbox, in the transaction that moves the channel's place.
 * What is there already stays as it is.
 * @param span   places in the log: after, up to
 * @param table  the master alarm table, for whom an escalation goes to
 * @param now    by the wall's clock, UTC milliseconds
 * @throws Error where there is no area of responsibility of that name: nothing is passed over meanwhile
 */
export async function fillOutbox(
  client: PoolClient,
  { name, filter, responsibility }: TellingChannel,
  span: { readonly after: number; readonly upTo: number },
  table: MasterTable,
  now: number,
): Promise<void> {
  const queries = queriesOf(client)
  const steps = (await stepsBetween(queries, span.after, span.upTo)).filter((step) => !isOfItself(name, step))
  const scope = responsibility === null ? null : await scopeOfArea(queries, responsibility)
  if (scope === undefined)
    throw new Error(`responsibility is "${responsibility}": there is no such area of responsibility`)
  const told = steps
    .filter((step) => {
      const named = channelNamed(table, step)
      return tells(filter, name, step, named) && (named === name || answersFor(scope, step))
    })
    .map(notificationOf)
  await insertNotifications(
    client,
    name,
    told.filter(({ what }) => what !== 'cleared'),
    now,
  )
  // What was told comes before that it is over.
  await insertClearings(
    client,
    name,
    told.filter(({ what }) => what === 'cleared'),
    now,
  )
  const roots = new Set(steps.flatMap(({ rootAlarmId }) => rootAlarmId ?? []))
  if (roots.size === 0) return
  const grown = (await toldRoots(queries, name, [...roots])).filter(
    (root) => growthStep(root.members) > growthStep(root.told),
  )
  const at = Math.max(...steps.map((step) => step.at))
  await insertNotifications(
    client,
    name,
    grown.map((root) => ({ ...root, what: 'updated', step: growthStep(root.members), at })),
    now,
  )
}

/** That a channel does not get through is for the other ones to tell. */
const isOfItself = (channel: string, { area, kind, subject }: LoggedStep): boolean =>
  area === 'alarms' && kind === 'notification-failed' && subject === channel

/** Where an escalation goes by the class of the alarm. */
function channelNamed(table: MasterTable, step: LoggedStep): string | null {
  if (step.transition !== 'escalated') return null
  const { escalation } = table.classNamed(table.definitionOf(step).className)
  return escalation[step.escalation - 1]?.channel ?? null
}

const notificationOf = (step: LoggedStep): NewNotification => ({
  alarmId: step.alarmId,
  occurrence: step.occurrence,
  what: noticeOf(step)!,
  step: step.escalation,
  priority: step.priority,
  at: step.at,
})
