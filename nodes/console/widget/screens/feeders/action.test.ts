import assert from 'node:assert/strict'
import { ApiFault } from '../../connection/api.ts'
import { useAction } from './action.ts'

describe('what a user does through the API', () => {
  it('says why it was refused, until it is tried again', async () => {
    const { act, fault, isActing } = useAction()
    const refused = act(() => Promise.reject(new ApiFault(409, 'beyond the limit')))
    assert.equal(isActing.value, true)
    assert.equal(await refused, false)
    assert.deepEqual([isActing.value, fault.value?.message], [false, 'beyond the limit'])
    assert.equal(await act(() => Promise.resolve()), true)
    assert.equal(fault.value, undefined)
  })

  it('is done once, however often somebody clicks', async () => {
    const { act } = useAction()
    let done = 0
    const doing = (): Promise<void> => {
      done += 1
      return Promise.resolve()
    }
    assert.deepEqual(await Promise.all([act(doing), act(doing)]), [true, false])
    assert.equal(done, 1)
  })

  it('lets through what is no answer of the API', async () => {
    await assert.rejects(
      useAction().act(() => Promise.reject(new TypeError('ours'))),
      TypeError,
    )
  })
})
