import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Problem, titleOf } from '../http/problem.ts'
import type { Queries } from '../storage/queries.ts'

/** Something that the registry asks for and that does not go. */
export interface Strain {
  /** What it is about, by which what was before is compared with what is now: a feeder's line. */
  readonly of: string
  /** By how much it is beyond what goes. */
  readonly by: number
  /** In a sentence. */
  readonly told: string
}

/** Finds what does not go with the registry as a transaction sees it. */
export type RegistryCheck = (queries: Queries) => Promise<readonly Strain[]>

const checks: RegistryCheck[] = []
/** What a strain grows by that is no matter: what floating point adds. */
const tolerance = 1e-6
const mostTold = 5

/** An area looks at what the registry asks for. */
export function provideRegistryCheck(check: RegistryCheck): void {
  if (!checks.includes(check)) checks.push(check)
}

const built = join(import.meta.dirname, '..', '..')

/** For whoever runs without the areas, as a command line does: each tells of its check in `nodes/<area>/registry-check.js`. */
export async function loadRegistryChecks(): Promise<void> {
  const areas = readdirSync(join(built, 'nodes'), { withFileTypes: true }).filter((area) => area.isDirectory())
  for (const { name } of areas) {
    const folder = join(built, 'nodes', name)
    if (!readdirSync(folder).includes('registry-check.js')) continue
    const area = (await import(pathToFileURL(join(folder, 'registry-check.js')).href)) as { default(): void }
    area.default()
  }
}

/**
 * Changes the registry if what it then asks for goes, or did not go before either and goes no worse: a system that is beyond its
 * limits can still be put right, step by step.
 * @param queries  the transaction of the change
 * @throws Problem 409 with what does not go; the transaction is then to be rolled back
 */
export async function withinChecks<T>(queries: Queries, change: () => Promise<T>): Promise<T> {
  if (checks.length === 0) return change()
  const before = await strainsNow(queries)
  const result = await change()
  const worse = newStrains(before, await strainsNow(queries))
  if (worse.length > 0) throw doesNotGo(worse)
  return result
}

async function strainsNow(queries: Queries): Promise<Strain[]> {
  const strains: Strain[] = []
  for (const check of checks) strains.push(...(await check(queries)))
  return strains
}

/** Those that were not, or not by as much. */
export function newStrains(before: readonly Strain[], after: readonly Strain[]): Strain[] {
  const was = new Map(before.map((strain) => [strain.of, strain.by]))
  return after.filter(({ of, by }) => by > (was.get(of) ?? 0) + tolerance)
}

/** 409 with what does not go. */
export function doesNotGo(strains: readonly Strain[]): Problem {
  const told = strains.slice(0, mostTold).map((strain) => strain.told)
  if (strains.length > mostTold) told.push(`… and ${strains.length - mostTold} more`)
  return new Problem(409, titleOf(409), { code: 'beyond-limit', detail: told.join('; ') })
}
