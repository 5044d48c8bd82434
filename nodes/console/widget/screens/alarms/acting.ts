import { ApiFault, type Api } from '../../connection/api.ts'
import type { ActionOutcome, AlarmState } from './answers.ts'
import { isUnacknowledged } from '../../annunciation/standing-alarms.ts'

/** What persons do with alarms: docs/alarm-actions.md. */
export const alarmActions = ['acknowledge', 'comment', 'shelve', 'unshelve', 'reset', 'take-out', 'return'] as const
export type AlarmAction = (typeof alarmActions)[number]

/** What may be said with an action. */
export interface ActionGiven {
  readonly reason?: string
  /** For how long it is put aside. */
  readonly minutes?: number
}

/** An alarm as it was seen when somebody decided. */
export interface SeenAlarm {
  readonly alarmId: number
  readonly occurrence: number
}

/** Alarms that one request may name. */
export const mostAtOnce = 1_000

const needReason: readonly AlarmAction[] = ['comment', 'shelve', 'take-out', 'return']
/** Whether words are needed; about several alarms at once they always are. */
export const needsReason = (action: AlarmAction, alarms: number): boolean => alarms > 1 || needReason.includes(action)

export const rightFor = (action: AlarmAction): 'operate' | 'configure-alarms' =>
  action === 'take-out' || action === 'return' ? 'configure-alarms' : 'operate'

/** What can be done with an alarm in a state, whoever may do it. */
export function actionsIn(state: AlarmState): readonly AlarmAction[] {
  const possible: Readonly<Record<AlarmAction, boolean>> = {
    acknowledge: isUnacknowledged({ state }),
    reset: state === 'F',
    shelve: state !== 'I' && state !== 'A',
    unshelve: state === 'G',
    comment: true,
    'take-out': state !== 'I',
    return: state === 'I',
  }
  return alarmActions.filter((action) => possible[action])
}

/**
 * Acts on alarms as they were seen, each to an outcome of its own.
 * @throws ApiFault where nothing at all came of it
 */
export async function actOn(
  api: Api,
  action: AlarmAction,
  alarms: readonly SeenAlarm[],
  given: ActionGiven = {},
): Promise<readonly ActionOutcome[]> {
  const [alone] = alarms
  if (alarms.length === 1) return [await actOnOne(api, action, alone!, given)]
  const outcomes: ActionOutcome[] = []
  for (let from = 0; from < alarms.length; from += mostAtOnce) {
    const named = alarms.slice(from, from + mostAtOnce).map(({ alarmId, occurrence }) => ({ alarmId, occurrence }))
    const body = { action, alarms: named, ...given }
    const answer = await api.send<{ outcomes: readonly ActionOutcome[] }>('POST', '/api/alarms/actions', body)
    outcomes.push(...answer.outcomes)
  }
  return outcomes
}

async function actOnOne(api: Api, action: AlarmAction, seen: SeenAlarm, given: ActionGiven): Promise<ActionOutcome> {
  const { alarmId, occurrence } = seen
  const named = action === 'acknowledge' || action === 'reset' ? { occurrence } : {}
  try {
    return await api.send<ActionOutcome>('POST', `/api/alarms/${alarmId}/${action}`, { ...named, ...given })
  } catch (error) {
    const code = error instanceof ApiFault ? (error.answer as { code?: string } | undefined)?.code : undefined
    if (code === undefined) throw error
    return { alarmId, outcome: 'refused', code, problem: (error as ApiFault).message }
  }
}
