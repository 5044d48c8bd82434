import type { CommandMessage } from './command.ts'

/**
 * What the signature of a command covers, as UTF-8: one line each for device, id, control number, phase, type, expiry and every
 * argument in the order of their names, lines divided by a line feed. Values of arguments are as in JSON. A signature is
 * HMAC-SHA256 over it with the key of the device, base64url without padding.
 */
export function signedText(deviceId: string, message: Omit<CommandMessage, 'signature'>): string {
  const { command_id, control_number, phase, type, expires_at, args } = message
  const sorted = Object.entries(args).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return [
    ...[deviceId, command_id, String(control_number), phase, type, String(expires_at)],
    ...sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  ].join('\n')
}
