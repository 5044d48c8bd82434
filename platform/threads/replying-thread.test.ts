import assert from 'node:assert/strict'
import { ReplyingThread } from './replying-thread.ts'
import type { Asked } from './replying-thread.fixture.ts'

interface Doubled {
  readonly kind: 'doubled'
  readonly doubled: Float64Array
}

const file = new URL('./replying-thread.fixture.js', import.meta.url)
/** Long enough for a busy machine, and only waited for where something hangs. */
const patientMs = 30_000
const asked = (what: Asked['do'], ...numbers: number[]): Asked => ({ do: what, numbers: Float64Array.from(numbers) })

describe('a thread that replies', function () {
  this.timeout(60_000)
  let thread: ReplyingThread<Asked, Doubled>
  beforeEach(() => {
    thread = new ReplyingThread(file, { name: 'the doubling thread', mostHeapMb: 64 })
  })
  afterEach(() => thread.end('the test is over'))

  it('says a reply for each request, in their order, with the buffers that are transferred', async () => {
    await thread.ready(patientMs)
    await thread.ready(patientMs)
    const [one, other] = [asked('double', 1, 2), asked('double', 3)]
    thread.post(one, [one.numbers.buffer])
    thread.post(other)
    assert.equal(one.numbers.length, 0, 'the buffer has changed hands')
    assert.equal(other.numbers.length, 1)
    const replies = [await thread.reply(patientMs, 'no reply'), await thread.reply(patientMs, 'no reply')]
    assert.deepEqual(
      replies.map(({ doubled }) => [...doubled]),
      [[2, 4], [6]],
    )
    assert.equal(thread.hasFailed, false)
  })

  it('that says nothing in time fails with what it was to say', async () => {
    await thread.ready(patientMs)
    thread.post(asked('hang'))
    await assert.rejects(thread.reply(100, 'nothing doubled within 100 ms'), {
      name: 'ThreadFailed',
      message: 'nothing doubled within 100 ms',
    })
  })

  it('that has not begun in time fails', () =>
    assert.rejects(thread.ready(1), { name: 'ThreadFailed', message: 'the doubling thread has not begun' }))

  for (const [what, message] of [
    ['throw', /^out of its mind$/],
    ['exit', /^the doubling thread ended with code 7$/],
    ['eat', /memory/],
  ] as const)
    it(`that comes to its end fails with the reason, now and later: ${what}`, async () => {
      await thread.ready(patientMs)
      thread.post(asked(what))
      await assert.rejects(thread.reply(patientMs, 'no reply'), { name: 'ThreadFailed', message })
      assert.equal(thread.hasFailed, true)
      await assert.rejects(thread.reply(patientMs, 'no reply'), { name: 'ThreadFailed', message })
    })

  it('that is ended refuses who waits', async () => {
    await thread.ready(patientMs)
    thread.post(asked('hang'))
    const waiting = assert.rejects(thread.reply(patientMs, 'no reply'), { message: 'closed' })
    await thread.end('closed')
    await waiting
  })
})
