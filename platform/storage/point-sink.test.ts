import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { requestsOf, writeInTurn, type PointSink } from './point-sink.ts'

const { signal } = new AbortController()
const rows = Array.from({ length: 12_000 }, (_, n) => n)
async function* asked(...requests: string[][]): AsyncGenerator<string[]> {
  yield* requests
}

describe('requests of points', () => {
  it('are of 5,000 rows at most, each with its lines, however many', () => {
    const requests = [...requestsOf(rows, (n) => (n % 2 ? [`a ${n}`, `b ${n}`] : n === 0 ? undefined : `c ${n}`))]
    assert.deepEqual(
      requests.map(({ length }) => length),
      [7_499, 7_500, 3_000],
    )
    assert.deepEqual(requests[0]!.slice(0, 3), ['a 1', 'b 1', 'c 2'])
  })

  it('are written one after the other, and summed up with the first reason', async () => {
    let open = 0
    const sink: PointSink = {
      async write(lines) {
        assert.equal(++open, 1)
        await new Promise((resolve) => setImmediate(resolve))
        open--
        return { written: lines.length - 1, refused: 1, reason: `of ${lines[0]}` }
      },
    }
    assert.deepEqual(await writeInTurn(sink, asked(['x', 'y'], ['z']), signal), {
      ...{ written: 1, refused: 2, reason: 'of x' },
    })
  })

  it('end with the first that nobody confirmed', async () => {
    const written: string[] = []
    const sink: PointSink = {
      async write([line]) {
        if (line === 'b') throw new Error('away')
        written.push(line!)
        return { written: 1, refused: 0 }
      },
    }
    await assert.rejects(writeInTurn(sink, asked(['a'], ['b'], ['c']), signal), /away/)
    assert.deepEqual(written, ['a'])
  })
})
