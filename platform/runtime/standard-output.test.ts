import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'
import { describe, it } from 'mocha'

const endless = `
  import { endWithReader } from ${JSON.stringify(join(import.meta.dirname, 'standard-output.js'))}
  endWithReader()
  const write = (error) => { if (!error) process.stdout.write('line\\n'.repeat(1000), write) }
  write()`

describe('standard output', function () {
  this.timeout(30_000)

  it('ends its process quietly when nobody reads it any more', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', endless], { stdio: ['ignore', 'pipe', 'pipe'] })
    await once(child.stdout, 'data')
    child.stdout.destroy()
    const [[code], complaints] = await Promise.all([once(child, 'close'), text(child.stderr)])
    assert.deepEqual([code, complaints], [0, ''])
  })
})
