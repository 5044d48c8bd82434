import { createHmac, hkdfSync } from 'node:crypto'
import { signedText } from '../../../platform/wire/command-signature.ts'
import type { CommandMessage } from '../../../platform/wire/command.ts'

const keyBytes = 32

/**
 * The key of a device: of the installation's secret and the device's id, so that no key tells of another one. 32 bytes.
 * @param issue  how often it was told, each time another one; 0: nobody knows it
 */
export const deviceKey = (secret: string, deviceId: string, issue = 0): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `linha-viva command ${deviceId} ${issue}`, keyBytes))

/** The message with its signature: HMAC-SHA256 of what `signedText` says, base64url. */
export const signed = (
  secret: string,
  deviceId: string,
  message: Omit<CommandMessage, 'signature'>,
  issue = 0,
): CommandMessage => signedWith(deviceKey(secret, deviceId, issue), deviceId, message)

/** As `signed`, with the key of the device itself. */
export function signedWith(key: Buffer, deviceId: string, message: Omit<CommandMessage, 'signature'>): CommandMessage {
  const hmac = createHmac('sha256', key).update(signedText(deviceId, message))
  return { ...message, signature: hmac.digest('base64url') }
}
