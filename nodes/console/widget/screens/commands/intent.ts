import type { CommandType } from '../../../../../platform/wire/command.ts'
import type { Arguments, ListedCommand } from './answers.ts'

/** What somebody has filled in. */
export interface Draft {
  readonly deviceId: string
  readonly type: CommandType
  readonly args: Arguments
  readonly reason: string
  /** Good for so long, ms. */
  readonly expiresAfterMs: number
}

/**
 * What somebody has decided to send: one key, and an instant from which on it is never sent, so that it may be sent again after any
 * failure, and acts once or not at all.
 */
export interface Intent {
  readonly request: CommandRequest
  /** What a proof for it is bound to. */
  readonly requestHash: string
  readonly needsProof: boolean
}

export interface CommandRequest {
  readonly deviceId: string
  readonly type: CommandType
  readonly args?: Arguments
  readonly reason?: string
  readonly expiresAt?: string
  readonly expiresInSeconds?: number
  readonly idempotencyKey: string
}

/** A key that nobody has used. @param random  fills with random bytes; not `randomUUID`, which browsers have with https only */
export function newKey(
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes),
): string {
  return `console-${[...random(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The request of a draft. @param expiresAt  once it is known; until then it says for how long */
export const requestOf = (
  { deviceId, type, args, reason, expiresAfterMs }: Draft,
  idempotencyKey: string,
  expiresAt?: string,
): CommandRequest => ({
  ...{ deviceId, type, args, idempotencyKey },
  ...(reason.trim() !== '' && { reason: reason.trim() }),
  ...(expiresAt === undefined ? { expiresInSeconds: Math.round(expiresAfterMs / 1_000) } : { expiresAt }),
})

/** Finds what came of an intent whose answer nobody heard; commands do not tell their key. @param commands  that its user asked of its device */
export const cameOf = (
  { request }: Pick<Intent, 'request'>,
  commands: readonly ListedCommand[],
): ListedCommand | undefined =>
  commands.find(
    ({ deviceId, type, expiresAt, reason }) =>
      deviceId === request.deviceId &&
      type === request.type &&
      Date.parse(expiresAt) === Date.parse(request.expiresAt ?? '') &&
      // The reason is left out for whom it is no business.
      (reason === null || reason === (request.reason ?? null)),
  )

/** The part of a browser's storage that an intent is kept in: it outlives the page, not its window. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Keeps what was sent and not yet answered, for one user of this window. */
export class IntentKeeper {
  readonly #shelf: Shelf
  readonly #name: string

  constructor(shelf: Shelf, username: string) {
    this.#shelf = shelf
    this.#name = `lv_intent_${username}`
  }

  get kept(): Intent | undefined {
    const text = this.#shelf.getItem(this.#name)
    return text === null ? undefined : (JSON.parse(text) as Intent)
  }

  keep(intent: Intent): void {
    this.#shelf.setItem(this.#name, JSON.stringify(intent))
  }

  forget(): void {
    this.#shelf.removeItem(this.#name)
  }
}
