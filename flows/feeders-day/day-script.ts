import { beginningOf, dayOf } from '../../simulator/town/recorded-like.ts'
import type { TownPlan } from '../../simulator/town/town-plan.ts'

/** Something that is done to the town, or to who steers it, at an instant of the field, UTC ms. */
export type DayAction =
  | {
      readonly kind: 'limit'
      readonly at: number
      readonly feederId: string
      readonly line: 'total' | 'A'
      readonly limitKw: number
      readonly minutes: number
    }
  | {
      readonly kind: 'event'
      readonly at: number
      readonly feederId: string
      readonly limitKw: number
      readonly minutes: number
    }
  | { readonly kind: 'kill'; readonly at: number }

const hourMs = 3_600_000
const rounded = (kw: number): number => Math.round(kw * 10) / 10

/**
 * What happens in a day of the town: a limit of one phase in the afternoon, an event at the peak, `kill -9` of Node-RED while the
 * evening binds, and a tighter limit for the hillside at night.
 * @param start  UTC ms @param hours  of the field
 */
export function dayScript(start: number, hours: number, { feeders }: TownPlan): DayAction[] {
  const [root, middle, hillside] = feeders as readonly [
    TownPlan['feeders'][number],
    TownPlan['feeders'][number],
    TownPlan['feeders'][number],
  ]
  /** The next time that it is so late in the field. */
  const next = (hour: number): number => {
    const today = beginningOf(dayOf(start)) + hour * hourMs
    return today >= start ? today : today + 24 * hourMs
  }
  const actions: DayAction[] = [
    {
      kind: 'limit',
      at: next(18),
      feederId: middle.id,
      line: 'A',
      limitKw: rounded(middle.limitKw * 0.4),
      minutes: 240,
    },
    { kind: 'event', at: next(19.25), feederId: root.id, limitKw: rounded(root.limitKw * 0.8), minutes: 60 },
    { kind: 'kill', at: next(20.75) },
    {
      kind: 'limit',
      at: next(21.5),
      feederId: hillside.id,
      line: 'total',
      limitKw: rounded(hillside.limitKw * 0.7),
      minutes: 120,
    },
  ]
  return actions.filter(({ at }) => at < start + hours * hourMs).toSorted((a, b) => a.at - b.at)
}
