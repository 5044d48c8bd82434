import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { effectScope, nextTick, ref } from 'vue'
import { useSettled } from './settled.ts'

describe('what somebody types', () => {
  it('is taken once they pause, and only as it stands then', async () => {
    const typed = ref('s')
    const scope = effectScope()
    const settled = scope.run(() => useSettled(() => typed.value, 20))!
    assert.equal(settled.value, 's')
    for (const text of ['sw', 'sw-']) {
      typed.value = text
      await nextTick()
    }
    assert.equal(settled.value, 's')
    while (settled.value === 's') await sleep(5)
    assert.equal(settled.value, 'sw-')
    scope.stop()
  })
})
