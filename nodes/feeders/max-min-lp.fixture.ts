import untyped from 'javascript-lp-solver'
import type { SolverAPI } from 'javascript-lp-solver'
import { lines } from './domain/allocation/problem.ts'
import type { Device, Feeder, Line, Problem } from './domain/allocation/problem.ts'

/** A device that takes part in fairness: `floorKw + weight × level`, from `startKw` to `untilKw`. */
export interface Member {
  readonly deviceId: string
  readonly floorKw: number
  readonly weight: number
  readonly startKw: number
  readonly untilKw: number
}

// The package's types speak of its CommonJS form; what is loaded is the ES module, whose default is the solver.
const solver = untyped as unknown as SolverAPI

/** kW: what a program is let off, so that its own rounding makes it neither infeasible nor blind to who is stopped. */
const slack = 1e-6
const stoppedWithin = 1e-4

type Row = { readonly of: ReadonlyMap<string, number>; readonly most: number; readonly least: number }

/**
 * Lexicographic max-min by linear programs, one after the other: the highest level that all can have; then who cannot have more is fixed
 * there, and the rest goes on. Slow, and knows nothing of filling or of trees laid out: every limit is a row over all devices.
 * @param fixed power of every other device, kW
 */
export function maxMinByLp(
  problem: Problem,
  members: readonly Member[],
  fixed: ReadonlyMap<string, number>,
): Map<string, number> {
  const rows = rowsOf(problem)
  const done = new Map<string, number>()
  while (done.size < members.length) {
    const open = members.filter(({ deviceId }) => !done.has(deviceId))
    const level = best(rows, members, fixed, done, null, 0)
    let any = false
    for (const member of open) {
      const atLevel = member.floorKw + member.weight * level
      const power = best(rows, members, fixed, done, member.deviceId, level)
      if (power > atLevel + stoppedWithin) continue
      done.set(member.deviceId, power)
      any = true
    }
    if (!any) throw new Error(`no member is stopped at level ${level}`)
  }
  return done
}

/** Whether any powers between these bounds keep all limits. */
export function canKeepLimits(problem: Problem, bounds: ReadonlyMap<string, readonly [number, number]>): boolean {
  const constraints: Record<string, { min?: number; max?: number }> = {}
  const variables: Record<string, Record<string, number>> = {}
  for (const [id, [low, high]] of bounds) {
    variables[`p ${id}`] = { cost: 0, [`cap ${id}`]: 1 }
    constraints[`cap ${id}`] = { max: high - low }
  }
  rowsOf(problem).forEach(({ of, most, least }, at) => {
    let atLow = 0
    for (const [id, share] of of) {
      atLow += share * bounds.get(id)![0]
      variables[`p ${id}`]![`row ${at}`] = share
    }
    constraints[`row ${at}`] = {
      ...(most < Infinity ? { max: most - atLow + slack } : {}),
      ...(least > -Infinity ? { min: least - atLow - slack } : {}),
    }
  })
  return solve('cost', 'min', constraints, variables) !== null
}

/** The highest level that all open members can have, or what one of them can have when the others have the level at least. */
function best(
  rows: readonly Row[],
  members: readonly Member[],
  fixed: ReadonlyMap<string, number>,
  done: ReadonlyMap<string, number>,
  one: string | null,
  level: number,
): number {
  const variables: Record<string, Record<string, number>> = one === null ? { level: { goal: 1 } } : {}
  const constraints: Record<string, { min?: number; max?: number }> = {}
  for (const { deviceId, floorKw, weight, startKw, untilKw } of members) {
    const settled = done.get(deviceId)
    const variable: Record<string, number> = { [`cap ${deviceId}`]: 1 }
    if (one === deviceId) variable['goal'] = 1
    if (settled !== undefined) constraints[`cap ${deviceId}`] = { min: settled - slack, max: settled }
    else {
      const atLeast = one === null ? startKw : Math.max(startKw, floorKw + weight * level - slack)
      constraints[`cap ${deviceId}`] = { min: Math.min(atLeast, untilKw), max: untilKw }
      if (one === null) {
        variable[`level ${deviceId}`] = 1
        variables['level']![`level ${deviceId}`] = -weight
        constraints[`level ${deviceId}`] = { min: floorKw }
      }
    }
    variables[`p ${deviceId}`] = variable
  }
  const startKw = new Map(members.map((member) => [member.deviceId, member.startKw]))
  rows.forEach(({ of, most }, at) => {
    if (most === Infinity) return
    let others = 0
    let atStart = 0
    for (const [id, share] of of) {
      const variable = variables[`p ${id}`]
      if (variable) variable[`row ${at}`] = share
      else others += share * (fixed.get(id) ?? 0)
      atStart += share * (startKw.get(id) ?? 0)
    }
    // A limit that is exceeded before anybody has anything leaves them where they start.
    constraints[`row ${at}`] = { max: Math.max(most - others, atStart) + slack }
  })
  const highest = solve('goal', 'max', constraints, variables)
  if (highest === null) throw new Error('the linear program of a max-min stage has no solution')
  return highest
}

/** The best value, or null where the constraints cannot be kept. */
function solve(
  optimize: string,
  opType: 'min' | 'max',
  constraints: Record<string, { min?: number; max?: number }>,
  variables: Record<string, Record<string, number>>,
): number | null {
  const { feasible, result } = solver.Solve({ optimize, opType, constraints, variables }) as {
    feasible: boolean
    result: number
  }
  return feasible ? result : null
}

function rowsOf(problem: Problem): Row[] {
  return problem.feeders.flatMap((feeder) =>
    lines.map((line) => {
      const inside = feedersBelow(problem, feeder)
      const base = (bound: 'lowKw' | 'highKw'): number =>
        inside.reduce((sum, { baseLoad }) => sum + baseLoad[bound][line], 0)
      const least = (direction: 'import' | 'export'): number =>
        Math.min(
          Infinity,
          ...feeder.limits
            .filter((limit) => limit.line === line && limit.direction === direction)
            .map(({ limitKw }) => limitKw),
        )
      const ids = new Set(inside.map(({ feederId }) => feederId))
      const of = new Map(
        problem.devices
          .filter((device) => ids.has(device.feederId) && shareOn(device, line) > 0)
          .map((device) => [device.deviceId, shareOn(device, line)]),
      )
      return { of, most: least('import') - base('highKw'), least: -least('export') - base('lowKw') }
    }),
  )
}

function shareOn({ phases }: Device, line: Line): number {
  if (line === 'total') return 1
  return phases.includes(line) ? 1 / phases.length : 0
}

function feedersBelow(problem: Problem, top: Feeder): Feeder[] {
  const below = problem.feeders.filter(({ parentFeederId }) => parentFeederId === top.feederId)
  return [top, ...below.flatMap((feeder) => feedersBelow(problem, feeder))]
}
