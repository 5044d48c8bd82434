/**
 * What a host says of itself, under `spBv1.0/STATE/<host>`, retained and with QoS 1 (Sparkplug 3.0.0, 6.4.27).
 * @param timestamp  UTC ms: of the connection, the same in its Will and in its birth; or of leaving
 */
export const hostState = (online: boolean, timestamp: number): string => JSON.stringify({ online, timestamp })

/** Whether a message on our own STATE topic says that we are offline: an old Will, or somebody else's word. */
export function saysOffline(payload: Uint8Array): boolean {
  try {
    const state: unknown = JSON.parse(new TextDecoder().decode(payload))
    return typeof state === 'object' && state !== null && (state as { online?: unknown }).online === false
  } catch {
    // Before 3.0.0 it was a word.
    return new TextDecoder().decode(payload) === 'OFFLINE'
  }
}
