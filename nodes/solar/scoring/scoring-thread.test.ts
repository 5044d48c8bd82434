import assert from 'node:assert/strict'

describe('the scoring thread', () => {
  it('runs nowhere else: what it does would stop all other work', async () => {
    await assert.rejects(import('./scoring-thread.ts'), { message: /runs in a thread of its own/ })
  })
})
