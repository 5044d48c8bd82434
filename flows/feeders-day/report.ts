import type { Charged } from '../../simulator/town/town.ts'
import type { DayAction } from './day-script.ts'
import { excesses, limitAt, settledAfter, turns, type Excess, type LimitPeriod, type Sample } from './over-limit.ts'

/** What was seen of a day. Instants are UTC ms of the field. */
export interface Day {
  readonly start: number
  readonly end: number
  readonly intervalMs: number
  readonly controlMs: number
  readonly courses: ReadonlyMap<string, readonly Sample[]>
  readonly freeCourses: ReadonlyMap<string, readonly Sample[]>
  readonly limits: ReadonlyMap<string, readonly LimitPeriod[]>
  readonly actions: readonly DayAction[]
  readonly charged: Charged
  readonly freeCharged: Charged
  readonly tracked: { readonly followed: number; readonly overKw: number; readonly underKw: number }
  readonly refused: number
  /** Of the machine, ms. */
  readonly machineMs: number
  /** What health said of the loop, and how often. */
  readonly loopSaid: Readonly<Record<string, number>>
}

export interface LineFigures {
  readonly line: string
  readonly overMs: number
  readonly freeOverMs: number
  readonly longest: Excess | undefined
  readonly count: number
  readonly turnsPerHour: number
  readonly freeTurnsPerHour: number
}

/** Between the first seconds, in which nobody has steered yet, and the first round. */
const settlingIn = 3

/** Figures of every line that had a limit. */
export function lineFigures(day: Day): LineFigures[] {
  const hours = (day.end - day.start) / 3_600_000
  return [...day.limits].flatMap(([line, periods]): LineFigures[] => {
    if (periods.length === 0) return []
    const [course, free] = [day.courses.get(line) ?? [], day.freeCourses.get(line) ?? []]
    const found = excesses(course, periods, day.intervalMs)
    const over = (all: readonly Excess[]) => all.reduce((sum, { from, to }) => sum + to - from, 0)
    const perHour = (samples: readonly Sample[]) => {
      const eachRound = samples.filter(({ at }) => (at - day.start) % day.controlMs === 0)
      const band = 0.05 * Math.min(...periods.map(({ limitKw }) => limitKw))
      return (
        turns(
          eachRound.map(({ kw }) => kw),
          band,
        ) / hours
      )
    }
    return [
      {
        ...{
          line,
          overMs: over(found),
          freeOverMs: over(excesses(free, periods, day.intervalMs)),
          count: found.length,
        },
        longest: found.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0],
        ...{ turnsPerHour: perHour(course), freeTurnsPerHour: perHour(free) },
      },
    ]
  })
}

/** What no steering may leave: a line over its limit for a control interval or longer, once it has begun to steer. */
export function faultsOf(day: Day): string[] {
  return lineFigures(day).flatMap(({ line }) =>
    excesses(day.courses.get(line)!, day.limits.get(line)!, day.intervalMs)
      .filter(({ from, to }) => to - from >= day.controlMs && from >= day.start + settlingIn * day.controlMs)
      .map(
        ({ from, to, mostKw }) =>
          `${line} was over its limit from ${clock(from)} for ${seconds(to - from)}, by ${mostKw.toFixed(1)} kW at most`,
      ),
  )
}

/** The day in words, for people. */
export function report(day: Day): string {
  const figures = lineFigures(day)
  const { charged, freeCharged, tracked } = day
  const fieldMs = day.end - day.start
  const rows = figures.map(({ line, overMs, freeOverMs, count, longest, turnsPerHour, freeTurnsPerHour }) => [
    line,
    `${limitText(day.limits.get(line)!)} kW`,
    seconds(overMs),
    String(count),
    longest
      ? `${((longest.to - longest.from) / day.controlMs).toFixed(2)} (${clock(longest.from)}, ${longest.mostKw.toFixed(1)} kW)`
      : '0',
    seconds(freeOverMs),
    `${turnsPerHour.toFixed(2)} (${freeTurnsPerHour.toFixed(2)})`,
  ])
  const perFollower = (kw: number) => (tracked.followed === 0 ? 0 : kw / tracked.followed).toFixed(4)
  return [
    table([
      ['line', 'limits', 'over', 'times', 'longest, control intervals', 'over, not steered', 'turns/h (not steered)'],
      ...rows,
    ]),
    '',
    'after each step',
    ...day.actions.map((action) => `  ${stepText(action, day)}`),
    '',
    `tracking: a device was ${perFollower(tracked.overKw)} kW above and ${perFollower(tracked.underKw)} kW below its setpoint, mean of ${tracked.followed} (below: a car that takes less)`,
    `cars that have gone: ${charged.sessions}, with ${charged.deliveredKwh.toFixed(0)} of ${charged.requestedKwh.toFixed(0)} kWh (${share(charged)}); not steered ${share(freeCharged)}`,
    `setpoints refused by devices: ${day.refused}`,
    `the loop said of itself: ${
      Object.entries(day.loopSaid)
        .map(([word, times]) => `${word} ${times}`)
        .join(', ') || 'nothing'
    }`,
    `${(fieldMs / 3_600_000).toFixed(1)} h of the field in ${seconds(day.machineMs)} of the machine: ${(fieldMs / day.machineMs).toFixed(1)} times as fast`,
  ].join('\n')
}

function stepText(action: DayAction, day: Day): string {
  const at = clock(action.at)
  if (action.kind === 'kill') return `${at} kill -9 of Node-RED: ${settled(day, 'town-00/total', action.at)}`
  const { feederId, limitKw, minutes } = action
  const line = `${feederId}/${action.kind === 'limit' ? action.line : 'total'}`
  const what =
    action.kind === 'event' ? `event: ${limitKw} kW for ${minutes} min` : `limit: ${limitKw} kW for ${minutes} min`
  return `${at} ${line} ${what}: ${settled(day, line, action.at)}`
}

function settled(day: Day, line: string, step: number): string {
  const { courses, limits, controlMs, intervalMs } = day
  const ms = settledAfter(courses.get(line) ?? [], limits.get(line) ?? [], step, settlingIn * controlMs)
  const after = excesses(courses.get(line) ?? [], limits.get(line) ?? [], intervalMs)
  const next = after.filter(({ from }) => from >= step && from < step + 10 * controlMs)
  const over = next.reduce((sum, { from, to }) => sum + to - from, 0)
  const begins = limitAt(limits.get(line) ?? [], step)
  return `${ms === undefined ? 'never settled' : `settled after ${seconds(ms)}`}, over ${begins} kW for ${(over / controlMs).toFixed(2)} control intervals of the ten after it`
}

const share = ({ deliveredKwh, requestedKwh }: Charged): string =>
  requestedKwh === 0 ? 'none' : `${((100 * deliveredKwh) / requestedKwh).toFixed(2)} %`

const limitText = (periods: readonly LimitPeriod[]): string =>
  [...new Set(periods.map(({ limitKw }) => limitKw))].join(', ')

const seconds = (ms: number): string =>
  ms < 120_000 ? `${(ms / 1_000).toFixed(0)} s` : `${(ms / 60_000).toFixed(1)} min`

/** In the field, three hours behind UTC. */
const clock = (at: number): string => new Date(at - 3 * 3_600_000).toISOString().slice(11, 19)

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
