import type { Queries } from '../../../platform/storage/queries.ts'
import { modeOf } from '../domain/openadr/event-calls.ts'
import type { VtnProgram } from '../domain/openadr/objects.ts'
import { defaultSnapbackMinutes } from '../demand-response/enter-event.ts'
import { changeProgram, enterProgram } from '../demand-response/enter-program.ts'
import { programNamed, type ProgramContent } from '../demand-response/program-repository.ts'
import { openadrSource } from './openadr-repository.ts'

export interface ProgramContext {
  readonly feeders: ReadonlySet<string>
  readonly timeZone: string
  /** UTC milliseconds of the platform's clock. */
  readonly at: number
}

/**
 * Enters a program of a VTN, once for each version. What a VTN does not say (incentive, penalty, elasticity, who takes part) stays as
 * people have set it here.
 * @throws Problem where it cannot be entered
 */
export async function takeProgram(
  queries: Queries,
  program: VtnProgram,
  version: string,
  { feeders, timeZone, at }: ProgramContext,
): Promise<void> {
  const known = await programNamed(queries, openadrSource, program.id)
  const named = [...new Set(program.targets ?? [])].filter((target) => feeders.has(target))
  const usual: ProgramContent = {
    ...{ name: program.programName.slice(0, 100), mode: modeOf(program), window: null, timeZone, active: true },
    ...{ feederId: named.length === 1 ? named[0]! : null, limitKw: null, direction: 'import', targetShedKw: null },
    ...{ priceBrlPerKwh: null, elasticity: 0, incentiveBrlPerKwh: 0, penaltyBrlPerKwh: 0 },
    ...{ enrolledOnly: false, snapbackMinutes: defaultSnapbackMinutes },
  }
  const { name, mode, feederId } = usual
  const content = known ? { ...contentOf(known), name, mode, feederId, active: true } : usual
  const origin = {
    source: openadrSource,
    externalId: program.id,
    requestHash: version,
    whenChanged: 'replace',
  } as const
  await enterProgram(queries, content, origin, openadrSource, at)
}

/** A program that the VTN has no more calls no more. */
export async function endProgram(queries: Queries, objectId: string, at: number): Promise<void> {
  const known = await programNamed(queries, openadrSource, objectId)
  if (!known?.active) return
  await changeProgram(queries, known.programId, { ...contentOf(known), active: false }, 'withdrawn', openadrSource, at)
}

function contentOf(stored: ProgramContent): ProgramContent {
  const { name, mode, feederId, window, timeZone, limitKw, direction, targetShedKw, priceBrlPerKwh } = stored
  const { elasticity, incentiveBrlPerKwh, penaltyBrlPerKwh, enrolledOnly, snapbackMinutes, active } = stored
  return {
    ...{ name, mode, feederId, window, timeZone, limitKw, direction, targetShedKw, priceBrlPerKwh, elasticity },
    ...{ incentiveBrlPerKwh, penaltyBrlPerKwh, enrolledOnly, snapbackMinutes, active },
  }
}
