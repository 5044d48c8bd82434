import type { DeviceStatus } from '../../../platform/wire/payloads.ts'
import type { Conversation } from './conversation.ts'
import { ok, untried, wrong, type Finding } from './finding.ts'
import type { Said } from './hearing.ts'
import { bodiesOf } from './reporting.ts'

/** What it takes to restart, or for somebody to go there, ms. */
const restartWithinMs = 120_000

/** A restart that it is told: it goes offline, comes back, and its ledger is still there. */
export async function restart(talk: Conversation, isAsked: boolean, hasLedger: boolean): Promise<Finding> {
  const check = 'restart'
  if (!isAsked) return untried(check, 'give --reboot, for a device that may be restarted')
  const before = await talk.fresh()
  const { final } = await talk.tell(before)
  const mark = talk.hearing.mark
  // It may answer before, after, or not at all: what counts is that it goes and comes back.
  void talk.tell(await talk.fresh({ type: 'reboot', args: {} }))
  const isBack = await comesBack(talk, mark, restartWithinMs)
  if (isBack !== undefined) return wrong(check, `told to restart, ${isBack}`)
  if (!hasLedger || final?.status !== 'executed') return ok(check, 'goes offline, and comes back')
  const again = await talk.tell(before)
  return again.final?.status === 'executed' && !again.acks.some(({ status }) => status === 'accepted')
    ? ok(check, 'goes offline, comes back, and has kept its ledger')
    : wrong(check, 'has lost its ledger over a restart')
}

/**
 * Its Last Will, which only somebody who cuts its connection can bring about.
 * @param tell  asks for that
 */
export async function lastWill(talk: Conversation, tell: ((line: string) => void) | undefined): Promise<Finding> {
  const check = 'last will'
  if (!tell) return untried(check, 'give --last-will, and cut its connection when it is asked for')
  const mark = talk.hearing.mark
  tell(
    `cut the connection of ${talk.options.deviceId} now (its power, or the network), and restore it when it is offline`,
  )
  const isBack = await comesBack(talk, mark, restartWithinMs)
  return isBack === undefined
    ? ok(check, 'the broker says that it is offline, and it comes back')
    : wrong(check, isBack)
}

/** @returns what it did not do */
async function comesBack({ hearing }: Conversation, mark: number, withinMs: number): Promise<string | undefined> {
  let after = mark
  for (const status of ['offline', 'online'] as const) {
    const place = await hearing.first(after, (said, at) => (statusOf(said) === status ? at : undefined), withinMs)
    if (place === undefined) return `it is not ${status} within ${withinMs / 1000} s`
    after = place
  }
  return undefined
}

const statusOf = (said: Said): string | undefined =>
  said.kind === 'status' ? (bodiesOf(said)[0] as DeviceStatus | undefined)?.status : undefined
