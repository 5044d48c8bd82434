import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { alertFile, alertText, folder, unescaped } from './alert-files.ts'
import { alertRules } from './alert-rules.ts'

describe('the file of alert rules', () => {
  const text = readFileSync(alertFile, 'utf8')

  it('is what the code makes: npm run grafana makes it anew', () => assert.equal(text, alertText()))

  it('has every rule, in the folder of the dashboards', () => {
    const { groups } = parse(text) as { groups: { folder: string; rules: { uid: string }[] }[] }
    assert.deepEqual(
      groups.map((group) => group.folder),
      [folder],
    )
    assert.deepEqual(
      groups[0]!.rules.map(({ uid }) => uid),
      alertRules.map(({ uid }) => uid),
    )
  })

  it('holds no "$" that Grafana would put its environment in for', () => {
    assert.equal(text.replaceAll('$$', '').includes('$'), false)
    assert.match(unescaped(text), / \$A > 300/)
    assert.match(unescaped(text), /\$__timeTo\(\)::timestamptz/)
  })
})
