import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

describe('a closed process', () => {
  it('reaches nothing outside', () => {
    const script = `
      import { closeProcess } from ${JSON.stringify(new URL('closed-process.js', import.meta.url).href)}
      import net from 'node:net'
      import dgram from 'node:dgram'
      import { exec } from 'node:child_process'
      closeProcess()
      const attempts = [
        () => net.connect(1, '127.0.0.1'),
        () => net.createServer().listen(0, '127.0.0.1'),
        () => dgram.createSocket('udp4').send('x', 1, '127.0.0.1'),
        () => exec('true'),
        () => fetch('http://127.0.0.1:12345'),
      ]
      for (const attempt of attempts) {
        try { await attempt(); console.log('went through') } catch (error) { console.log((error.cause ?? error).message) }
      }
      process.exit()`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    const lines = stdout.trim().split('\n')
    assert.equal(lines.length, 5)
    for (const line of lines) assert.match(line, /^a trial reaches nothing outside: .* is refused$/)
  })
})
