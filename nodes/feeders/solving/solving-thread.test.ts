import assert from 'node:assert/strict'

describe('the solving thread', () => {
  it('runs nowhere else: what it solves would stop all other work', async () => {
    await assert.rejects(import('./solving-thread.ts'), { message: /runs in a thread of its own/ })
  })
})
