import type { CivilDays } from '../../../platform/clock/civil-day.ts'
import type { Queries } from '../../../platform/storage/queries.ts'
import { expectOf } from '../domain/expected-power.ts'
import type { PanelSample } from '../domain/plant.ts'
import { findPlant } from '../slots/plant-repository.ts'
import { readSlots } from '../slots/slot-repository.ts'
import { doubtsOf, type Doubt } from './doubt-repository.ts'

const dayMs = 86_400_000

/**
 * The healthy history of a site, a civil day at a time: the 5-minute samples of its panels by daylight, of those that nothing was
 * amiss with and that no rule doubted.
 * @param from  UTC milliseconds, as `to`
 */
export async function* healthyHistory(
  queries: Queries,
  days: CivilDays,
  siteId: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<readonly PanelSample[]> {
  const stored = await findPlant(queries, siteId)
  if (!stored) return
  const { plant, keyOf } = stored
  for (let begin = from; begin < to;) {
    const end = Math.min(to, days.startOf(days.next(days.dayOf(begin))) ?? begin + dayMs)
    const slots = await readSlots(queries, keyOf, begin, end)
    const isDoubtful = doubted(await doubtsOf(queries, siteId, [...keyOf.values()], begin, end))
    const healthy: PanelSample[] = []
    for (const [at, panels] of slots) {
      const expected = expectOf(plant, at, panels)
      for (const [panelId, sample] of panels)
        if (expected.get(panelId)?.isDaylight && !isDoubtful(keyOf.get(panelId)!, at)) healthy.push(sample)
    }
    yield healthy
    begin = end
  }
}

function doubted(doubts: readonly Doubt[]): (deviceKey: number, at: number) => boolean {
  const byKey = Map.groupBy(doubts, ({ deviceKey }) => deviceKey)
  return (deviceKey, at) => byKey.get(deviceKey)?.some(({ from, until }) => at >= from && at < until) ?? false
}
