import { canonicalJson, sha256Of } from '../../../platform/storage/canonical-json.ts'
import type { Command } from '../domain/command.ts'

/** What of a command is approved, and sent: nothing of it changes afterwards. @returns SHA-256 of it as canonical JSON, in hex */
export const bodyHashOf = ({
  deviceId,
  type,
  args,
  expiresAt,
}: Pick<Command, 'deviceId' | 'type' | 'args' | 'expiresAt'>): string =>
  sha256Of(canonicalJson({ deviceId, type, args, expiresAt: new Date(expiresAt).toISOString() }))
