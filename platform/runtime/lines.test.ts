import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { oneLine, onLines } from './lines.ts'
import { nodeRedLogLine } from './node-red-log.ts'

describe('oneLine', () => {
  it('joins lines, without the space around them', () => {
    assert.equal(oneLine(' a\n  at b\r\n\n c \n'), 'a | at b | c')
  })

  it('cuts what is too long and says how long it was', () => {
    assert.equal(oneLine('x'.repeat(4_000)).length, 4_000)
    const cut = oneLine('x'.repeat(5_000))
    assert.equal(cut, `${'x'.repeat(4_000)}… (5000 characters)`)
  })
})

describe('onLines', () => {
  let stream: PassThrough
  let lines: string[]
  beforeEach(() => {
    lines = []
    stream = new PassThrough()
    onLines(stream, (line) => lines.push(line))
  })
  async function end(): Promise<string[]> {
    stream.end()
    await once(stream, 'end')
    return lines
  }

  it('puts lines together however they are cut, bytes of one character too', async () => {
    const bytes = Buffer.from('tensão\n\n  \nsem fim')
    for (const byte of bytes) stream.write(Buffer.of(byte))
    assert.deepEqual(await end(), ['tensão', 'sem fim'])
  })

  it('takes several lines at once', async () => {
    stream.write('a\nb\nc')
    stream.write('d\n')
    assert.deepEqual(await end(), ['a', 'b', 'cd'])
  })

  it('keeps of a line without end no more than it shows, and goes on with the next', async () => {
    for (let piece = 0; piece < 100; piece++) stream.write('x'.repeat(10_000))
    stream.write('\nnext\n')
    const [long, next] = await end()
    assert.ok(long!.startsWith('x'.repeat(4_000)) && long!.length < 4_100)
    assert.equal(next, 'next')
  })
})

describe('nodeRedLogLine', () => {
  it('names level and node', () => {
    assert.equal(
      nodeRedLogLine({ level: 30, msg: 'slow', type: 'mqtt in', name: 'field', id: 'a1' }),
      '[warn] [mqtt in:field] slow',
    )
    assert.equal(nodeRedLogLine({ level: 20, msg: 'no', type: 'mqtt in', id: 'a1' }), '[error] [mqtt in:a1] no')
    assert.equal(nodeRedLogLine({ level: 99, msg: 'metric' }), '[info] metric')
  })

  it('is one line of an error with its stack, and of an object', () => {
    const line = nodeRedLogLine({ level: 10, msg: new Error('out of memory') })
    assert.match(line, /^\[fatal\] Error: out of memory \| at /)
    assert.ok(!line.includes('\n'))
    assert.equal(
      nodeRedLogLine({ level: 50, msg: { code: 'E1', list: [1, 2] } }),
      "[debug] { code: 'E1', list: [ 1, 2 ] }",
    )
    assert.equal(nodeRedLogLine({ level: 60 }), '[trace] undefined')
  })
})
