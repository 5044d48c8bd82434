import { isDeepStrictEqual } from 'node:util'
import type { Hub } from '../../../platform/live/hub.ts'
import type { LiveInterruption } from '../../../platform/wire/live.ts'
import { liveEnded, liveOutage } from './live-interruption.ts'
import type { Outlook } from './outlook.ts'

/** Each takes about two kilobytes. */
const mostShown = 5_000

/** Shows an outlook on the live stream: what lasts, the first ones first, and what ended lately. */
export function showOutages(hub: Hub, outlook: Outlook): void {
  const ended = outlook.ended.toSorted((a, b) => b.endedAt - a.endedAt)
  const shown = [
    ...outlook.outages.slice(0, mostShown).map((one) => liveOutage(one, outlook)),
    ...ended.slice(0, mostShown).map(liveEnded),
  ]
  const present = new Map<string, LiveInterruption>(shown.map((one) => [String(one.interruptionId), one]))
  for (const { interruptionId } of hub.values('interruptions'))
    if (!present.has(String(interruptionId))) hub.remove('interruptions', String(interruptionId))
  for (const [key, one] of present)
    if (!isDeepStrictEqual(hub.get('interruptions', key), one)) hub.publish('interruptions', key, one)
}
