import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { wallClock } from '../../../platform/clock/clock.ts'
import { dispatcherConnection } from '../../../platform/broker/broker.ts'
import { withOwnLogin } from '../../../platform/runtime/broker-passwords.ts'
import type { Environment } from '../../../platform/runtime/environment.ts'
import type { Database } from '../../../platform/storage/database.ts'
import { findCapabilities, isInFlight, recordCapabilities } from '../devices/capability-repository.ts'
import { nextControlNumbers } from '../dispatch/dispatch-repository.ts'
import { findKey } from '../dispatch/key-repository.ts'
import { signingSecret } from '../dispatch/signing-secret.ts'
import { deviceKey, signedWith } from '../dispatch/signing.ts'
import { BrokerLine } from './broker-line.ts'
import { conform } from './conform.ts'
import type { ConformanceFlags } from './conformance-flags.ts'
import { Conversation } from './conversation.ts'
import type { Finding, Verdict } from './finding.ts'

export interface ConformanceRun {
  readonly environment: Environment
  /** Of the platform; undefined where the device is none of its. */
  readonly database: Database | undefined
  /** A line of what is found. */
  readonly say: (line: string) => void
  /** Asks whoever runs it to do something. */
  readonly ask: (line: string) => void
}

/**
 * Looks at a device, and records what it can do where that is wanted.
 * @returns whether nothing is wrong
 * @throws Error in one line where it cannot begin
 */
export async function runConformance(flags: ConformanceFlags, run: ConformanceRun): Promise<boolean> {
  const { deviceId, withinMs, reportWithinMs, setpointKw, commands } = flags
  const { environment, database, say, ask } = run
  if (database) await requireFree(database, deviceId)
  const now = (): number => wallClock.now()
  const line = await BrokerLine.open(deviceId, dispatcherConnection(withOwnLogin(environment)), now)
  try {
    const key = flags.key ?? (await keyHere(environment, database, deviceId))
    const talk = new Conversation({
      ...{ deviceId, line, now, commands, withinMs, reportWithinMs, expiresAfterMs: 2 * withinMs },
      nextControlNumber: database ? () => takeNumber(database, deviceId) : counting(flags.controlNumber ?? 1),
      ...(key && { sign: (message) => signedWith(key, deviceId, message) }),
    })
    const tries = { setpointKw, reboot: flags.reboot, askToCut: flags.lastWill ? ask : undefined }
    const { findings, capabilities } = await conform(talk, tries, (finding) => say(lineOf(finding)))
    if (capabilities) {
      const can = Object.entries(capabilities).flatMap(([name, has]) => (has ? [name] : []))
      say(`${deviceId} can: ${can.join(', ') || 'nothing beyond obeying'}`)
      if (flags.record && database) {
        await recordCapabilities(database, deviceId, capabilities, {
          isProven: true,
          recordedBy: 'conformance',
          recordedAt: now(),
        })
        say('recorded')
      }
    } else if (flags.record) say('not recorded: it did nothing that it was told')
    return findings.every(({ verdict }) => verdict !== 'wrong')
  } finally {
    await line.close()
  }
}

/** @throws Error for a device that is not registered, or that has a command under way: numbers and answers would be mixed up */
async function requireFree(database: Database, deviceId: string): Promise<void> {
  if (!(await findCapabilities(database, deviceId)))
    throw new Error(`${deviceId} is not registered: give --control-number for a device that the platform does not know`)
  if (await isInFlight(database, deviceId))
    throw new Error(`${deviceId} has a command under way: wait until it has ended`)
}

/** The key of a device of this installation that holds. Whoever opens secrets where there are none makes new ones. */
async function keyHere(
  environment: Environment,
  database: Database | undefined,
  deviceId: string,
): Promise<Buffer | undefined> {
  const { COMMAND_SIGNING_SECRET, DATA_DIR } = environment
  if (!database || (COMMAND_SIGNING_SECRET === undefined && !existsSync(join(DATA_DIR, 'secrets.json'))))
    return undefined
  const key = await findKey(database, deviceId)
  return key && deviceKey(signingSecret(environment), deviceId, key.issue)
}

async function takeNumber(database: Database, deviceId: string): Promise<number> {
  const numbers = await database.transaction((client) => nextControlNumbers(client, [deviceId]))
  const number = numbers.get(deviceId)
  if (number === undefined) throw new Error(`${deviceId} is being told something by the platform: try again`)
  return number
}

const counting = (from: number) => {
  let next = from
  return async (): Promise<number> => next++
}

const words: Readonly<Record<Verdict, string>> = { ok: 'ok', wrong: 'WRONG', cannot: 'cannot', untried: '-' }

/** `WRONG   clock           7.0 s ahead of this machine` */
export const lineOf = ({ check, verdict, text }: Finding): string =>
  `${words[verdict].padEnd(8)}${check.padEnd(16)}${text}`
