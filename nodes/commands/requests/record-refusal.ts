import type { Access } from '../../../platform/access/access.ts'
import type { Identity } from '../../../platform/access/identity.ts'
import { Problem } from '../../../platform/http/problem.ts'

/** Who tried something, as far as is known, and where from. */
export interface Tried {
  readonly identity?: Identity | undefined
  readonly address?: string | undefined
}

/**
 * Does something with commands; what is refused is in the access log before anybody hears of it, and of what strangers try as much
 * as the log has room for.
 * @param subject  what was tried, on what
 * @param tried    asked when it was refused: who it was may be known only by then
 */
export async function recordingRefusal<T>(
  access: Pick<Access, 'recordAccess' | 'noteAccess'>,
  subject: string,
  tried: () => Tried,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { identity, address } = tried()
    const detail = error.code === undefined ? error.message : `${error.code}: ${error.message}`
    const entry = { event: 'command_refused', identity, address, subject, detail }
    if (identity) await access.recordAccess(entry)
    else access.noteAccess(entry)
    throw error
  }
}
