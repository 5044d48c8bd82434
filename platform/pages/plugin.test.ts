import assert from 'node:assert/strict'
import type { NodeAPI } from 'node-red'
import register from './plugin.ts'

describe('the plugin of the pages', () => {
  it('says that there are none where Node-RED runs without our settings', () => {
    const warnings: string[] = []
    let added: (() => void) | undefined
    register({
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd: () => void }) => (added = onadd) },
      log: { warn: (line: string) => warnings.push(line) },
      httpNode: { use: () => assert.fail('nothing is mounted') },
    } as unknown as NodeAPI)
    added!()
    assert.deepEqual(warnings, ['no pages: this Node-RED runs without the settings of Linha Viva'])
  })
})
