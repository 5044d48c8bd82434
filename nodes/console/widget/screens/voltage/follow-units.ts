import { effectScope, onScopeDispose, shallowRef, type ShallowRef, watch } from 'vue'
import type { LiveVoltageUnit } from '../../../../../platform/wire/live.ts'
import type { LiveStore, LiveView } from '../../connection/live-store.ts'

type Units = LiveView<LiveVoltageUnit>
const nothing: Units = { values: new Map(), isKnown: false }

/**
 * Follows the voltage of the units that are asked for now, and of no others: a network may have 100,000.
 * @param unitIds  reads what it depends on; of more than 500 the first ones are followed
 */
export function followUnits(live: Pick<LiveStore, 'follow'>, unitIds: () => readonly string[]): ShallowRef<Units> {
  const units = shallowRef(nothing)
  let scope = effectScope(true)
  watch(
    () => [...new Set(unitIds())].slice(0, 500).toSorted().join('\n'),
    (joined) => {
      scope.stop()
      units.value = nothing
      scope = effectScope(true)
      if (joined === '') return
      scope.run(() => {
        const view = live.follow('voltage', { filter: { keys: joined.split('\n') } })
        watch(view, (now) => (units.value = now), { immediate: true })
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => scope.stop())
  return units
}
