import { baselineDays, fewestBaselineDays, likeDays } from './like-days.ts'
import type { Civil } from './program-window.ts'

const hourMs = 3_600_000
/**
 * The day's own level changes a baseline by no more than this share of it: the ten-of-ten baseline of CAISO (Demand Response User
 * Guide, same-day adjustment) is bounded so. It is added, not multiplied: with PV a feeder's power goes through zero.
 */
export const mostAdjustment = 0.2
/** The level is taken from so many whole hours, which end an hour before the event: what somebody does to be ready for it counts for nothing. */
const adjustmentHours = 2
const adjustmentGapHours = 1

/** A part of an event that lies in one hour. Instants are UTC milliseconds. */
export interface BaselinePart {
  readonly from: number
  readonly to: number
  /** Mean of the same hour of like days, kW. */
  readonly meanKw: number
  /** With the day's own level, kW. */
  readonly baselineKw: number
  /** The hours, by their beginnings, that it is the mean of. */
  readonly hours: readonly number[]
}

export interface Baseline {
  readonly parts: readonly BaselinePart[]
  /** Days of the first part, the newest first. */
  readonly days: readonly string[]
  readonly adjustmentKw: number
  /** Why the level is not adjusted; null: it is, or needs not be. */
  readonly unadjusted: string | null
}

export interface BaselineQuestion {
  /** When the event was in force. */
  readonly startsAt: number
  readonly endsAt: number
  /** Days on which something was called for, beside the event's own. */
  readonly called: ReadonlySet<string>
  readonly civil: Civil
}

/** Hours of the event's own time, split where hours begin. */
export function partsOf(startsAt: number, endsAt: number): { readonly from: number; readonly to: number }[] {
  const parts = []
  for (let from = startsAt; from < endsAt;) {
    const to = Math.min(endsAt, (Math.floor(from / hourMs) + 1) * hourMs)
    parts.push({ from, to })
    from = to
  }
  return parts
}

/** Every hour, by its beginning, whose mean a baseline may ask for: of like days, and of the day itself before the event. */
export function hoursFor(question: BaselineQuestion): number[] {
  const hours = new Set<number>(levelHours(question.startsAt))
  for (const instant of [
    ...partsOf(question.startsAt, question.endsAt).map(({ from }) => from),
    ...levelHours(question.startsAt),
  ])
    for (const { hour } of sameHours(instant, question)) hours.add(hour)
  return [...hours].toSorted((one, other) => one - other)
}

/**
 * What would have been without the event: for each part the mean of the same hour of the last ten days like its own on which nobody
 * gave way, shifted by how much the hours before the event differ from theirs.
 * @param meanKw  mean power of an hour, by its beginning, kW; undefined: not measured
 * @returns why there is none, where there is none
 */
export function baselineOf(
  question: BaselineQuestion,
  meanKw: (hour: number) => number | undefined,
): Baseline | { readonly reason: string } {
  const parts: (Omit<BaselinePart, 'baselineKw'> & { readonly days: readonly string[] })[] = []
  for (const { from, to } of partsOf(question.startsAt, question.endsAt)) {
    const found = meanOf(sameHours(from, question), meanKw)
    if (!found)
      return {
        reason: `fewer than ${fewestBaselineDays} like days without a call were measured at the hour of ${question.civil.dayOf(from)}`,
      }
    parts.push({ from, to, ...found })
  }
  const level = levelOf(question, meanKw)
  const size = parts.reduce((sum, part) => sum + Math.abs(part.meanKw), 0) / parts.length
  const most = mostAdjustment * size
  const adjustmentKw = 'reason' in level ? 0 : Math.min(most, Math.max(-most, level.differenceKw))
  return {
    parts: parts.map(({ days: _days, ...part }) => ({ ...part, baselineKw: part.meanKw + adjustmentKw })),
    days: parts[0]!.days,
    adjustmentKw,
    unadjusted: 'reason' in level ? level.reason : null,
  }
}

/** How much higher the hours before the event were than those of like days, kW. */
function levelOf(
  question: BaselineQuestion,
  meanKw: (hour: number) => number | undefined,
): { readonly differenceKw: number } | { readonly reason: string } {
  const { startsAt, called, civil } = question
  if (called.has(civil.dayOf(startsAt))) return { reason: 'something else was called for on the same day' }
  let differenceKw = 0
  for (const hour of levelHours(startsAt)) {
    const actual = meanKw(hour)
    const like = meanOf(sameHours(hour, question), meanKw)
    if (actual === undefined || !like) return { reason: 'the hours before the event were not measured' }
    differenceKw += (actual - like.meanKw) / adjustmentHours
  }
  return { differenceKw }
}

function levelHours(startsAt: number): number[] {
  const end = Math.floor(startsAt / hourMs) * hourMs - adjustmentGapHours * hourMs
  return Array.from({ length: adjustmentHours }, (_, index) => end - (adjustmentHours - index) * hourMs)
}

/** The same hour by the clocks on days like that of an instant, before the event, the newest first. */
function sameHours(
  instant: number,
  { startsAt, called, civil }: BaselineQuestion,
): { readonly day: string; readonly hour: number }[] {
  const day = civil.dayOf(instant)
  const clock = civil.textOf(instant).slice(11)
  return likeDays(day, civil.dayOf(startsAt), called, civil).flatMap((other) => {
    const same = civil.instantOf(`${other} ${clock}`)
    return same === undefined ? [] : [{ day: other, hour: Math.floor(same / hourMs) * hourMs }]
  })
}

function meanOf(
  hours: readonly { readonly day: string; readonly hour: number }[],
  meanKw: (hour: number) => number | undefined,
): { readonly meanKw: number; readonly hours: readonly number[]; readonly days: readonly string[] } | undefined {
  const measured = hours.flatMap(({ day, hour }) => {
    const kw = meanKw(hour)
    return kw === undefined ? [] : [{ day, hour, kw }]
  })
  const taken = measured.slice(0, baselineDays)
  if (taken.length < fewestBaselineDays) return undefined
  return {
    meanKw: taken.reduce((sum, { kw }) => sum + kw, 0) / taken.length,
    hours: taken.map(({ hour }) => hour),
    days: taken.map(({ day }) => day),
  }
}
