import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { NodeStatus } from 'node-red'
import { StatusLine } from './status-line.ts'
import { waitUntil } from './waiting.fixture.ts'

describe('a status line', () => {
  let shown: { text: string; at: number }[]
  let line: StatusLine

  beforeEach(() => {
    shown = []
    line = new StatusLine((status: NodeStatus) =>
      shown.push({ text: (status as { text: string }).text, at: performance.now() }),
    )
  })
  afterEach(() => line.close())

  const texts = () => shown.map(({ text }) => text)

  it('shows the first at once, and of those that follow within a second the last', async () => {
    for (let count = 1; count <= 1_000; count++) line.show('green', 'dot', `${count} stored`)
    assert.deepEqual(texts(), ['1 stored'])
    await waitUntil('the last', () => shown.length === 2)
    assert.deepEqual(texts(), ['1 stored', '1000 stored'])
    assert.ok(shown[1]!.at - shown[0]!.at >= 950)
  })

  it('puts into words only what it shows', async () => {
    let asked = 0
    for (let count = 1; count <= 1_000; count++) line.show('green', 'dot', () => `${++asked}: ${count} stored`)
    await waitUntil('the last', () => shown.length === 2)
    assert.deepEqual(texts(), ['1: 1 stored', '2: 1000 stored'])
  })

  it('does not repeat what it shows', async () => {
    line.show('green', 'dot', 'connected')
    line.show('green', 'dot', 'connected')
    await sleep(1_100)
    line.show('green', 'dot', 'connected')
    assert.deepEqual(texts(), ['connected'])
  })

  it('shortens what the editor has no room for', () => {
    line.show('red', 'ring', 'x'.repeat(200))
    assert.equal(texts()[0]!.length, 80)
    assert.ok(texts()[0]!.endsWith('…'))
  })

  it('is silent once closed', async () => {
    line.show('green', 'dot', 'connected')
    line.show('yellow', 'ring', 'disconnected')
    line.close()
    line.show('red', 'ring', 'late word')
    await sleep(1_100)
    assert.deepEqual(texts(), ['connected'])
  })
})
