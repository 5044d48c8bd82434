/** Devices that do not hear us: what they may be doing meanwhile. */
import { fallbackOf, type HeardSpan, type ObservedDevice } from './observed-device.ts'

/** Why a device counts as lost. */
export type Loss = 'offline' | 'silent' | 'never-heard'

/** What a lost device is at least and at most, kW, whatever we say. */
export interface LostSpan {
  readonly loss: Loss
  /** When it was last heard, UTC milliseconds; null: never. */
  readonly heardAt: number | null
  readonly lowKw: number
  readonly highKw: number
}

/**
 * What a device may be doing that is offline or has been silent for too long: while something that it was told since may hold,
 * anything from the least to the most of that and its fallback; then its fallback. Sun and cars come and go, so a PV may give
 * nothing and a car take nothing at any time.
 * @param at  UTC milliseconds
 * @param silentMs  one that was not heard for longer is lost
 * @returns undefined: it hears
 */
export function lostSpan(device: ObservedDevice, at: number, silentMs: number): LostSpan | undefined {
  const { reading, isOffline, share, told, kind } = device
  const loss: Loss | undefined =
    reading === null ? 'never-heard' : isOffline ? 'offline' : at - reading.receivedAt > silentMs ? 'silent' : undefined
  if (!loss) return undefined
  const fallback = fallbackOf(device)
  const maybe = [fallback]
  if (share?.heard && share.heard.until > at) maybe.push(share.heard.lowKw, share.heard.highKw)
  if (told && told.expiresAt > at) maybe.push(told.powerKw)
  if (kind !== 'battery') maybe.push(0)
  const lowKw = Math.min(...maybe)
  // What a lost PV may give is no reason to let others take more.
  const highKw = Math.max(...maybe)
  return { loss, heardAt: reading?.receivedAt ?? null, lowKw, highKw }
}

/**
 * What a device may follow of all that it was told since it was last heard itself: from the least to the most of what still holds.
 * @param at  UTC milliseconds
 * @returns null: nothing
 */
export function heardSpan(told: readonly (HeardSpan | null)[], at: number): HeardSpan | null {
  const standing = told.filter((one) => one !== null && one.until > at) as HeardSpan[]
  if (standing.length === 0) return null
  return {
    lowKw: Math.min(...standing.map(({ lowKw }) => lowKw)),
    highKw: Math.max(...standing.map(({ highKw }) => highKw)),
    until: Math.max(...standing.map(({ until }) => until)),
  }
}
