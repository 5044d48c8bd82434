import type { DayFigure } from './day.ts'
import { median } from '../robust.ts'
import { clear, holds, severityOfLoss, unknown, type Finding, type Verdict } from './verdict.ts'

/** What a panel shows when it is well, beside its siblings: modules of one type differ by some hundredths. JSON. */
export interface Usual {
  readonly power: number
  readonly voltage: number
  readonly current: number
  readonly warmerC: number
  /** Days that it was learned from; 0: nothing yet. */
  readonly days: number
}

export const commonPanel: Usual = { power: 1, voltage: 1, current: 1, warmerC: 0, days: 0 }

/** Days of sun that say what a panel usually shows. */
const learningDays = 8
/** Loss that is said, and loss at which it is over. */
const lossOn = 0.03
const lossOff = 0.015
/** A loss that one day brought is no slow one: most of it that a single day may have brought. */
const mostOfOneDay = 0.5
/** Dust settles faster than modules age: of the power, per day. */
const soilingPerDay = 0.0012
/** Shorter is a spell of weather. */
const leastRampDays = { dirt: 4, age: 10 }
/** Dirt takes light, thus current; age takes voltage too. Share of the loss that voltage bears: up to, and from; between, time tells. */
const voltageShare = { dirt: 0.08, age: 0.14 }
/** Rain takes dirt at once: what is left of the most that there was when it is over. */
const leftByRain = 0.35
const lastDays = 3

/** Learns from the first days what is usual for the panel. @param days  oldest first */
export function usualOf(usual: Usual, days: readonly DayFigure[]): Usual {
  if (usual.days >= learningDays || days.length < learningDays) return usual
  const first = days.slice(0, learningDays)
  const middle = (pick: (day: DayFigure) => number | null, otherwise: number) =>
    median(first.flatMap((day) => pick(day) ?? [])) ?? otherwise
  return {
    power: middle(({ power }) => power, 1),
    voltage: middle(({ voltage }) => voltage, 1),
    current: middle(({ current }) => current, 1),
    warmerC: middle(({ warmerC }) => warmerC, 0),
    days: first.length,
  }
}

/** How a loss came about. */
interface Course {
  /** Share of its power that the panel lacks now, and of its voltage. */
  readonly loss: number
  readonly voltageLoss: number | null
  /** Most that it lacked since then. */
  readonly mostLoss: number
  readonly sinceDay: number
  readonly rampDays: number
  readonly mostInOneDay: number
}

/** A loss that grows by the day and goes with rain or a brush: dirt. */
export const soiling = (days: readonly DayFigure[], usual: Usual, isLasting: boolean): Verdict =>
  says(days, usual, isLasting, 'dirt')

/** A loss that grows by the month, takes voltage with it, and does not go: age. */
export const degradation = (days: readonly DayFigure[], usual: Usual, isLasting: boolean): Verdict =>
  says(days, usual, isLasting, 'age')

/** What takes power slowly: by its voltage, and where nobody measures that, by how fast it does; `null`: too early to tell. */
function causeOf({ loss, voltageLoss, rampDays }: Course): 'dirt' | 'age' | null {
  const share = voltageLoss === null ? null : voltageLoss / loss
  const isAge = share === null ? loss / rampDays < soilingPerDay : share >= voltageShare.age
  if (!isAge && share !== null && share > voltageShare.dirt) return null
  if (rampDays < (isAge ? leastRampDays.age : leastRampDays.dirt)) return null
  return isAge ? 'age' : 'dirt'
}

function says(days: readonly DayFigure[], usual: Usual, isLasting: boolean, sought: 'dirt' | 'age'): Verdict {
  if (usual.days === 0 || days.length < lastDays) return unknown
  const course = courseOf(days, usual)
  const over = Math.max(isLasting ? lossOff : lossOn, sought === 'dirt' ? leftByRain * course.mostLoss : 0)
  if (course.loss < over) return clear
  if (!isLasting) {
    if (course.mostInOneDay > mostOfOneDay * course.loss) return clear
    const cause = causeOf(course)
    if (cause !== sought) return cause === null ? unknown : clear
  }
  return holds(severityOfLoss(course.loss), ...findingsOf(course))
}

function courseOf(days: readonly DayFigure[], usual: Usual): Course {
  const losses = days.map(({ power }) => 1 - power / usual.power)
  const smooth = losses.map((_, index) => median(losses.slice(Math.max(0, index - lastDays + 1), index + 1))!)
  const last = smooth.length - 1
  const loss = smooth[last]!
  let begin = last
  while (begin > 0 && smooth[begin]! > 0.15 * loss) begin--
  let mostInOneDay = 0
  for (let index = begin + 1; index <= last; index++)
    mostInOneDay = Math.max(mostInOneDay, smooth[index]! - smooth[index - 1]!)
  const voltages = days.slice(-lastDays).flatMap(({ voltage }) => voltage ?? [])
  const voltage = median(voltages)
  return {
    ...{
      loss,
      mostInOneDay,
      mostLoss: Math.max(...smooth.slice(begin)),
      sinceDay: days[begin]!.day,
      rampDays: days[last]!.day - days[begin]!.day,
    },
    voltageLoss: voltage === null ? null : 1 - voltage / usual.voltage,
  }
}

const findingsOf = ({ loss, rampDays, voltageLoss }: Course): Finding[] => [
  { feature: 'power_ratio', value: 1 - loss, expected: 1, unit: '1' },
  { feature: 'loss_per_day', value: loss / Math.max(1, rampDays), expected: 0, unit: '1/d' },
  ...(voltageLoss === null
    ? []
    : [{ feature: 'voltage_ratio', value: 1 - voltageLoss, expected: 1, unit: '1' } as const]),
]
