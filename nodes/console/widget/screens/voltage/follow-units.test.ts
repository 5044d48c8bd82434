import assert from 'node:assert/strict'
import { effectScope, nextTick, onScopeDispose, ref, shallowRef } from 'vue'
import type { LiveStore } from '../../connection/live-store.ts'
import { followUnits } from './follow-units.ts'

describe('following the voltage of units', () => {
  it('asks for those that are wanted now, one subscription at a time', async () => {
    const followed: (readonly string[])[] = []
    let open = 0
    const view = shallowRef({ values: new Map<string, unknown>(), isKnown: false })
    const live = {
      follow: (_topic: string, { filter }: { filter: { keys: readonly string[] } }) => {
        followed.push(filter.keys)
        open++
        onScopeDispose(() => open--)
        return view
      },
    } as unknown as LiveStore
    const wanted = ref<string[]>([])
    const page = effectScope(true)
    const units = page.run(() => followUnits(live, () => wanted.value))!
    assert.deepEqual([followed, units.value.isKnown], [[], false])

    wanted.value = ['unit-2', 'unit-1', 'unit-2']
    await nextTick()
    assert.deepEqual([followed, open], [[['unit-1', 'unit-2']], 1])
    view.value = { values: new Map([['unit-1', {}]]), isKnown: true }
    await nextTick()
    assert.equal(units.value.values.size, 1)

    wanted.value = ['unit-1', 'unit-2']
    await nextTick()
    assert.equal(followed.length, 1)
    wanted.value = Array.from({ length: 600 }, (_, index) => `unit-${index}`)
    await nextTick()
    assert.deepEqual([followed.length, followed[1]!.length, open], [2, 500, 1])
    page.stop()
    assert.equal(open, 0)
  })
})
