import { countBySlot } from '../domain/forecast-slots.ts'
import { phases } from '../domain/sample.ts'
import { windowMs } from '../domain/windows.ts'
import { weekBeforeOf } from '../domain/forecast-latents.ts'
import type { Case } from './case.ts'
import { drawOf } from './draw.ts'
import type { LearningPhase } from './learn-prior.ts'
import { simulatedOffsetMs, simulatedUnit } from './simulated-unit.ts'

const perDay = (24 * 3_600_000) / windowMs
const week = 7 * perDay
/** Two weeks, the hours until a measurement begins, and what replaces its invalid windows. */
const days = 18

/** Seeds of the units that the shipped prior was learnt from. A backtest's units are never among them. */
export const trainingSeed = 100_000
const seedsPerRun = 10_000_000
/** The draws that say when measurements begin stand apart from those of the units. */
const beginnings = 1_000_000_000

/** Measurements of simulated units that the prior has not seen, in the order of their seeds. */
export const testCases = (units: number, seed: number): Case[] =>
  Array.from({ length: units }, (_, index) => simulatedCase(seedsPerRun * (1 + seed) + index))

/** A week of a simulated unit, and its measurement after it, which begins at any hour. */
export function simulatedCase(seed: number): Case {
  const windows = simulatedUnit(seed, days)
  const begin = Math.floor(drawOf(seed + beginnings).uniform() * perDay) + week
  return {
    name: `unit ${seed}`,
    windows: windows.slice(begin),
    before: weekBeforeOf(windows.slice(begin - week, begin)),
    offsetAt: () => simulatedOffsetMs,
  }
}

/** One phase each of so many units, a third of them without their week before. */
export function trainingPhases(units: number): LearningPhase[] {
  return Array.from({ length: units }, (_, index) => {
    const { windows, before, offsetAt } = simulatedCase(trainingSeed + index)
    const there = phases.map((_name, phase) => phase).filter((phase) => windows[0]!.bands[phase] !== null)
    const phase = there[index % there.length]!
    const known = index % 3 > 0 ? before?.[phase] : undefined
    return { counts: countBySlot(windows.slice(0, week), phase, offsetAt), ...(known && { before: known }) }
  })
}
