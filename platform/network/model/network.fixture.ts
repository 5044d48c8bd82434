import type { NetworkHistory, Source, Switch, SwitchOperation, Validity } from './network.ts'
import { phasesOf } from './phases.ts'

const always: Validity = { from: -Infinity, until: Infinity }

export const source = (
  sourceId: string,
  sectionId: string,
  { phases = 'ABC', ...period }: { phases?: string } & Partial<Validity> = {},
): Source & Validity => ({
  ...{ sourceId, sectionId, phases: phasesOf(phases), feederId: sourceId, substationId: null, ...always, ...period },
})

/** A switch between two sections, written `a1-a2`; closed normally unless it is a tie. */
export function line(
  switchId: string,
  between: string,
  { phases = 'ABC', tie = false, ...period }: { phases?: string; tie?: boolean } & Partial<Validity> = {},
): Switch & Validity {
  const [sectionA = '', sectionB = ''] = between.split('-')
  const normallyClosed = !tie
  return {
    switchId,
    sectionA,
    sectionB,
    normallyClosed,
    loadBreak: true,
    phases: phasesOf(phases),
    ...always,
    ...period,
  }
}

/** How a switch stands from an instant on; closed in these phases, or open. */
export const operation = (
  switchId: string,
  at: number,
  closed: string,
  { source = 'event', reference = '' }: Partial<Pick<SwitchOperation, 'source' | 'reference'>> = {},
): SwitchOperation => ({ switchId, at, closed: phasesOf(closed), source, reference })

/** Two feeders of three sections each, joined at their ends by a tie. */
export const twoFeeders: NetworkHistory = {
  sources: [source('f1', 'a1'), source('f2', 'b1')],
  switches: [
    ...[line('sw-a', 'a1-a2'), line('sw-aa', 'a2-a3'), line('sw-b', 'b1-b2'), line('sw-bb', 'b2-b3')],
    line('tie', 'a3-b3', { tie: true }),
  ],
}
