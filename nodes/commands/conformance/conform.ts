import type { DeviceCapabilities } from '../domain/command.ts'
import { contact } from './contact.ts'
import type { Conversation } from './conversation.ts'
import { untried, wrong, type Finding, type Verdict } from './finding.ts'
import { lastWill, restart } from './lasting.ts'
import { expiry, ledger, operate, refusal, select } from './obeying.ts'
import { presence, telemetry } from './reporting.ts'
import { setpoint } from './steering.ts'

export interface Tries {
  /** It may be restarted. */
  readonly reboot: boolean
  /** A setpoint that does no harm, kW. */
  readonly setpointKw: number | undefined
  /** Asks somebody to cut the connection. */
  readonly askToCut: ((line: string) => void) | undefined
}

export interface Conformance {
  readonly findings: readonly Finding[]
  /** What the device was seen to do; undefined: it was not told anything that it did. */
  readonly capabilities: DeviceCapabilities | undefined
}

/**
 * Plays the controller against a device, and says what it got wrong.
 * @param found  told of each finding as it is made
 */
export async function conform(
  talk: Conversation,
  tries: Tries,
  found: (finding: Finding) => void,
): Promise<Conformance> {
  const findings: Finding[] = []
  const [present, status] = await presence(talk)
  const claimed = status?.capabilities ?? []
  const note = (...made: readonly Finding[]): void => {
    for (const one of made.map((finding) => asClaimed(finding, claimed))) {
      findings.push(one)
      found(one)
    }
  }
  note(present)
  note(...(await operate(talk)))
  // what it was told may make it report sooner
  note(...(await telemetry(talk)), ...(await contact(talk)))
  const obeys = verdictOf(findings, 'command') === 'ok'
  if (obeys) {
    note(...(await ledger(talk)))
    note(await expiry(talk))
    note(await select(talk))
    note(...(await refusal(talk)))
    note(await restart(talk, tries.reboot, verdictOf(findings, 'ledger') === 'ok'))
  } else {
    const text = 'what it does not obey cannot be told from what it refuses'
    note(...['ledger', 'expiry', 'select'].map((check) => untried(check, text)))
  }
  if (!(await talk.giveBack())) note(wrong('as it was', 'it could not be brought back to where it stood: see to it'))
  note(await setpoint(talk, tries.setpointKw))
  note(await lastWill(talk, tries.askToCut))
  return { findings, capabilities: obeys ? capabilitiesOf(findings) : undefined }
}

/** What was seen. A ledger is one that does all that the platform relies on. */
function capabilitiesOf(findings: readonly Finding[]): DeviceCapabilities {
  const isOk = (check: string): boolean => verdictOf(findings, check) === 'ok'
  return {
    ledger: ['ledger', 'query', 'not done', 'control number'].every(isOk) && verdictOf(findings, 'restart') !== 'wrong',
    expiry: isOk('expiry'),
    select: isOk('select'),
    clock: isOk('clock'),
    signature: isOk('signature'),
  }
}

/** What a device need not be able to do it must not say that it can. */
function asClaimed(finding: Finding, claimed: readonly string[]): Finding {
  const { check, verdict, text } = finding
  if (verdict !== 'cannot' || !claimed.includes(check)) return finding
  return { check, verdict: 'wrong', text: `it says that it can, but ${text}` }
}

const verdictOf = (findings: readonly Finding[], check: string): Verdict | undefined =>
  findings.find((finding) => finding.check === check)?.verdict
