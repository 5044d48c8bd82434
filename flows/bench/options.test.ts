import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { parts, readOptions } from './options.ts'

describe('the command line of the benchmark', () => {
  it('measures everything, half a minute a confirmation, unless told otherwise', () => {
    const options = readOptions([])!
    assert.deepEqual([...options.parts], [...parts])
    assert.equal(options.seconds.confirm, 30)
    assert.equal(options.soakMinutes, 0)
  })

  it('--quick searches coarsely, confirms nothing, and shortens the rest', () => {
    const [usual, quick] = [readOptions([])!, readOptions(['--quick'])!]
    assert.ok(quick.within > usual.within)
    assert.equal(quick.seconds.confirm, 0)
    for (const run of ['paced', 'kill'] as const) assert.ok(quick.seconds[run] < usual.seconds[run], run)
  })

  it('--only takes parts by name', () => {
    assert.deepEqual([...readOptions(['--only', 'stock,kill'])!.parts], ['stock', 'kill'])
    assert.throws(() => readOptions(['--only', 'speed']), /--only speed: it takes ingest, stock/)
  })

  it('--minutes alone watches the memory and measures nothing else', () => {
    const soak = readOptions(['--minutes', '10'])!
    assert.deepEqual([soak.soakMinutes, soak.parts.size], [10, 0])
    assert.equal(readOptions(['--minutes', '1', '--only', 'ingest'])!.parts.size, 1)
    for (const bad of ['0', '-1', 'ten', '', '1e9'])
      assert.throws(() => readOptions([`--minutes=${bad}`]), new RegExp(`--minutes ${bad}: it takes`))
  })

  it('refuses what it does not know', () => {
    assert.throws(() => readOptions(['--fast']), /--fast/)
    assert.equal(readOptions(['--help']), undefined)
  })
})
