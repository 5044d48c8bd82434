import type { IClientPublishOptions } from 'mqtt'
import type { CommandMessage, CommandPhase } from '../../../platform/wire/command.ts'
import { topicOf } from '../../../platform/wire/contract.ts'
import type { Command } from '../domain/command.ts'
import { signed } from './signing.ts'

/** What is told to a device. */
export interface Sending {
  readonly command: Command
  readonly phase: CommandPhase
  /** Which of the keys that were told to the device; 0: none was. */
  readonly keyIssue: number
}

export const commandTopic = (deviceId: string): string => topicOf('command', deviceId)

/**
 * A phase of a command as its device hears it; signed where the device checks that.
 * @param secret  of the installation, of which the keys of devices are derived
 * @throws Error where the command has no control number yet: it was not written before it is sent
 */
export function commandMessage({ command, phase, keyIssue }: Sending, secret: string): CommandMessage {
  const { commandId, deviceId, controlNumber, type, args, expiresAt, capabilities } = command
  if (controlNumber === null) throw new Error(`command ${commandId} has no control number: it cannot be sent`)
  const message = {
    command_id: commandId,
    control_number: controlNumber,
    phase,
    type,
    args: { ...args },
    expires_at: new Date(expiresAt).toISOString(),
  }
  return capabilities.signature ? signed(secret, deviceId, message, keyIssue) : message
}

/**
 * How a phase travels; never retained. What acts is stored for a device that is away, and delivered again where its confirmation is
 * lost, only where late is refused and twice is known: to all others it goes once, now or never (QoS 0). So does a query, which is
 * asked again anyway. Where the broker speaks MQTT 5 it keeps nothing beyond the expiry.
 * @param now  UTC milliseconds
 */
export function travels({ command, phase }: Sending, protocolVersion: number, now: number): IClientPublishOptions {
  const { ledger, expiry } = command.capabilities
  const isSafe = phase !== 'query' && ledger && expiry
  const leftS = Math.max(1, Math.floor((command.expiresAt - now) / 1000))
  return {
    qos: isSafe ? 1 : 0,
    retain: false,
    ...(protocolVersion === 5 && isSafe && { properties: { messageExpiryInterval: leftS } }),
  }
}
