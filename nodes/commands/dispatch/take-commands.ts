import type { PoolClient } from 'pg'
import { queriesOf, type Queries } from '../../../platform/storage/queries.ts'
import type { CommandPhase } from '../../../platform/wire/command.ts'
import { phaseOf } from '../domain/command.ts'
import type { Forbidden, Intended } from '../interlocks/interlock.ts'
import { bodyHashOf } from '../requests/body-hash.ts'
import { changeCommands, type CommandAct } from '../keeper/change-commands.ts'
import { nextControlNumbers, takeInFlight, takeQueued, type Candidate } from './dispatch-repository.ts'
import { keyIssues } from './key-repository.ts'
import type { Sending } from './message.ts'

/**
 * Asked of commands in the transaction that writes them as sent, before it changes any: what forbids each by now, in their order,
 * each as if those before it that nothing forbids were under way.
 */
export type Forbidding = (
  queries: Queries,
  intended: readonly Intended[],
  now: number,
) => Promise<readonly (readonly Forbidden[])[]>

interface Step {
  readonly candidate: Candidate
  readonly phase: CommandPhase
  readonly controlNumber: number
}

/**
 * Takes commands of which something is to be sent, and writes of each that it is, or why it is not. What is returned may be sent
 * once the transaction is committed, and not before: then it is on record that it may have an effect, whatever happens.
 * @param now   UTC milliseconds
 * @param most  so many of those that wait, and of those in flight
 */
export async function takeCommands(
  client: PoolClient,
  forbidding: Forbidding,
  now: number,
  most: number,
): Promise<readonly Sending[]> {
  const taken = [...(await takeInFlight(client, now, most)), ...(await takeQueued(client, now, most))]
  if (taken.length === 0) return []
  const numbers = await nextControlNumbers(client, [...new Set(taken.map(({ deviceId }) => deviceId))])
  const steps = taken.flatMap((candidate): Step[] => {
    const controlNumber = numbers.get(candidate.deviceId)
    // Otherwise another process has the device.
    return controlNumber === undefined ? [] : [{ candidate, controlNumber, phase: nextPhase(candidate) }]
  })
  const acting = steps.filter(({ phase }) => phase !== 'query').map(({ candidate }) => candidate)
  const reasons = await reasonsAgainst(client, acting, forbidding, now)
  const acts = steps.map(({ candidate, phase, controlNumber }): CommandAct => {
    const { commandId } = candidate
    const reason = reasons.get(commandId)
    if (reason !== undefined) return { commandId, event: { kind: 'forbidden', reason }, by: null }
    return { commandId, event: { kind: kinds[phase], controlNumber }, by: null }
  })
  const checking = taken.filter(({ capabilities }) => capabilities.signature).map(({ deviceId }) => deviceId)
  const issues = await keyIssues(queriesOf(client), checking)
  const changed = await changeCommands(client, acts, now)
  return changed.flatMap(({ command, refused }, index): Sending[] => {
    if (!command || refused || acts[index]!.event.kind === 'forbidden') return []
    return [{ command, phase: steps[index]!.phase, keyIssue: issues.get(command.deviceId) ?? 0 }]
  })
}

const kinds = { select: 'selecting', operate: 'dispatching', query: 'asking' } as const

/** Who was told to act as often as may be, and is back after it was away, is asked. */
function nextPhase(candidate: Candidate): CommandPhase {
  const { state, attempts, plan } = candidate
  const isToldEnough = state !== 'queued' && state !== 'selected' && attempts >= plan.mostAttempts
  return isToldEnough ? 'query' : phaseOf(candidate)
}

/** Why commands must not be sent, by their ids. */
async function reasonsAgainst(
  client: PoolClient,
  acting: readonly Candidate[],
  forbidding: Forbidding,
  now: number,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>()
  for (const candidate of acting) {
    const fault = faultOf(candidate)
    if (fault !== undefined) reasons.set(candidate.commandId, fault)
  }
  const sound = acting.filter(({ commandId }) => !reasons.has(commandId))
  if (sound.length === 0) return reasons
  const forbidden = await forbidding(queriesOf(client), sound, now)
  for (const [index, { commandId }] of sound.entries()) {
    const texts = forbidden[index]!.map(({ interlock, text }) => `${interlock}: ${text.en}`)
    if (texts.length > 0) reasons.set(commandId, texts.join('; '))
  }
  return reasons
}

/** What is sent is what was accepted and, where that takes two persons, approved; and its device is let in. */
function faultOf(candidate: Candidate): string | undefined {
  const { deviceId, bodyHash, approvedHash, plan, isKeptOut } = candidate
  if (isKeptOut) return `${deviceId} is not let in any more`
  if (bodyHashOf(candidate) !== bodyHash)
    return 'its device, type, arguments or expiry are not those that were accepted'
  if (plan.needsApproval && approvedHash !== bodyHash)
    return approvedHash === null ? 'nobody has approved it' : 'it is not what was approved'
  return undefined
}
