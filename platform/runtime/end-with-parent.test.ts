import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

const loaded = new URL('end-with-parent.js', import.meta.url).href

describe('end-with-parent', function () {
  this.timeout(60_000)
  let child: ChildProcess
  afterEach(() => child.kill('SIGKILL'))

  async function start(script: string): Promise<void> {
    child = spawn(process.execPath, ['--import', loaded, '-e', `${script}; process.send('up')`], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await once(child, 'message')
  }

  it('ends a process whose parent has gone', async () => {
    await start('setInterval(() => {}, 1e6)')
    child.disconnect()
    assert.deepEqual(await once(child, 'exit'), [null, 'SIGTERM'])
  })

  it('lets it end in its own way', async () => {
    await start(`setInterval(() => {}, 1e6); process.once('SIGTERM', () => process.exit(7))`)
    child.disconnect()
    assert.deepEqual(await once(child, 'exit'), [7, null])
  })

  it('keeps no process running that has nothing more to do', async () => {
    await start(`setImmediate(() => process.channel.unref())`)
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })
})
