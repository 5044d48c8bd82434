import { rulesArea, type ConditionArea, type KindOf } from '../../../platform/wire/condition-kinds.ts'
import { alarmsDefaults } from './default-alarms.ts'
import { anyDefault, rulesDefault } from './default-any.ts'
import { defaultClasses } from './default-classes.ts'
import { commandsDefaults } from './default-commands.ts'
import { continuityDefaults } from './default-continuity.ts'
import type { DefaultEntry } from './default-entry.ts'
import { feedersDefaults } from './default-feeders.ts'
import { platformDefaults } from './default-platform.ts'
import { solarDefaults } from './default-solar.ts'
import { telemetryDefaults } from './default-telemetry.ts'
import { voltageDefaults } from './default-voltage.ts'
import type { AlarmDefinition, AlarmScope, MasterTable } from './definition.ts'
import { masterTable } from './master-table.ts'

/** An entry for every kind of every area: a kind without one does not compile. */
const defaultsByArea: { readonly [Area in ConditionArea]: Readonly<Record<KindOf<Area>, DefaultEntry>> } = {
  alarms: alarmsDefaults,
  commands: commandsDefaults,
  continuity: continuityDefaults,
  feeders: feedersDefaults,
  solar: solarDefaults,
  platform: platformDefaults,
  telemetry: telemetryDefaults,
  voltage: voltageDefaults,
}

const anywhere: AlarmScope = { area: null, kind: null, feederId: null, subject: null }

/** The master alarm table as it is shipped: an entry for each kind, one for rules, and one for whatever else is said. */
export const defaultDefinitions: readonly AlarmDefinition[] = [
  ...Object.entries(defaultsByArea).flatMap(([area, entries]) =>
    Object.entries(entries).map(([kind, entry]) => ({ scope: { ...anywhere, area, kind }, ...entry })),
  ),
  { scope: { ...anywhere, area: rulesArea }, ...rulesDefault },
  { scope: anywhere, ...anyDefault },
]

export const defaultTable: MasterTable = masterTable(0, defaultDefinitions, defaultClasses)
