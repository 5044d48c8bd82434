import type { AlarmDefinition } from './definition.ts'
import type { DefaultClass } from './default-classes.ts'

/** An entry as it is shipped: its place in the table of its area is its scope. */
export type DefaultEntry = Omit<AlarmDefinition, 'scope' | 'className'> & { readonly className: DefaultClass }

/** What most entries have in common. */
export const usual = {
  ...{ setPoint: null, deadband: null, onDelayMs: 0, offDelayMs: 0, latching: null, reAlarmMs: null },
  ...{ explainedBy: [], enabled: true },
} as const satisfies Partial<DefaultEntry>
