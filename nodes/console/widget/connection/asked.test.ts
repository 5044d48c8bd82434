import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { effectScope, nextTick, ref } from 'vue'
import { ApiFault } from './api.ts'
import { useAsked, type Asked } from './asked.ts'

const settled = (): Promise<void> => sleep(0)

describe('what a page asks of the API', () => {
  it('is asked at once, and anew when what it is about changes; only the newest question counts', async () => {
    const feeder = ref('f1')
    const answers: ((text: string) => void)[] = []
    const scope = effectScope()
    const { answer, isAsking } = scope.run(() =>
      useAsked((signal) => {
        void feeder.value
        return new Promise<string>((resolve, reject) => {
          answers.push(resolve)
          signal.addEventListener('abort', () => reject(new ApiFault(0, 'left')))
        })
      }),
    )!
    assert.deepEqual([answers.length, isAsking.value], [1, true])
    feeder.value = 'f2'
    await nextTick()
    assert.equal(answers.length, 2)
    answers[0]!('of f1')
    answers[1]!('of f2')
    await settled()
    assert.deepEqual([answer.value, isAsking.value], ['of f2', false])
    scope.stop()
  })

  it('keeps what stood when it is asked again in vain, and says why', async () => {
    let isUp = true
    const scope = effectScope()
    const { answer, fault, again } = scope.run(() =>
      useAsked(async () => {
        if (!isUp) throw new ApiFault(503, 'away')
        return 1
      }),
    )!
    await settled()
    isUp = false
    await again()
    assert.deepEqual([answer.value, fault.value?.message], [1, 'away'])
    isUp = true
    await again()
    assert.deepEqual([answer.value, fault.value], [1, undefined])
    scope.stop()
  })

  it('is asked again every so often while somebody may be looking, and no more when they have left', async () => {
    let [asked, isVisible] = [0, false]
    const scope = effectScope()
    const options = { everyMs: 5, isVisible: () => isVisible }
    scope.run((): Asked<number> => useAsked(async () => (asked += 1), options))
    for (let turn = 0; turn < 5; turn += 1) await sleep(5)
    assert.equal(asked, 1)
    isVisible = true
    while (asked < 3) await sleep(5)
    scope.stop()
    const before = asked
    for (let turn = 0; turn < 5; turn += 1) await sleep(5)
    assert.equal(asked, before)
  })

  it('is not asked where there is nothing to ask', async () => {
    const scope = effectScope()
    const { answer, isAsking } = scope.run(() => useAsked(() => undefined))!
    await settled()
    assert.deepEqual([answer.value, isAsking.value], [undefined, false])
    scope.stop()
  })
})
